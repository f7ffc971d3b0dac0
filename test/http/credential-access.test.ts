import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MountName, type EpochMs } from '../../src-main/contract/model'
import { allOperations } from '../../src-main/http/all-operations'
import { openApiDocument } from '../../src-main/http/openapi'
import { ApiWithCredentials, scopeOf, sha256 } from './api-with-credentials'

let api: ApiWithCredentials
beforeEach(async () => {
  api = await ApiWithCredentials.create()
})
afterEach(() => api.close())

const self = '/v1/auth/token/lookup-self'

describe('under /v1', () => {
  test.each([
    [{ 'x-vault-token': 'a' }, 'a'],
    [{ authorization: 'Bearer a' }, 'a'],
    [{ 'x-vault-token': 'a', authorization: 'Bearer bad' }, 'a'],
    [{ 'x-vault-token': '', authorization: 'Bearer a' }, 'a'],
    [{ 'x-vault-token': 'b', authorization: 'Bearer a' }, 'b'],
    [{ 'x-vault-token': 'bad', authorization: 'Bearer a' }, undefined],
    [{ authorization: 'bearer a' }, undefined],
    [{ authorization: 'Basic a' }, undefined],
    [{ authorization: 'Bearer ' }, undefined],
    [{ 'x-vault-token': 'a ' }, 'a'],
    [{ 'x-vault-token': 'a, a' }, undefined],
    [{ 'x-vault-token': 'é' }, undefined],
    [{}, undefined],
  ])('%j is %s', async (headers, name) => {
    api.token('a')
    api.token('b')
    const { status, body } = await api.send('GET', self, headers as Record<string, string>)
    expect(status === 200 ? body.data.display_name : undefined).toBe(name)
    if (name === undefined) expect(status).toBe(403)
  })

  test('a certificate counts where no token is shown', async () => {
    const { bytes: peerCertificate, credential } = api.certificate('app')
    api.token('a')
    const nameWith = async (headers: Record<string, string>) =>
      (await api.send('GET', self, headers, { peerCertificate })).body.data?.display_name
    expect(await nameWith({})).toBe('app')
    expect(await nameWith({ 'x-vault-token': 'a' })).toBe('a')
    expect(await nameWith({ 'x-vault-token': 'bad' })).toBeUndefined()
    api.vault.credentials.revoke(credential.id)
    expect(await nameWith({})).toBeUndefined()
  })

  test('a token is no certificate, and the other way round', async () => {
    api.token('a')
    const { bytes } = api.certificate('app')
    const peerCertificate = new TextEncoder().encode('a')
    expect((await api.send('GET', self, {}, { peerCertificate })).status).toBe(403)
    const token = new TextDecoder().decode(bytes)
    expect((await api.send('GET', self, { 'x-vault-token': token })).status).toBe(403)
  })
})

describe('under /api and /v2', () => {
  test.each([
    [{ 'x-vault-token': 'a' }, 200],
    [{ authorization: 'Bearer a' }, 200],
    [{ 'x-vault-token': 'a', authorization: 'Bearer a' }, 200],
    [{ 'x-vault-token': 'a', authorization: 'Bearer b' }, 401],
    [{ 'x-vault-token': 'a', authorization: 'Bearer bad' }, 401],
    [{ 'x-vault-token': 'bad', authorization: 'Bearer a' }, 401],
  ])('%j comes to %i: what is shown must agree', async (headers, status) => {
    api.token('a')
    api.token('b')
    for (const address of [`${api.inside.okms}/v2/secret`, `${api.inside.central}/secret`]) {
      const shown = headers as Record<string, string>
      expect((await api.send('GET', address, shown)).status).toBe(status)
    }
  })

  test('a certificate and a token are two credentials', async () => {
    api.token('a')
    const { bytes: peerCertificate } = api.certificate('app')
    const target = `${api.inside.okms}/v2/secret`
    expect((await api.send('GET', target, {}, { peerCertificate })).status).toBe(200)
    const both = await api.send('GET', target, { 'x-vault-token': 'a' }, { peerCertificate })
    expect(both.status).toBe(401)
  })
})

