import { describe, expect, test } from 'vitest'
import { WorkId } from '../../src-main/contract/compare-calls'
import { VaultId, StoreId, SecretPath } from '../../src-main/contract/model'
import { systemClock, systemRandom } from '../../src-main/env'
import { performCredentialJob } from '../../src-main/pki/credential-jobs'
import type { HandlerPorts } from '../../src-main/ipc/ports'
import { serve } from '../stores/domains/served-domain'
import { handlersOverVault } from './handlers-over-vault'

const work = WorkId.parse('00000000-0000-4000-8000-00000000000a')
const text = (content: string) => new TextEncoder().encode(content)
const failing = (code: string, reason?: string) =>
  expect.objectContaining(reason === undefined ? { code } : { code, reason }) as unknown

/** The handlers with the real reader of credential files, and a server. */
async function withServer() {
  const server = await serve()
  await server.put('app/db')
  const parts = await handlersOverVault({ clock: systemClock })
  const tools: HandlerPorts['credentials'] = {
    inspect: async (input) =>
      (await performCredentialJob({ name: 'inspect', input }, environment)) as never,
    makePkcs12: async (input) =>
      (await performCredentialJob({ name: 'makePkcs12', input }, environment)) as never,
    extractPem: async (input) =>
      (await performCredentialJob({ name: 'extractPem', input }, environment)) as never,
  }
  const environment = { clock: systemClock, random: systemRandom }
  parts.ports.credentials.inspect.mockImplementation(tools.inspect)
  parts.ports.credentials.makePkcs12.mockImplementation(tools.makePkcs12 as never)
  parts.ports.credentials.extractPem.mockImplementation(tools.extractPem as never)
  if (server.secret.kind !== 'certificate') throw new Error('a certificate is expected')
  const { certificate, privateKey } = server.secret
  const files = () => [
    { name: 'client.pem', bytes: text(certificate) },
    { name: 'client.key', bytes: text(privateKey) },
  ]
  const credential = () => ({ kind: 'files' as const, files: files() })
  const { handlers, vault } = parts
  const add = async () =>
    handlers['domain.add']({ vault: vault.id, draft: server.draft(), credential: credential() })
  const lines = async () => {
    const page = await handlers['audit.list']({ vault: vault.id, filter: {}, limit: 50 })
    return page.lines.map(({ what, mount, path, result }) => `${what} ${mount}:${path} ${result}`)
  }
  return { ...server, ...parts, files, credential, add, lines }
}

describe('files of a domain', () => {
  test('say which domain, until when, and what to propose', async () => {
    const { handlers, files, api } = await withServer()
    const found = await handlers['domain.inspect']({ files: files() })
    expect(found).toMatchObject({
      ...{ okmsId: api.vault.id, known: [] },
      proposal: { kind: 'okms-rest', label: `OKMS ${api.vault.id.slice(0, 8)}` },
      report: { problems: [] },
    })
    expect(found.endsAt).toBeGreaterThan(systemClock.now())
    const half = await handlers['domain.inspect']({ files: files().slice(0, 1) })
    expect(half.report.problems).toEqual(['no-key'])
  })

  test('of a domain that is kept propose its place', async () => {
    const { handlers, files, add } = await withServer()
    const { id, address } = await add()
    const found = await handlers['domain.inspect']({ files: files() })
    expect(found).toMatchObject({ known: [id], proposal: { address, label: 'Team' } })
  })

  test('are deleted only where they hold what the domain keeps', async () => {
    const { handlers, files, add, ports, authority } = await withServer()
    const { id: domain } = await add()
    const other = await authority.client(30, VaultId.parse('00000000-0000-4000-8000-0000000000ff'))
    const [certificate, key] = files()
    const removals = await handlers['domain.removeFiles']({
      domain,
      files: [
        { path: '/d/client.pem', bytes: certificate!.bytes },
        { path: '/d/client.key', bytes: key!.bytes },
        { path: '/d/other.pem', bytes: text(other.certificate) },
        { path: '/d/other.key', bytes: text(other.privateKey) },
        { path: '/d/notes.txt', bytes: text('nothing') },
      ],
    })
    expect(removals.map(({ outcome }) => outcome)).toEqual([
      ...['removed', 'removed', 'foreign', 'foreign', 'foreign'],
    ])
    expect(ports.files.removeIfSame.mock.calls.map(([path]) => path)).toEqual([
      ...['/d/client.pem', '/d/client.key'],
    ])
  })
})

test('profiles of okms-cli are read without their tokens, and a token taken from there', async () => {
  const { handlers, api, vault, draft } = await withServer()
  const yaml = `version: 1
profile: one
profiles:
  one:
    http:
      endpoint: https://eu-west-par.okms.ovh.net
      auth: { type: mtls, cert: /c.pem, key: /k.pem }
  two:
    http:
      endpoint: https://eu-west-rbx.okms.ovh.net
      auth: { type: token, token: canary-token, okmsId: ${api.vault.id} }
`
  const { profiles } = await handlers['domain.importProfiles']({ file: text(yaml) })
  expect(JSON.stringify(profiles)).not.toContain('canary')
  expect(profiles).toMatchObject([
    {
      ...{ name: 'one', isActive: true, region: 'eu-west-par', auth: 'certificate' },
      files: { certificate: '/c.pem', key: '/k.pem' },
    },
    { name: 'two', isActive: false, auth: 'token', okmsId: api.vault.id, problems: [] },
  ])
  const credential = { kind: 'profile', file: text(yaml), name: 'two' } as const
  const { id } = await handlers['domain.add']({
    ...{ vault: vault.id, draft: draft('okms-central'), credential },
  })
  expect(new TextDecoder().decode(credential.file)).not.toContain('canary')
  expect((await handlers['domain.profile']({ domain: id })).auth).toBe('token')
})

