import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringifyJson } from '../../src-main/contract/json'
import { ApiUnderTest, type Sending } from './api-under-test'

let api: ApiUnderTest
let count = 0

beforeAll(async () => {
  api = await ApiUnderTest.create()
})
afterAll(() => api.close())

const fresh = () => `o${(count += 1)}`
const send = (method: string, rest: string, sending: Sending = {}) =>
  api.send(method, `${api.okms}/v1/secret/${rest}`, sending)
const put = (path: string, data: unknown = { a: 1 }, more: object = {}) =>
  send('POST', `data/${path}`, { body: { data, ...more } })
const ruleCode = 17_113_089
const formCode = 50_405_377
const noSecretCode = 17_125_377
const noVersionCode = 17_125_378
const casCode = 17_145_857

describe('data', () => {
  test('is written and read in a wrapper of two fields, numbers exact', async () => {
    const path = fresh()
    const data = '{"n":1.10,"big":9007199254740993,"__proto__":{},"10":1,"2":1.0}'
    const { body } = await send('POST', `data/${path}`, { text: `{"data":${data}}` })
    expect(Object.keys(body)).toEqual(['request_id', 'data'])
    expect(body.data).toEqual({
      created_time: '2026-02-03T10:15:30.120Z',
      custom_metadata: null,
      deletion_time: '',
      destroyed: false,
      version: 1,
    })
    const { exact } = await send('GET', `data/${path}`)
    const read = (exact.get('data') as ReadonlyMap<string, never>).get('data')
    expect(stringifyJson(read ?? null)).toBe(data)
  })

  test('is the same secret through the Vault address', async () => {
    const path = fresh()
    await put(`app/${path}`, { a: 'x' })
    const { body } = await api.send('GET', `/v1/secret/data/app/${path}`)
    expect(body.data.data).toEqual({ a: 'x' })
  })

  test('is reached with raw and with encoded slashes', async () => {
    const path = fresh()
    await put(`app%2F${path}`)
    expect((await send('GET', `data/app/${path}`)).status).toBe(200)
    expect((await send('GET', `data/app%2f${path}`)).status).toBe(200)
  })

  test.each([
    ['no body', undefined, formCode],
    ['no data', '{}', formCode],
    ['null', '{"data":null}', formCode],
    ['an array', '{"data":[]}', formCode],
    ['text', '{"data":"x"}', formCode],
    ['broken JSON', '{', formCode],
    ['a number outside float64', '{"data":{"a":1e400}}', ruleCode],
    ['two equal keys', '{"data":{"a":1,"a":2}}', formCode],
    ['an empty key', '{"data":{"x":[{"":1}]}}', ruleCode],
    ['a cas that is no number', '{"data":{},"options":{"cas":"x"}}', formCode],
    ['a cas below 0', '{"data":{},"options":{"cas":-1}}', ruleCode],
    ['two cas that differ', '{"data":{},"options":{"cas":0},"cas":1}', ruleCode],
  ])('with %s is refused', async (_name, text, code) => {
    const { status, body } = await send(
      'POST',
      `data/${fresh()}`,
      text === undefined ? {} : { text },
    )
    expect(status).toBe(400)
    expect(body.error_code).toBe(code)
    expect(body.error_id).toBe(body.request_id)
  })

  test.each([
    [65_536, 200],
    [65_537, 400],
  ])('of %i bytes is %i', async (bytes, expected) => {
    const { status, body } = await put(fresh(), { a: 'x'.repeat(bytes - '{"a":""}'.length) })
    expect(status).toBe(expected)
    if (status === 400) expect(body.error_code).toBe(ruleCode)
  })

  test('in a request over 256 KiB is not read', async () => {
    const { status, body } = await put(fresh(), { a: 'x'.repeat(262_144) })
    expect(status).toBe(413)
    expect(body.error_code).toBe(formCode)
  })

  test('warns of fields that mean nothing', async () => {
    const { body } = await put(fresh(), {}, { option: 1, zoo: 2 })
    expect(body.warnings).toEqual(['unknown fields were ignored: option, zoo'])
  })

  test('takes the cas of the guides beside the data', async () => {
    const path = fresh()
    expect((await put(path, {}, { cas: 0 })).status).toBe(200)
    const { status, body } = await put(path, {}, { cas: 0 })
    expect(status).toBe(400)
    expect(body.error_code).toBe(casCode)
    expect(body.errors[0]).toBe('check-and-set failed: cas is 0, current version is 1')
    expect((await put(path, {}, { cas: 1, options: { cas: '1' } })).status).toBe(200)
  })

  test.each(['', '?version=0', '?version=2'])('with %j is the latest of two', async (query) => {
    const path = fresh()
    await put(path, { n: 1 })
    await put(path, { n: 2 })
    expect((await send('GET', `data/${path}${query}`)).body.data.data).toEqual({ n: 2 })
  })

  test.each(['?version=24001', '?version=x', '?version=-1', '?version=1&version=2'])(
    'with %s is a bad request',
    async (query) => {
      const { status, body } = await send('GET', `data/${fresh()}${query}`)
      expect(status).toBe(400)
      expect(body.error_code).toBe(formCode)
    },
  )

  test('that is not there: the secret and the version have codes of their own', async () => {
    const path = fresh()
    expect((await send('GET', `data/${path}`)).body.error_code).toBe(noSecretCode)
    await put(path)
    const { status, body } = await send('GET', `data/${path}?version=9`)
    expect(status).toBe(404)
    expect(body.error_code).toBe(noVersionCode)
    expect(body).not.toHaveProperty('data')
  })

  test('of a deactivated version is a 404 with its metadata', async () => {
    const path = fresh()
    await put(path)
    await send('DELETE', `data/${path}`)
    const { status, body } = await send('GET', `data/${path}`)
    expect(status).toBe(404)
    expect(body.error_code).toBe(noVersionCode)
    expect(body.errors).toEqual(['the version is deactivated'])
    expect(body.data).toMatchObject({ data: null, metadata: { version: 1 } })
  })
})

