import { afterEach, describe, expect, test } from 'vitest'
import type { Access, Caller } from '../../src-main/http/access'
import type { Errand } from '../../src-main/kv/scope-rules'
import { ApiUnderTest } from './api-under-test'

let api: ApiUnderTest
afterEach(() => api.close())

/** A caller who has the token `t` and what `mayDo` says. */
function withToken(mayDo: (errand: Errand) => boolean, more: Partial<Caller> = {}): Access {
  const caller = {
    ...{ id: 'id-of-ci', kind: 'token' as const, name: 'ci' },
    createdSeconds: 1_770_000_000,
    mayDo,
    ...more,
  }
  return {
    identify: async ({ request }) =>
      request.headers.get('x-vault-token') === 't' ? caller : undefined,
  }
}

const headers = { 'x-vault-token': 't' }
const all = () => true
const none = () => false

describe('without a credential', () => {
  test('/v1 is 403 whatever exists, and says nothing else', async () => {
    api = await ApiUnderTest.create(withToken(all))
    for (const target of [
      'secret/data/x',
      'nomount/x',
      'secret/config',
      'sys/mounts',
      'auth/token/lookup-self',
    ]) {
      expect(await api.send('GET', `/v1/${target}`)).toMatchObject({
        status: 403,
        body: { errors: ['permission denied'] },
      })
    }
  })

  test('/api is 401, whether or not the domain is ours', async () => {
    api = await ApiUnderTest.create(withToken(all))
    for (const id of [api.vault.id, '00000000-0000-4000-8000-000000000000']) {
      for (const rest of ['v1/secret/config', 'v1/secret/nothing', 'v2/secret']) {
        const { status, body } = await api.send('GET', `/api/${id}/${rest}`)
        expect(status).toBe(401)
        expect(body.error_code).toBe(50_475_011)
      }
    }
  })

  test('health, seal status, init and leader answer', async () => {
    api = await ApiUnderTest.create(withToken(all))
    for (const name of ['health', 'seal-status', 'init', 'leader']) {
      expect((await api.send('GET', `/v1/sys/${name}`)).status).toBe(200)
    }
  })

  test.each([
    ['POST', '{', {}, 400],
    ['PATCH', '{}', { 'content-type': 'text/plain' }, 415],
    ['POST', '{}', {}, 403],
  ])('%s with %s: the form comes first (%i)', async (method, text, more, status) => {
    api = await ApiUnderTest.create(withToken(all))
    expect((await api.send(method, '/v1/secret/data/x', { text, headers: more })).status).toBe(
      status,
    )
  })

  test('a relative path and a slash at the end come before the credential', async () => {
    api = await ApiUnderTest.create(withToken(all))
    expect((await api.send('GET', '/v1/secret/data/..')).status).toBe(400)
    expect((await api.send('POST', '/v1/secret/data/x/', { text: '{}' })).status).toBe(400)
  })
})

describe('a locked vault', () => {
  test('is 503 before any credential, except for what is open', async () => {
    api = await ApiUnderTest.create(withToken(all))
    api.vault.lock()
    for (const sent of [{}, { headers }]) {
      expect(await api.send('GET', '/v1/secret/data/x', sent)).toMatchObject({
        status: 503,
        body: { errors: ['Vault is sealed'] },
      })
      const okms = await api.send('GET', `${api.okms}/v1/secret/data/x`, sent)
      expect(okms).toMatchObject({ status: 503, body: { error_code: 50_425_858 } })
    }
    expect((await api.send('GET', '/v1/sys/internal/ui/mounts')).status).toBe(503)
    expect(await api.send('GET', '/v1/sys/health')).toMatchObject({
      status: 503,
      body: { sealed: true },
    })
    expect((await api.send('GET', '/v1/sys/seal-status')).body.sealed).toBe(true)
  })

  test('still says what is wrong with the form first', async () => {
    api = await ApiUnderTest.create(withToken(all))
    api.vault.lock()
    expect((await api.send('POST', '/v1/secret/data/x', { text: '{' })).status).toBe(400)
    expect((await api.send('GET', '/v1/secret/data/..')).status).toBe(400)
    expect((await api.send('POST', '/v1/secret/data/x/', { text: '{}' })).status).toBe(503)
  })
})

