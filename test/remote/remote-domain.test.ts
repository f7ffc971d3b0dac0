import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DomainProfile } from '../../src-main/contract/domain'
import {
  FolderPath,
  MountName,
  SecretData,
  SecretPath,
  VaultId,
  type EpochMs,
} from '../../src-main/contract/model'
import type { StepResult } from '../../src-main/contract/connection-test'
import { systemClock, systemRandom } from '../../src-main/env'
import type { KeyPair } from '../../src-main/http/listener'
import { testConnection } from '../../src-main/remote/connection-test'
import { maxEntries } from '../../src-main/remote/listing-limits'
import { RemoteDomain } from '../../src-main/remote/remote-domain'
import { ApiUnderTest } from '../http/api-under-test'
import { behaviours, HostileServer, type Behaviour } from '../support/hostile-server'
import { ManualTimers } from '../support/manual-timers'
import { certificateOrToken, goodToken } from '../support/mtls-listener'
import { TestAuthority, type ClientPair } from '../support/tls-identities'

let authority: TestAuthority
let stranger: TestAuthority
let identity: KeyPair
let client: ClientPair
let api: ApiUnderTest
let server: HostileServer
const ended: (() => unknown)[] = []

beforeAll(async () => {
  // The certificates name no domain: each test has a vault of its own.
  const nobody = VaultId.parse('00000000-0000-0000-0000-000000000000')
  authority = await TestAuthority.create(nobody)
  stranger = await TestAuthority.create(nobody, 'Stranger')
  identity = await authority.server()
  client = await authority.client()
})
beforeEach(async () => {
  api = await ApiUnderTest.create(certificateOrToken)
  server = await HostileServer.listen({ identity })
  server.behave = honest
})
afterEach(async () => {
  for (const end of ended.splice(0)) await end()
  await server.close()
  api.close()
})

/** Does what Coffret's own API does, over this server. */
const honest: Behaviour = async (response, { method, target, headers, body, hasCertificate }) => {
  const plain = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' && !/^(connection|host|content-length)$/.test(name)
      ? [[name, value] as [string, string]]
      : [],
  )
  const request = new Request('http://coffret.test/', {
    ...{ method, headers: plain },
    ...(body === '' ? {} : { body }),
  })
  const certificate = hasCertificate ? { peerCertificate: new Uint8Array([1]) } : {}
  const reply = await api.api.fetch(request, { rawTarget: target, ...certificate })
  response.writeHead(reply.status, Object.fromEntries(reply.headers))
  response.end(await reply.text())
}

/** Does what it is asked, and something else instead of the answer to one kind of request. */
const after =
  (wanted: RegExp, instead: Behaviour): Behaviour =>
  async (response, request, count) => {
    if (!wanted.test(`${request.method} ${request.target}`)) {
      return honest(response, request, count)
    }
    const nobody = { writeHead: () => nobody, end: () => undefined }
    await honest(nobody as never, request, count)
    await instead(response, request, count)
  }

/** The same without doing it. */
const insteadOf =
  (wanted: RegExp, instead: Behaviour): Behaviour =>
  (response, request, count) =>
    wanted.test(`${request.method} ${request.target}`)
      ? instead(response, request, count)
      : honest(response, request, count)

function profileOf(more: Record<string, unknown> = {}) {
  return DomainProfile.parse({
    ...{ id: api.vault.id, label: 'test', kind: 'okms-rest', address: server.address },
    ...{ authorities: { kind: 'own', pem: authority.pem, withPublic: false } },
    ...{ auth: 'certificate', okmsId: api.vault.id, ...more },
  })
}
const vaultProfile = (more: Record<string, unknown> = {}) => {
  const { id, label, address, authorities, auth } = profileOf()
  return DomainProfile.parse({ id, label, address, authorities, auth, kind: 'vault', ...more })
}
const secretOf = () => ({ kind: 'certificate', ...client }) as const
const environment = () => ({
  clock: systemClock,
  random: systemRandom,
  // Waits between tries are over at once; deadlines stand.
  after: new ManualTimers((ms) => ms <= 8000).after,
})

function open(profile = profileOf(), clock = systemClock) {
  const domain = new RemoteDomain(profile, secretOf(), { ...environment(), clock })
  ended.push(() => domain.close())
  return domain
}