describe('a patch', () => {
  test.each(['application/json', 'application/merge-patch+json'])(
    'of type %s merges',
    async (type) => {
      const path = fresh()
      await put(path, { a: 1, b: 2 })
      const sent = { body: { data: { a: null, c: 3 } }, headers: { 'content-type': type } }
      expect((await send('PATCH', `data/${path}`, sent)).body.data.version).toBe(2)
      expect((await send('GET', `data/${path}`)).body.data.data).toEqual({ b: 2, c: 3 })
    },
  )

  test('of nothing is a 404, of a deleted version one with its metadata, flat', async () => {
    const path = fresh()
    const patch = { body: { data: { a: 1 } } }
    expect((await send('PATCH', `data/${path}`, patch)).body.error_code).toBe(noSecretCode)
    await put(path)
    await send('PUT', `destroy/${path}`, { body: { versions: [1] } })
    const { status, body } = await send('PATCH', `data/${path}`, patch)
    expect(status).toBe(404)
    expect(body.data).toMatchObject({ version: 1, destroyed: true })
  })
})

describe('states', () => {
  test('go forth and back', async () => {
    const path = fresh()
    await put(path)
    await put(path)
    const versions = { body: { versions: ['1', 2, 99] } }
    expect((await send('POST', `delete/${path}`, versions)).status).toBe(204)
    expect((await send('POST', `undelete/${path}`, { body: { versions: [2] } })).status).toBe(204)
    expect((await send('PUT', `destroy/${path}`, { body: { versions: [1] } })).status).toBe(204)
    const { body } = await send('GET', `metadata/${path}`)
    expect(body.data.versions).toMatchObject({
      1: { destroyed: true, deletion_time: '2026-02-03T10:15:30.120Z' },
      2: { destroyed: false, deletion_time: '' },
    })
  })

  test.each(['delete', 'undelete', 'destroy'])(
    '%s wants versions, and ignores what is not there',
    async (endpoint) => {
      expect((await send('POST', `${endpoint}/nothing`, { body: { versions: [1] } })).status).toBe(
        204,
      )
      for (const body of [
        {},
        { versions: [] },
        { versions: null },
        { versions: ['x'] },
        { versions: [1.5] },
      ]) {
        expect((await send('POST', `${endpoint}/nothing`, { body })).status).toBe(400)
      }
    },
  )

  test('DELETE of data that is not there is done', async () => {
    expect((await send('DELETE', `data/${fresh()}`)).status).toBe(204)
  })
})