describe('what a credential learns of itself', () => {
  test('is its name, its id, when it was made and when it ends', async () => {
    const expiresAt = (api.inside.now + 3_600_000) as EpochMs
    const { id } = api.token('ci', scopeOf(['secret/prod'], ['list']), { expiresAt })
    const { body } = await api.send('GET', self, { 'x-vault-token': 'ci' })
    expect(body.data).toMatchObject({
      ...{ accessor: id, display_name: 'ci', id: 'ci', policies: ['default'] },
      ...{ creation_time: 1_770_113_730, ttl: 3600, expire_time: '2026-02-03T11:15:30.000Z' },
    })
    api.inside.advance(3_600_000)
    expect(await api.status('GET', self, 'ci')).toBe(403)
  })

  test('is the token that it showed, also beside a header that is empty', async () => {
    api.token('ci')
    const headers = { 'x-vault-token': '', authorization: 'Bearer ci' }
    const { body } = await api.send('GET', self, headers)
    expect(body.data).toMatchObject({ id: 'ci' })
  })

  test('is that it is root when it may do everything, for ever', async () => {
    api.token('root')
    const { body } = await api.send('GET', self, { 'x-vault-token': 'root' })
    expect(body.data).toMatchObject({ policies: ['root'], ttl: 0, expire_time: null })
  })

  test('ends with it, when it revokes itself', async () => {
    api.token('a')
    api.token('b')
    expect(await api.status('POST', '/v1/auth/token/revoke-self', 'a', {})).toBe(204)
    expect(await api.status('GET', self, 'a')).toBe(403)
    expect(await api.status('GET', self, 'b')).toBe(200)
    expect(api.vault.credentials.list().find(({ name }) => name === 'a')?.revokedAt).toBe(
      api.inside.now,
    )
  })
})

test('a use is noted, a refusal is not', async () => {
  api.token('a')
  const { id } = api.token('b')
  api.vault.credentials.revoke(id)
  await api.status('GET', self, 'b')
  expect(api.vault.credentials.list().map(({ usedAt }) => usedAt)).toEqual([undefined, undefined])
  await api.status('GET', self, 'a')
  const used = api.vault.credentials.list().filter(({ usedAt }) => usedAt === api.inside.now)
  expect(used.map(({ name }) => name)).toEqual(['a'])
})

/** Every operation of the description, with an address that could be one. */
function described() {
  const document = openApiDocument(allOperations, '0.1.0') as {
    paths: Record<string, Record<string, { security: unknown[]; operationId: string }>>
  }
  const values: Record<string, string> = {
    ...{ mount: 'secret', path: 'app', okmsId: api.vault.id, version: '1' },
    id: '00000000-0000-4000-8000-000000000000',
  }
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([verb, { security, operationId }]) => ({
      method: verb.replace(/^x-/, '').toUpperCase(),
      target: path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'x'),
      isOpen: security.length === 0,
      operationId,
    })),
  )
}

/** The refusal in the words of its dialect. */
function refusalOf(target: string): { status: number; body: object } {
  if (target.startsWith('/v1/')) return { status: 403, body: { errors: ['permission denied'] } }
  if (target.startsWith('/v2/')) return { status: 401, body: { class: 'Client::Unauthorized' } }
  return { status: 401, body: { error_code: 50_475_011 } }
}