describe('a credential without the right', () => {
  test('is refused in the words of each dialect, before fields are looked at', async () => {
    api = await ApiUnderTest.create(withToken(none))
    expect(await api.send('GET', '/v1/secret/data/x?version=x', { headers })).toMatchObject({
      status: 403,
      body: { errors: ['1 error occurred:\n\t* permission denied\n\n'] },
    })
    expect(
      await api.send('GET', `${api.okms}/v1/secret/data/x?version=x`, { headers }),
    ).toMatchObject({
      status: 403,
      body: { error_code: 16_924_673 },
    })
  })

  test.each([
    ['GET', 'data/x', 'readData'],
    ['POST', 'data/x', 'write'],
    ['DELETE', 'data/x', 'deactivate'],
    ['GET', 'metadata/x', 'readMetadata'],
    ['GET', 'subkeys/x', 'readMetadata'],
    ['LIST', 'metadata/x', 'list'],
    ['POST', 'metadata/x', 'write'],
    ['DELETE', 'metadata/x', 'destroy'],
    ['POST', 'undelete/x', 'deactivate'],
    ['POST', 'destroy/x', 'destroy'],
    ['GET', 'config', 'readMetadata'],
    ['POST', 'config', 'configure'],
  ])('%s %s asks for %s, at that path', async (method, path, right) => {
    const asked: Errand[] = []
    const mayDo = (errand: Errand) => {
      // Whether anything in the mount is allowed is asked before.
      if (errand.path === '/') return true
      asked.push(errand)
      return false
    }
    api = await ApiUnderTest.create(withToken(mayDo))
    await api.send(method, `/v1/secret/${path}`, { headers })
    const at = path === 'config' ? {} : { path: method === 'LIST' ? 'x/' : 'x' }
    expect(asked).toEqual([{ right, mount: 'secret', ...at }])
  })

  test('sees in a list what it may see, and nothing visible is as nothing there', async () => {
    const mayDo = ({ right, path = '' }: Errand) =>
      right === 'write' || (right === 'list' && ['/', 'app/', 'app/b'].includes(path))
    api = await ApiUnderTest.create(withToken(mayDo))
    for (const path of ['app/a', 'app/b', 'other/c']) {
      await api.send('POST', `/v1/secret/data/${path}`, { body: { data: {} }, headers })
    }
    expect((await api.send('LIST', '/v1/secret/metadata', { headers })).body.data.keys).toEqual([
      'app/',
    ])
    expect((await api.send('LIST', '/v1/secret/metadata/app', { headers })).body.data.keys).toEqual(
      ['b'],
    )
    const okms = (rest: string) =>
      api.send('GET', `${api.okms}/v1/secret/metadata${rest}`, { headers })
    expect((await okms('')).body.data.keys).toEqual(['app/'])
    expect((await okms('/other?list=true')).status).toBe(404)
  })
})

describe('about itself', () => {
  const expires = 1_770_113_730 + 3600

  test('a credential learns what it is', async () => {
    api = await ApiUnderTest.create(withToken(none, { expiresSeconds: expires }))
    const { body } = await api.send('GET', '/v1/auth/token/lookup-self', { headers })
    expect(body.data).toMatchObject({
      id: 't',
      display_name: 'ci',
      policies: ['default'],
      ttl: 3600,
      renewable: false,
      expire_time: '2026-02-03T11:15:30.000Z',
    })
  })

  test('root is who may do everything, for ever', async () => {
    api = await ApiUnderTest.create(withToken(all))
    const { body } = await api.send('GET', '/v1/auth/token/lookup-self', { headers })
    expect(body.data).toMatchObject({ policies: ['root'], ttl: 0, expire_time: null })
  })

  test('it cannot be renewed, and can be revoked where that is possible', async () => {
    const revoked: string[] = []
    const revoke = async () => {
      revoked.push('yes')
    }
    api = await ApiUnderTest.create(withToken(all, { revoke }))
    const sent = { body: {}, headers }
    expect((await api.send('POST', '/v1/auth/token/renew-self', sent)).status).toBe(400)
    expect((await api.send('PUT', '/v1/auth/token/revoke-self', sent)).status).toBe(204)
    expect(revoked).toEqual(['yes'])
    api.close()
    api = await ApiUnderTest.create(withToken(all))
    expect((await api.send('POST', '/v1/auth/token/revoke-self', sent)).status).toBe(400)
  })

  test.each([
    [['readData', 'write'], 'secret/data/x', ['create', 'patch', 'read', 'recover', 'update']],
    [['write'], 'kv/x', ['create', 'recover', 'update']],
    [['write'], 'secret/metadata/x', ['create', 'patch', 'update']],
    [['list'], 'secret/metadata/x', ['list']],
    [['destroy'], 'secret/metadata/x', ['delete']],
    [['list'], 'secret/data/x', ['deny']],
    [['readData', 'list'], 'kv/x', ['list', 'read']],
    [['configure'], 'secret/config', ['create', 'update']],
    [['readData'], 'nomount/x', ['deny']],
    [['readData'], 'secret/nothing/x', ['deny']],
  ])('with %j it has at %s %j', async (rights, path, words) => {
    api = await ApiUnderTest.create(
      withToken(({ right, mount }) => mount !== undefined && rights.includes(right)),
    )
    const sent = { body: { paths: [path] }, headers }
    const { body } = await api.send('POST', '/v1/sys/capabilities-self', sent)
    expect(body).toMatchObject({ [path]: words, capabilities: words, data: { [path]: words } })
  })
})