describe('subkeys', () => {
  test('are the keys without values', async () => {
    const path = fresh()
    await put(path, { a: { b: { c: 1 } }, d: [1] })
    expect((await send('GET', `subkeys/${path}`)).body.data.subkeys).toEqual({
      a: { b: { c: null } },
      d: null,
    })
    expect((await send('GET', `subkeys/${path}?depth=1`)).body.data.subkeys).toEqual({
      a: null,
      d: null,
    })
    await send('DELETE', `data/${path}`)
    expect(await send('GET', `subkeys/${path}`)).toMatchObject({ status: 404 })
  })
})

describe('metadata', () => {
  const set = (path: string, body: unknown) => send('POST', `metadata/${path}`, { body })

  test('reads back with a name for IAM and durations as they were written', async () => {
    const path = fresh()
    await put(path)
    expect((await set(path, { delete_version_after: '7d1h30m10s', max_versions: 5 })).status).toBe(
      204,
    )
    const { body } = await send('GET', `metadata/${path}`)
    expect(body.data).toMatchObject({
      urn: `urn:v1:local:resource:okms:${api.vault.id}/secret/${path}`,
      delete_version_after: '7d1h30m10s',
      max_versions: 5,
      oldest_version: 0,
      created_time: '2026-02-03T10:15:30.120Z',
    })
    const vault = await api.send('GET', `/v1/secret/metadata/${path}`)
    expect(vault.body.data.delete_version_after).toBe('169h30m10s')
  })

  test('set through the Vault address shows its duration as Go prints it', async () => {
    const path = fresh()
    await api.send('POST', `/v1/secret/metadata/${path}`, { body: { delete_version_after: '1d' } })
    expect((await send('GET', `metadata/${path}`)).body.data.delete_version_after).toBe('24h0m0s')
  })

  test.each([
    [{}, 204],
    [{ max_versions: null, cas_required: null }, 204],
    [{ deactivate_version_after: '1d' }, 204],
    [{ deactivate_version_after: '1d', delete_version_after: '1d' }, 400],
    [{ max_versions: 24_001 }, 400],
    [{ max_versions: -1 }, 400],
    [{ delete_version_after: '-1s' }, 400],
    [{ delete_version_after: 'soon' }, 400],
    [{ delete_version_after: true }, 400],
    [{ custom_metadata: { owner: 'team-a' } }, 204],
    [{ custom_metadata: { owner: 'Jean Dupont' } }, 400],
    [{ custom_metadata: { owner: '' } }, 400],
    [{ custom_metadata: { owner: 5 } }, 400],
    [{ custom_metadata: { ['k'.repeat(129)]: 'v' } }, 400],
    [{ custom_metadata: { k: 'v'.repeat(513) } }, 400],
    [{ custom_metadata: { k: 'v'.repeat(512), ['k'.repeat(128)]: 'v' } }, 204],
    [
      { custom_metadata: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`k${n}`, 'v'])) },
      400,
    ],
    [{ max_version: 1 }, 200],
  ])('%j is %i', async (body, status) => {
    const path = fresh()
    await put(path)
    const reply = await set(path, body)
    expect(reply.status).toBe(status)
    if (status === 200)
      expect(reply.body.warnings).toEqual(['unknown fields were ignored: max_version'])
  })

  test('names every problem of a request', async () => {
    const { body } = await set(fresh(), { max_versions: 'x', cas_required: 'y' })
    expect(body.errors).toHaveLength(2)
  })

  test('leaves what is absent, replaces custom metadata, and a patch merges and unsets', async () => {
    const path = fresh()
    await set(path, { max_versions: 3, cas_required: true, custom_metadata: { a: '1', b: '2' } })
    await set(path, { custom_metadata: { c: '3' } })
    const patch = { custom_metadata: { c: null, d: '4' }, max_versions: null }
    expect((await send('PATCH', `metadata/${path}`, { body: patch })).status).toBe(204)
    expect((await send('GET', `metadata/${path}`)).body.data).toMatchObject({
      max_versions: 0,
      cas_required: true,
      custom_metadata: { d: '4' },
      current_version: 0,
      versions: {},
    })
    await send('PATCH', `metadata/${path}`, {
      body: { custom_metadata: null, cas_required: null, delete_version_after: null },
    })
    expect((await send('GET', `metadata/${path}`)).body.data).toMatchObject({
      cas_required: false,
      custom_metadata: null,
      delete_version_after: '0s',
    })
  })

  test('warns of what the domain overrules', async () => {
    const path = fresh()
    await send('POST', 'config', { body: { cas_required: true, delete_version_after: '1h' } })
    const { status, body } = await set(path, { cas_required: false, delete_version_after: '2h' })
    await send('POST', 'config', { body: { cas_required: false, delete_version_after: '0s' } })
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual(['warnings'])
    expect(body.warnings).toHaveLength(2)
  })

  test('of nothing: reading and patching are 404, removing is done', async () => {
    const path = fresh()
    expect((await send('GET', `metadata/${path}`)).body.error_code).toBe(noSecretCode)
    const patch = { body: { max_versions: 1 } }
    expect((await send('PATCH', `metadata/${path}`, patch)).body.error_code).toBe(noSecretCode)
    expect((await send('DELETE', `metadata/${path}`)).status).toBe(204)
  })
})