describe('C-02: no operation but the open ones answers', () => {
  test.each([
    ['no credential', () => ({})],
    ['an empty token', () => ({ 'x-vault-token': '' })],
    ['an empty bearer', () => ({ authorization: 'Bearer ' })],
    ['a random token', () => ({ 'x-vault-token': `cft_${'A'.repeat(43)}` })],
    ['a random bearer', () => ({ authorization: `Bearer cft_${'A'.repeat(43)}` })],
    [
      'a revoked token',
      () => {
        api.vault.credentials.revoke(api.token('revoked').id)
        return { 'x-vault-token': 'revoked' }
      },
    ],
    [
      'a removed token',
      () => {
        api.vault.credentials.remove(api.token('removed').id)
        return { 'x-vault-token': 'removed' }
      },
    ],
    [
      'an expired token',
      () => {
        api.token('old', undefined, { expiresAt: (api.inside.now + 1) as EpochMs })
        api.inside.advance(1)
        return { 'x-vault-token': 'old' }
      },
    ],
    [
      'a token that is the hash of a good one',
      () => {
        api.token('good')
        return { 'x-vault-token': Buffer.from(sha256('good')).toString('hex') }
      },
    ],
  ])('%s', async (_, show) => {
    const headers: Record<string, string> = { ...show() }
    const operations = described()
    expect(operations.length).toBeGreaterThan(60)
    for (const { method, target, isOpen, operationId } of operations) {
      const type = method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {}
      const body = ['POST', 'PUT', 'PATCH'].includes(method) ? { body: {} } : {}
      const reply = await api.send(method, target, { ...headers, ...type }, body)
      if (isOpen) expect({ operationId, status: reply.status }).toMatchObject({ status: 200 })
      else expect({ operationId, ...reply }).toMatchObject(refusalOf(target))
      expect(reply.headers.get('cache-control')).toBe('no-store')
    }
  })

  test('a credential of another vault', async () => {
    const other = await ApiWithCredentials.create()
    try {
      other.token('good there')
      expect(await other.status('GET', self, 'good there')).toBe(200)
      for (const { method, target, isOpen } of described()) {
        if (isOpen) continue
        const type = method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {}
        const body = ['POST', 'PUT', 'PATCH'].includes(method) ? { body: {} } : {}
        const headers = { 'x-vault-token': 'good there', ...type }
        expect(await api.send(method, target, headers, body)).toMatchObject(refusalOf(target))
      }
    } finally {
      other.close()
    }
  })

  test('and the open ones tell no name', async () => {
    api.token('canary-credential')
    const [mount] = await api.vault.mounts.list()
    if (mount === undefined) throw new Error('a vault has mounts')
    await api.vault.mounts.enable({ ...mount, name: MountName.parse('canary-mount') })
    for (const { method, target, isOpen } of described()) {
      if (!isOpen) continue
      const { text } = await api.send(method, target)
      expect(text).not.toMatch(/canary|"secret\/|"kv\//)
    }
  })
})

describe('C-03: after ten bad credentials in a minute', () => {
  const bad = (user?: number, token = 'bad') =>
    api.send('GET', self, { 'x-vault-token': token }, user === undefined ? {} : { peerUser: user })

  test('bad answers wait, longer and longer up to a second, with the same status', async () => {
    for (let n = 0; n < 10; n += 1) expect((await bad(1000)).status).toBe(403)
    expect(api.waits).toEqual([])
    for (let n = 0; n < 15; n += 1) {
      expect(await bad(1000)).toMatchObject({
        status: 403,
        body: { errors: ['permission denied'] },
      })
    }
    expect(api.waits).toEqual([
      ...[100, 200, 300, 400, 500, 600, 700, 800, 900],
      ...Array.from({ length: 6 }, () => 1000),
    ])
  })

  test('a good one never waits, nor does another user', async () => {
    api.token('a')
    for (let n = 0; n < 30; n += 1) await bad(1000)
    const before = api.waits.length
    expect((await bad(1000, 'a')).status).toBe(200)
    expect((await bad(1001)).status).toBe(403)
    expect((await bad(undefined)).status).toBe(403)
    expect(api.waits).toHaveLength(before)
  })

  test('whoever shows nothing does not guess', async () => {
    for (let n = 0; n < 30; n += 1) {
      expect((await api.send('GET', self, {}, { peerUser: 1000 })).status).toBe(403)
    }
    expect(api.waits).toEqual([])
  })

  test('a minute later nobody waits', async () => {
    for (let n = 0; n < 11; n += 1) await bad(1000)
    expect(api.waits).toHaveLength(1)
    api.inside.advance(60_000)
    await bad(1000)
    expect(api.waits).toHaveLength(1)
  })

  test('the same holds for certificates', async () => {
    const peerCertificate = new TextEncoder().encode('of nobody')
    for (let n = 0; n < 11; n += 1) {
      await api.send('GET', self, {}, { peerCertificate, peerUser: 1000 })
    }
    expect(api.waits).toEqual([100])
  })
})