const secretMount = { name: MountName.parse('secret'), version: 2 } as const
const kvMount = { name: MountName.parse('kv'), version: 1 } as const
const x = SecretPath.parse('app/x')
const data = (text: string) => SecretData.parse(text)
const root = FolderPath.parse('')

const ways = [
  ['OKMS REST', () => open().store(secretMount)],
  ['OKMS KV2', () => open(profileOf({ kind: 'okms-kv2' })).store(secretMount)],
  ['Vault KV2', () => open(vaultProfile()).store(secretMount)],
] as const

describe.each(ways)('R-04: when a reply is lost, over %s', (_name, store) => {
  const writes = /^(POST|PUT|PATCH) .*(data|secret)/
  const changes = () => server.seen.filter(({ method }) => method !== 'GET')

  test.each([
    ['resets', behaviours.resets()],
    ['breaks off', behaviours.resetsInBody()],
    ['answers 502', behaviours.answers('', 502)],
    ['shows a page', behaviours.html()],
    ['lies about the length', behaviours.liesAboutLength()],
  ])('a write that was done and then %s is done, once', async (_what, instead) => {
    const target = store()
    await target.write(x, { mode: 'upsert', data: data('{"a":1}') })
    const before = changes().length
    server.behave = after(writes, instead)
    const outcome = await target.write(x, { mode: 'upsert', data: data('{"a":2}'), cas: 1 })
    expect(outcome.version?.version).toBe(2)
    expect(changes().length).toBe(before + 1)
    server.behave = honest
    expect(await target.readMetadata(x)).toMatchObject({ currentVersion: 2 })
  })

  test('a version that was added without an answer is added, once', async () => {
    const target = store()
    // A Vault server is logged in to first.
    await target.listAll()
    const add = (cas: number, text: string) => target.addVersion(x, { data: data(text), cas })
    for (const cas of [0, 1]) {
      const before = changes().length
      server.behave = after(writes, behaviours.resets())
      expect(await add(cas, `{"a":${cas}}`)).toBe(cas + 1)
      expect(changes().length).toBe(before + 1)
    }
    // Other data under that number is not ours.
    await expect(add(1, '{"b":1}')).rejects.toMatchObject({ reason: 'no_reply' })
    server.behave = honest
    expect(await target.readMetadata(x)).toMatchObject({ currentVersion: 2 })
  })

  test('a write that was not done fails, and is not sent again', async () => {
    const target = store()
    await target.write(x, { mode: 'upsert', data: data('{"a":1}') })
    const before = changes().length
    server.behave = insteadOf(writes, behaviours.resets())
    const write = target.write(x, { mode: 'upsert', data: data('{"a":2}') })
    await expect(write).rejects.toMatchObject({ reason: 'no_reply' })
    expect(changes().length).toBe(before + 1)
    server.behave = honest
    expect(await target.readMetadata(x)).toMatchObject({ currentVersion: 1 })
  })

  test('equal data under another number is not ours', async () => {
    const target = store()
    await target.write(x, { mode: 'upsert', data: data('{"a":1}') })
    server.behave = insteadOf(writes, behaviours.resets())
    const write = target.write(x, { mode: 'upsert', data: data('{"a":1}'), cas: 1 })
    await expect(write).rejects.toMatchObject({ reason: 'no_reply' })
  })

  test('removing and changing a state are looked at too', async () => {
    const target = store()
    await target.write(x, { mode: 'upsert', data: data('{"a":1}') })
    server.behave = after(/^(POST|PUT) /, behaviours.resets())
    expect(await target.setState(x, 'current', 'deactivated')).toMatchObject([{ version: 1 }])
    server.behave = after(/^DELETE /, behaviours.resets())
    await target.remove(x)
    server.behave = honest
    await expect(target.readMetadata(x)).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('R-03: answers that are none', () => {
  test.each([
    ['a page', behaviours.html(), { code: 'invalid', reason: 'not_an_api' }],
    ['a page that says 404', behaviours.html(404), { code: 'invalid', reason: 'not_an_api' }],
    ['other types', behaviours.answers([{ path: 5 }]), { reason: 'wrong_form' }],
    ['an object for a list', behaviours.answers({}), { reason: 'wrong_form' }],
    ['no JSON', behaviours.answers('nothing'), { reason: 'wrong_form' }],
    ['deep JSON', behaviours.answers('['.repeat(100_000)), { reason: 'wrong_form' }],
    ['a circle of pages', behaviours.answers([], 200, { 'x-pagination-cursor-next': 'a' }), {}],
    ['401', behaviours.answers({ errors: ['no'] }, 401), { reason: 'unauthenticated' }],
    ['403', behaviours.answers({ errors: ['no'] }, 403), { reason: 'may_not_list' }],
    ['429', behaviours.answers('', 429), { code: 'busy', reason: 'rate_limited' }],
    ['500', behaviours.answers('', 500), { code: 'internal', reason: 'server_fault' }],
    ['503', behaviours.answers('', 503), { code: 'busy', reason: 'overloaded' }],
    ['a sealed server', behaviours.answers({ errors: ['sealed'] }, 503), { reason: 'sealed' }],
    [
      'a number of the domain',
      behaviours.answers({ error_code: 16_994_305, errors: [] }, 404),
      { code: 'not_found', reason: 'wrong_domain' },
    ],
  ])('%s', async (_name, behaviour, failure) => {
    server.behave = behaviour
    await expect(open().store(secretMount).listAll()).rejects.toMatchObject(failure)
  })

  test('the wrong domain is no empty one', async () => {
    server.behave = behaviours.answers({ error_code: 16_994_305, errors: [] }, 404)
    const kv2 = open(profileOf({ kind: 'okms-kv2' })).store(secretMount)
    await expect(kv2.list(root)).rejects.toMatchObject({ reason: 'wrong_domain' })
  })

  test('pages without an end are left', async () => {
    const time = '2026-02-03T10:15:30Z'
    const metadata = { currentVersion: 1, oldestVersion: 0, createdAt: time, updatedAt: time }
    const rows = Array.from({ length: 20_000 }, (_, n) => ({ path: `p${n}`, metadata }))
    const page = JSON.stringify(rows)
    server.behave = behaviours.endlessPages(page)
    await expect(open().store(secretMount).listAll()).rejects.toMatchObject({ reason: 'too_much' })
    expect(server.seen.length).toBe(maxEntries / 20_000 + 1)
  })

  test('a million names in one answer are refused', async () => {
    const keys = Array.from({ length: 1_000_000 }, (_, n) => `n${n}`)
    server.behave = behaviours.answers({ data: { keys } })
    const kv1 = open(vaultProfile()).store(kvMount)
    await expect(kv1.list(root)).rejects.toMatchObject({ reason: 'too_much' })
  })
})

describe('rights', () => {
  test('who may list and not read hears which right is missing', async () => {
    const target = open().store(secretMount)
    await target.write(x, { mode: 'upsert', data: data('{"a":1}') })
    server.behave = insteadOf(/includeData=true/, behaviours.answers({ errors: ['no'] }, 403))
    expect((await target.listAll()).items.length).toBe(1)
    await expect(target.readVersion(x)).rejects.toMatchObject({
      code: 'forbidden',
      reason: 'may_not_read_data',
    })
    server.behave = insteadOf(/^(POST|PUT) /, behaviours.answers({ errors: ['no'] }, 403))
    const write = target.write(x, { mode: 'upsert', data: data('{}') })
    await expect(write).rejects.toMatchObject({ reason: 'may_not_write' })
  })

  test('a token that Vault no longer knows is told from a right', async () => {
    server.behave = behaviours.answers({ errors: ['permission denied', 'invalid token'] }, 403)
    const kv2 = open(vaultProfile()).store(secretMount)
    await expect(kv2.readVersion(x)).rejects.toMatchObject({ reason: 'unauthenticated' })
  })
})

describe('a Vault server with certificates', () => {
  test('is logged in to once, and again when the token has ended', async () => {
    let token = 0
    server.behave = (response, request, count) => {
      const { target, headers } = request
      if (target === '/v1/auth/cert/login') {
        token += 1
        return behaviours.answers({ auth: { client_token: `t${token}` } })(response, request, count)
      }
      const isGood = headers['x-vault-token'] === `t${token}` && (token > 1 || count < 4)
      const answer = isGood ? { data: { keys: [] } } : { errors: ['permission denied'] }
      return behaviours.answers(answer, isGood ? 200 : 403)(response, request, count)
    }
    const kv1 = open(vaultProfile()).store(kvMount)
    await kv1.list(root)
    await kv1.list(root)
    expect(token).toBe(1)
    await kv1.list(root)
    await kv1.list(root)
    expect(token).toBe(2)
  })

  test('that refuses the certificate is told from one that takes it without a login', async () => {
    const refusal = { errors: ['invalid certificate or no client certificate supplied'] }
    server.behave = behaviours.answers(refusal, 400)
    await expect(open(vaultProfile()).mounts()).rejects.toMatchObject({
      ...{ code: 'forbidden', reason: 'certificate_refused' },
    })
    server.behave = honest
    expect((await open(vaultProfile()).mounts()).length).toBe(2)
  })

  test('that knows no such token is not taken for one without mounts', async () => {
    server.behave = behaviours.answers({ errors: ['permission denied'] }, 403)
    const profile = vaultProfile({ auth: 'token' })
    const domain = new RemoteDomain(profile, { kind: 'token', token: 'bad' }, environment())
    ended.push(() => domain.close())
    await expect(domain.mounts()).rejects.toMatchObject({ reason: 'unauthenticated' })
  })

  test('namespace and token go along', async () => {
    const profile = vaultProfile({ auth: 'token', namespace: 'team/a' })
    const domain = new RemoteDomain(profile, { kind: 'token', token: goodToken }, environment())
    ended.push(() => domain.close())
    const options = { version: '2' }
    const secret = {
      'team/': { type: 'kv', options },
      'old/': { type: 'kv' },
      'sys/': { type: 'system' },
    }
    server.behave = behaviours.answers({ data: { secret, auth: {} } })
    expect(await domain.mounts()).toEqual([
      { name: 'team', version: 2 },
      { name: 'old', version: 1 },
    ])
    expect(server.seen[0]?.headers).toMatchObject({
      ...{ 'x-vault-token': goodToken, 'x-vault-namespace': 'team/a' },
      'x-vault-request': 'true',
    })
    expect(server.seen[0]?.hasCertificate).toBe(false)
  })
})

describe('R-02: a credential that cannot work is refused before any connection', () => {
  const okmsId = VaultId.parse('5a2b2b1c-0b0a-4f3c-8f39-1b2b6b8f0a11')
  const make = (pair: KeyPair) =>
    new RemoteDomain(profileOf(), { kind: 'certificate', ...pair }, environment())

  test.each<[string, () => Promise<KeyPair>, string]>([
    ['another key', async () => ({ ...client, privateKey: identity.privateKey }), 'key_mismatch'],
    ['a certificate that has ended', () => authority.client(-1), 'certificate_expired'],
    ['one of another domain', () => authority.client(30, okmsId), 'wrong_domain'],
    ['one for servers', async () => identity, 'not_for_clients'],
  ])('%s', async (_name, pair, reason) => {
    const made = await pair()
    expect(() => make(made)).toThrow(expect.objectContaining({ reason }))
    expect(server.connections).toBe(0)
  })

  test('one that is not valid yet', () => {
    const clock = { now: () => 1_000_000_000_000 as EpochMs }
    expect(() => open(profileOf(), clock)).toThrow(
      expect.objectContaining({ reason: 'certificate_not_yet_valid' }),
    )
  })

  test('a token with a line end', () => {
    const profile = profileOf({ auth: 'token' })
    const secret = { kind: 'token', token: 'a\r\nx-evil: 1' } as const
    expect(() => new RemoteDomain(profile, secret, environment())).toThrow(
      expect.objectContaining({ code: 'invalid' }),
    )
  })
})

describe('a list as it arrives', () => {
  test('names come first, then what is known of them, and it can be left', async () => {
    const store = open(vaultProfile()).store(secretMount)
    for (let n = 0; n < 60; n += 1) {
      await store.write(SecretPath.parse(`f${n % 3}/n${n}`), { mode: 'upsert', data: data('{}') })
    }
    const domain = open(vaultProfile())
    const seen: string[] = []
    for await (const arrival of domain.arrivals(secretMount)) {
      const { kind, rows } = arrival
      seen.push(
        `${kind} ${rows.length}${kind === 'facts' ? ` ${arrival.done}/${arrival.total}` : ''}`,
      )
    }
    expect(seen).toEqual(['secrets 60', 'facts 50 50/60', 'facts 10 60/60'])
  })

  test('an abort ends it and the requests under way', async () => {
    const wish = new AbortController()
    server.behave = behaviours.silent()
    const list = open().arrivals(secretMount, wish.signal)
    const first = list.next()
    await expect.poll(() => server.seen.length).toBe(1)
    wish.abort()
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('the connection test', () => {
  const run = async (profile = profileOf(), pair: KeyPair = client) => {
    const results: StepResult[] = []
    const secret = { kind: 'certificate', ...pair } as const
    for await (const one of testConnection(profile, secret, environment())) results.push(one)
    return results
  }
  const shown = (results: readonly StepResult[]) =>
    results.map(({ step, outcome, reason, remedy }) =>
      [step, outcome, reason, remedy].filter((one) => one !== undefined).join(' '),
    )

  test('passes every step where all is well, and shows both certificates', async () => {
    await open()
      .store(secretMount)
      .write(x, { mode: 'upsert', data: data('{"a":1}') })
    const results = await run()
    expect(shown(results)).toEqual(
      ['credential', 'name', 'reach', 'tls', 'accepted', 'list', 'metadata', 'read'].map(
        (step) => `${step} passed`,
      ),
    )
    expect(results[0]?.certificate?.subject).toBe('CN=Coffret test')
    expect(results[3]?.certificate?.subject).toBe('CN=localhost')
    expect(JSON.stringify(results)).not.toContain('"a"')
  })

  test('skips what there is nothing to try on', async () => {
    expect(shown(await run(vaultProfile())).slice(4)).toEqual([
      ...['accepted passed', 'list passed', 'metadata skipped', 'read skipped'],
    ])
  })

  test('tries each right by itself', async () => {
    await open()
      .store(secretMount)
      .write(x, { mode: 'upsert', data: data('{"a":1}') })
    server.behave = insteadOf(
      /secretConfig|includeData=true/,
      behaviours.answers({ errors: ['no'] }, 403),
    )
    expect(shown(await run()).slice(4)).toEqual([
      ...['accepted passed', 'list passed', 'metadata passed'],
      'read failed may_not_read_data ask_for_right',
    ])
  })

  test.each<[string, () => Promise<StepResult[]>, string]>([
    [
      'another key',
      () => run(profileOf(), { ...client, privateKey: identity.privateKey }),
      'credential failed key_mismatch choose_matching_pair',
    ],
    [
      'a port where nobody listens',
      () => run(profileOf({ address: 'https://127.0.0.1:1' })),
      'reach failed refused check_address',
    ],
    [
      'a server of another authority',
      () => run(profileOf({ authorities: { kind: 'own', pem: stranger.pem, withPublic: false } })),
      'tls failed server_certificate_unknown add_authority',
    ],
    [
      'a proxy that is not there',
      () => run(profileOf({ proxy: 'http://127.0.0.1:1' })),
      'reach failed proxy check_proxy',
    ],
  ])('ends at %s', async (_name, results, last) => {
    const all = await results()
    expect(shown(all).at(-1)).toBe(last)
    expect(server.seen).toEqual([])
  })

  test('shows the certificate of a server that is not trusted, and no credential to it', async () => {
    const trusted = { kind: 'own', pem: stranger.pem, withPublic: false }
    const last = (await run(profileOf({ authorities: trusted }))).at(-1)
    expect(last?.certificate).toMatchObject({ subject: 'CN=localhost' })
    expect(server.seen).toEqual([])
  })

  test('ends where the credential is not taken', async () => {
    server.behave = behaviours.answers({ errors: ['no'] }, 401)
    expect(shown(await run()).at(-1)).toBe('accepted failed unauthenticated choose_other_domain')
  })

  test('ends at a name that no computer has', async () => {
    const profile = profileOf({ address: 'https://no-such-host.invalid' })
    const last = (await run(profile)).at(-1)
    expect(last).toMatchObject({ step: 'name', outcome: 'failed', code: 'unreachable' })
  })
})