describe('settings of the domain', () => {
  test('change one by one', async () => {
    expect((await send('POST', 'config', { body: { max_versions: 20 } })).status).toBe(204)
    expect(
      (await send('PUT', 'config', { body: { deactivate_version_after: '90d' } })).status,
    ).toBe(204)
    expect((await send('GET', 'config')).body.data).toEqual({
      cas_required: false,
      delete_version_after: '90d',
      max_versions: 20,
    })
    await send('POST', 'config', { body: { max_versions: 0, delete_version_after: '0s' } })
  })
})

describe('listing', () => {
  const size = (value: string) => ({ headers: { 'x-pagination-size': value } })

  test('gives one level, with and without the flag at the root', async () => {
    const path = fresh()
    await put(`${path}/a/b`)
    await put(`${path}/a`)
    for (const [method, query] of [
      ['GET', '?list=true'],
      ['GET', '/?list=T'],
      ['LIST', ''],
    ] as const) {
      expect((await send(method, `metadata/${path}${query}`)).body.data).toEqual({
        keys: ['a', 'a/'],
      })
    }
    for (const target of ['metadata', 'metadata/', 'metadata/?list=true']) {
      expect((await send('GET', target)).body.data.keys).toContain(`${path}/`)
    }
  })

  test('of an empty folder is a 404, of an empty domain an empty list', async () => {
    expect((await send('LIST', 'metadata/nothing')).status).toBe(404)
    const empty = await ApiUnderTest.create()
    const reply = await empty.send('GET', `${empty.okms}/v1/secret/metadata`)
    expect(reply.body.data).toEqual({ keys: [] })
    empty.close()
  })

  test('pages only when asked, and without an empty last page', async () => {
    const path = fresh()
    const names = Array.from({ length: 120 }, (_, n) => `n${String(n).padStart(3, '0')}`)
    for (const name of names) await put(`${path}/${name}`)
    const target = `metadata/${path}?list=true`
    expect((await send('GET', target)).body.data.keys).toEqual(names)
    const pages: string[][] = []
    let headers: Record<string, string> = { 'x-pagination-size': '40' }
    for (;;) {
      const reply = await send('GET', target, { headers })
      pages.push(reply.body.data.keys)
      const cursor = reply.headers.get('x-pagination-cursor-next')
      if (cursor === null) break
      expect(cursor).toMatch(/^[\w-]+$/)
      headers = { 'x-pagination-size': '40', 'x-pagination-cursor': cursor }
    }
    expect(pages.map((page) => page.length)).toEqual([40, 40, 40])
    expect(pages.flat()).toEqual(names)
  })

  test.each(['9', '101', 'x', '1e1', '010'])('refuses pages of %s', async (value) => {
    const { status, body } = await send('GET', 'metadata', size(value))
    expect(status).toBe(value === '010' ? 200 : 400)
    if (status === 400) expect(body.error_code).toBe(formCode)
  })

  test('refuses a cursor that is not its own', async () => {
    const headers = { 'x-pagination-cursor': 'bm90IG91cnM' }
    expect((await send('GET', 'metadata', { headers })).body.error_code).toBe(formCode)
  })
})