describe('a test of a connection', () => {
  test('tells each step as it ends', async () => {
    const { handlers, draft, credential, events } = await withServer()
    const results = await handlers['domain.test']({
      work,
      draft: draft(),
      credential: credential(),
    })
    expect(results.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      ...['credential passed', 'name passed', 'reach passed', 'tls passed', 'accepted passed'],
      ...['list passed', 'metadata passed', 'read passed'],
    ])
    const told = events.flatMap((event) => (event.name === 'domain.step' ? [event] : []))
    expect(told.map(({ result }) => result)).toEqual(results)
    expect(told.every((one) => one.work === work)).toBe(true)
  })

  test('says why and what helps, with what the vault keeps', async () => {
    const { handlers, draft, add, off, lines } = await withServer()
    const { id: domain } = await add()
    await off()
    const results = await handlers['domain.test']({
      ...{ work, draft: draft(), credential: { kind: 'kept', domain } },
    })
    expect(results.at(-1)).toMatchObject({
      ...{ step: 'reach', outcome: 'failed', reason: 'refused', remedy: 'check_address' },
    })
    expect(await lines()).toContain('domain.test Team: ok')
  })

  test('ends when it is given up', async () => {
    const { handlers, draft, credential, events } = await withServer()
    const running = handlers['domain.test']({ work, draft: draft(), credential: credential() })
    await handlers['domain.cancel']({ work })
    await expect(running).rejects.toThrow(failing('cancelled'))
    expect(events).toEqual([])
  })
})

test('what the window does on a domain leaves lines in the log of the vault that keeps it', async () => {
  const { handlers, add, lines, draft, credential } = await withServer()
  const { id: domain } = await add()
  const store = StoreId.parse(`${domain}/secret`)
  const at = { store, path: SecretPath.parse('app/db') }
  await handlers['secret.reveal'](at)
  await handlers['domain.change']({ domain, draft: draft('okms-rest', { label: 'Other' }) })
  await handlers['domain.replaceCredential']({ domain, credential: credential() })
  await handlers['domain.remove']({ domain })
  expect(await lines()).toEqual([
    'domain.remove Other: ok',
    'domain.replaceCredential Other: ok',
    'domain.change Team: ok',
    'secret.reveal Team/secret:app/db ok',
    'domain.add Team: ok',
  ])
})