describe('paths', () => {
  test.each([
    ['a%20b', 400],
    ['caf%C3%A9', 400],
    ['a~b', 400],
    ['a%2Fb%2F', 400],
    ['a%2F%2Fb', 400],
    ['a%2F..%2Fb', 400],
    ['..', 400],
    ['a%00b', 400],
    ['a%ff', 400],
    ['a%2', 400],
    ['a//b', 404],
    ['x'.repeat(255), 200],
    ['x'.repeat(256), 400],
    ['A_b.c:d=e@f-g', 200],
    ['a/', 400],
  ])('%s is %i for a new secret', async (path, status) => {
    expect((await put(path)).status).toBe(status)
  })

  test('of another dialect are served, written and removed as they are', async () => {
    await api.send('POST', '/v1/secret/data/caf%C3%A9%20noir', { body: { data: { a: 1 } } })
    expect((await send('GET', 'data/caf%C3%A9%20noir')).status).toBe(200)
    expect((await put('caf%C3%A9%20noir', { b: 1 })).status).toBe(200)
    expect((await send('GET', 'metadata?list=true')).body.data.keys).toContain('café noir')
    expect((await send('DELETE', 'metadata/caf%C3%A9%20noir')).status).toBe(204)
  })
})

describe('around the routes', () => {
  test('an unknown one is 404, a known one with another method 405', async () => {
    const unknown = await send('GET', 'nothing/x')
    expect(unknown).toMatchObject({ status: 404, body: { error_code: 50_417_665 } })
    const { status, headers, body } = await send('DELETE', 'config')
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe('GET, POST, PUT')
    expect(body.error_code).toBe(formCode)
    expect((await send('OPTIONS', 'data/x')).headers.get('allow')).toBe(
      'DELETE, GET, PATCH, POST, PUT',
    )
  })

  test('HEAD is GET without a body', async () => {
    const path = fresh()
    await put(path)
    expect(await send('HEAD', `data/${path}`)).toMatchObject({ status: 200, text: '' })
  })

  test('another domain is 404', async () => {
    const other = '/api/00000000-0000-4000-8000-000000000000/v1/secret/config'
    expect((await api.send('GET', other)).body.error_code).toBe(16_994_305)
  })

  test('Vault clients learn that secret/ is version 2', async () => {
    const { status, body } = await api.send(
      'GET',
      `${api.okms}/v1/sys/internal/ui/mounts/secret/a/b`,
    )
    expect(status).toBe(200)
    expect(body.data).toMatchObject({ path: 'secret/', type: 'kv', options: { version: '2' } })
    expect((await api.send('GET', `${api.okms}/v1/sys/internal/ui/mounts/kv`)).status).toBe(403)
  })
})