describe('the certificate of a domain in the list of certificates', () => {
  const keptIn = ({ handlers, vault }: Awaited<ReturnType<typeof withServer>>) =>
    handlers['keptCertificate.list']({ vault: vault.id })

  test('lies there too when that is asked for, as PKCS#12 under the name of the domain', async () => {
    const parts = await withServer()
    const { handlers, vault, draft, credential, api, stores, events } = parts
    const given = { vault: vault.id, draft: draft(), credential: credential(), keeps: true }
    await handlers['domain.add'](given)
    const [kept, ...others] = await keptIn(parts)
    expect(others).toEqual([])
    expect(kept).toMatchObject({ name: 'Team', okmsDomainId: api.vault.id })
    expect(events).toContainEqual({ name: 'keptCertificates.changed', vault: vault.id })
    const { bytes: pkcs12 } = stores.vault(vault.id).keptCertificates.fileOf(kept!.id)
    expect(pkcs12[0]).toBe(0x30)
    // Another domain that is entered with it adds no second one.
    await handlers['domain.add']({ ...given, credential: credential() })
    expect(await keptIn(parts)).toEqual([kept])
    // Neither does a domain that nobody asked that for.
    await parts.add()
    expect(await keptIn(parts)).toHaveLength(1)
  })

  test('is not there when the domain is refused', async () => {
    const parts = await withServer()
    const { handlers, vault, draft, credential } = parts
    const other = draft('okms-rest', { okmsId: '00000000-0000-4000-8000-0000000000ff' })
    const given = { vault: vault.id, draft: other, credential: credential(), keeps: true }
    await expect(Promise.resolve(handlers['domain.add'](given))).rejects.toThrow(
      failing('forbidden', 'wrong_domain'),
    )
    expect(await keptIn(parts)).toEqual([])
  })

  test('is replaced when the domain gets another, and stays when it was never there', async () => {
    const parts = await withServer()
    const { handlers, vault, draft, credential, authority, api } = parts
    const given = { vault: vault.id, draft: draft(), credential: credential(), keeps: true }
    const { id: domain } = await handlers['domain.add'](given)
    const [before] = await keptIn(parts)
    const renewed = await authority.client(60, api.vault.id)
    const files = [
      { name: 'new.pem', bytes: text(renewed.certificate) },
      { name: 'new.key', bytes: text(renewed.privateKey) },
    ]
    await handlers['domain.replaceCredential']({ domain, credential: { kind: 'files', files } })
    const [after, ...others] = await keptIn(parts)
    expect(others).toEqual([])
    expect(after).toMatchObject({ id: before!.id, name: 'Team' })
    expect(after!.validTo).toBeGreaterThan(before!.validTo)
    await handlers['keptCertificate.remove']({ vault: vault.id, id: after!.id })
    await handlers['domain.replaceCredential']({ domain, credential: credential() })
    expect(await keptIn(parts)).toEqual([])
  })

  test('takes the domain along when it is renewed in the list, and no other domain', async () => {
    const parts = await withServer()
    const { handlers, vault, draft, credential, authority, api, events } = parts
    const given = { vault: vault.id, draft: draft(), credential: credential(), keeps: true }
    const { id: domain } = await handlers['domain.add'](given)
    const [before] = await keptIn(parts)
    const filesOf = ({ certificate, privateKey }: { certificate: string; privateKey: string }) => [
      { name: 'new.pem', bytes: text(certificate) },
      { name: 'new.key', bytes: text(privateKey) },
    ]
    const other = await handlers['domain.add']({
      ...{ vault: vault.id, draft: draft('okms-rest', { label: 'Other' }) },
      credential: { kind: 'files', files: filesOf(await authority.client(20, api.vault.id)) },
    })
    events.length = 0
    const renewal = { vault: vault.id, name: 'Team', replaces: before!.id }
    const files = filesOf(await authority.client(60, api.vault.id))
    const after = await handlers['keptCertificate.keep']({ ...renewal, files })
    const ends = async (id: typeof domain) =>
      (await handlers['domain.list']()).find((one) => one.id === id)?.credentialEndsAt
    expect(await ends(domain)).toBe(after.validTo)
    expect(await ends(other.id)).toBe(other.credentialEndsAt)
    expect(events).toContainEqual({ name: 'domains.changed' })
    // One that has ended is kept, and the domain goes on with the one that it has.
    const late = filesOf(await authority.client(-1, api.vault.id))
    await handlers['keptCertificate.keep']({ ...renewal, files: late })
    expect(await ends(domain)).toBe(after.validTo)
  })

  test('enters a domain, and says which', async () => {
    const parts = await withServer()
    const { handlers, vault, draft, files, api } = parts
    const keeping = { vault: vault.id, files: files(), name: 'laptop' }
    const { id } = await handlers['keptCertificate.keep'](keeping)
    const kept = { vault: vault.id, id }
    const found = await handlers['domain.inspect']({ kept })
    expect(found).toMatchObject({
      ...{ okmsId: api.vault.id, report: { problems: [] } },
      proposal: { kind: 'okms-rest', label: 'laptop' },
    })
    const credential = { kind: 'keptCertificate' as const, ...kept }
    const steps = await handlers['domain.test']({ work, draft: draft(), credential })
    expect(steps.every(({ outcome }) => outcome === 'passed')).toBe(true)
    await handlers['domain.add']({ vault: vault.id, draft: draft(), credential, keeps: true })
    expect(await handlers['domain.list']()).toHaveLength(1)
    expect(await keptIn(parts)).toHaveLength(1)
    await handlers['keptCertificate.remove'](kept)
    await expect(
      Promise.resolve(handlers['domain.add']({ vault: vault.id, draft: draft(), credential })),
    ).rejects.toThrow(failing('not_found'))
  })
})

test('secrets of a domain are listed, changed and found by the calls for all stores', async () => {
  const { handlers, add, events, vault } = await withServer()
  const { id: domain } = await add()
  const store = StoreId.parse(`${domain}/secret`)
  const ids = (await handlers['store.list']()).map(({ id }) => id)
  expect(ids).toEqual([...vault.stores.map(({ id }) => id), store])
  await handlers['domain.open']({ domain })
  await expect.poll(() => events).toContainEqual({ name: 'secrets.changed', store })
  const search = async () => (await handlers['search.query']({ text: 'app', limit: 10 })).hits
  await expect.poll(search).toMatchObject([{ store, path: 'app/db' }])
  expect(await handlers['search.folders']({ store })).toEqual(['app'])
  await handlers['domain.refresh']({ domain })
  await handlers['domain.stopListing']({ domain })
})

test('a key that belongs to another certificate is refused, and nothing is kept', async () => {
  const { handlers, vault, draft, authority, files } = await withServer()
  const other = await authority.client()
  const credential = {
    ...{ kind: 'files' as const },
    files: [files()[0]!, { name: 'other.key', bytes: text(other.privateKey) }],
  }
  await expect(
    Promise.resolve(handlers['domain.add']({ vault: vault.id, draft: draft(), credential })),
  ).rejects.toThrow(failing('key_mismatch'))
  expect(await handlers['domain.list']()).toEqual([])
  expect(credential.files.every(({ bytes }) => bytes.every((byte) => byte === 0))).toBe(true)
})
