import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringifyJson } from '../../src-main/contract/json'
import { ApiUnderTest } from './api-under-test'

let api: ApiUnderTest
let count = 0

beforeAll(async () => {
  api = await ApiUnderTest.create()
})
afterAll(() => api.close())

/** A path that no other test uses. */
const fresh = () => `s${(count += 1)}`
const put = (path: string, data: unknown = { a: 1 }, options: unknown = {}) =>
  api.send('POST', `/v1/secret/data/${path}`, { body: { data, options } })
const get = (path: string, query = '') => api.send('GET', `/v1/secret/data/${path}${query}`)
const merge = { 'content-type': 'application/merge-patch+json' }
const patch = (path: string, body: unknown) =>
  api.send('PATCH', `/v1/secret/data/${path}`, { body, headers: merge })

describe('writing', () => {
  test('answers the metadata of the new version in the wrapper', async () => {
    const { status, body } = await put(fresh())
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual([
      ...['request_id', 'lease_id', 'renewable', 'lease_duration', 'data', 'wrap_info'],
      ...['warnings', 'auth', 'mount_type'],
    ])
    expect(body).toMatchObject({ lease_id: '', lease_duration: 0, wrap_info: null, auth: null })
    expect(body.data).toEqual({
      created_time: '2026-02-03T10:15:30.12Z',
      custom_metadata: null,
      deletion_time: '',
      destroyed: false,
      version: 1,
    })
  })

  test('counts versions up, by POST and PUT alike', async () => {
    const path = fresh()
    await put(path)
    const { body } = await api.send('PUT', `/v1/secret/data/${path}`, { body: { data: {} } })
    expect(body.data.version).toBe(2)
  })

  test.each([
    ['no body', undefined],
    ['an empty body', ''],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['fields without the wrapper', '{"password":"x"}'],
    ['data that is null', '{"data":null}'],
  ])('refuses %s: no data provided', async (_name, text) => {
    const path = fresh()
    const { status, body } = await api.send(
      'POST',
      `/v1/secret/data/${path}`,
      text === undefined ? {} : { text },
    )
    expect(status).toBe(400)
    expect(body).toEqual({ errors: ['no data provided'] })
    expect((await api.send('GET', `/v1/secret/metadata/${path}`)).status).toBe(404)
  })

  test.each(['{', '{"data":{}} x', '[1]', '"text"', '{"data":{"n":1e400}}'])(
    'refuses %s as JSON',
    async (text) => {
      const { status, body } = await api.send('POST', `/v1/secret/data/${fresh()}`, { text })
      expect(status).toBe(400)
      expect(body.errors[0]).not.toBe('')
    },
  )

  test.each([
    ['text', '{"data":"x"}'],
    ['a number', '{"data":1}'],
    ['an array of numbers', '{"data":[1]}'],
  ])('refuses data that is %s and names the field', async (_name, text) => {
    const { status, body } = await api.send('POST', `/v1/secret/data/${fresh()}`, { text })
    expect(status).toBe(400)
    expect(body.errors[0]).toContain('"data"')
  })

  test('merges data that is an array of objects, and takes an empty one as empty', async () => {
    const path = fresh()
    await put(path, [{ a: 1 }, { b: 2, a: 3 }])
    expect((await get(path)).body.data.data).toEqual({ a: 3, b: 2 })
    await put(path, [])
    expect((await get(path)).body.data.data).toEqual({})
  })

  test('takes JSON that curl calls a form, and a form that is one', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const path = fresh()
    const sent = { text: ' {"data":{"a":"b"}}', headers }
    expect((await api.send('POST', `/v1/secret/data/${path}`, sent)).status).toBe(200)
    const form = { text: 'a=1&b=x%20y+z&a=2', headers }
    expect((await api.send('POST', `/v1/kv/${path}`, form)).status).toBe(204)
    expect((await api.send('GET', `/v1/kv/${path}`)).body.data).toEqual({ a: '1,2', b: 'x y z' })
  })

  test('lets the later of two equal keys win, and mends half a surrogate pair', async () => {
    const path = fresh()
    const text = '{"data":{"a":1,"a":2,"b":"\\ud800x"}}'
    await api.send('POST', `/v1/secret/data/${path}`, { text })
    expect((await get(path)).body.data.data).toEqual({ a: 2, b: '\ufffdx' })
  })

  test('warns of fields that it does not know, sorted, and of a field named path', async () => {
    const sent = { body: { data: {}, zoo: 1, bar: 2, path: 'x' } }
    const { body } = await api.send('POST', `/v1/secret/data/${fresh()}`, sent)
    expect(body.warnings).toEqual([
      'Endpoint ignored these unrecognized parameters: [bar zoo]',
      "Endpoint replaced the value of these parameters with the values captured from the endpoint's path: [path]",
    ])
  })

  test('refuses a field of the endpoint that does not convert, although it is not used', async () => {
    const sent = { body: { data: {}, version: 'x' } }
    const { status, body } = await api.send('POST', `/v1/secret/data/${fresh()}`, sent)
    expect(status).toBe(400)
    expect(body.errors[0]).toContain('"version"')
  })

  test.each([
    [1_048_576, 200],
    [1_048_577, 413],
  ])('takes data of exactly 1 MiB: %i bytes are %i', async (bytes, expected) => {
    const value = 'x'.repeat(bytes - '{"a":""}'.length)
    expect((await put(fresh(), { a: value })).status).toBe(expected)
  })

  test('refuses a request over 4 MiB before reading it', async () => {
    const { status, body } = await put(fresh(), { a: 'x'.repeat(4_194_305) })
    expect(status).toBe(413)
    expect(body).toEqual({ errors: ['http: request body too large'] })
  })

  test.each([
    [128, 200],
    [129, 400],
    [100_000, 400],
  ])('takes data of 128 levels: %i levels are %i', async (levels, expected) => {
    const text = `{"data":${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels)}`
    expect((await api.send('POST', `/v1/secret/data/${fresh()}`, { text })).status).toBe(expected)
  })
})

describe('check-and-set', () => {
  const mismatch = 'check-and-set parameter did not match the current version'

  test.each([
    [0, undefined],
    ['0', undefined],
    [null, undefined],
    ['', undefined],
    [false, undefined],
    [1, mismatch],
    [true, mismatch],
    [-1, mismatch],
    ['0x1', mismatch],
    [1.5, 'error parsing check-and-set parameter'],
    ['x', 'error parsing check-and-set parameter'],
    [{}, 'error parsing check-and-set parameter'],
  ])('%j on nothing: %s', async (cas, problem) => {
    const path = fresh()
    const { status, body } = await put(path, { a: 1 }, { cas })
    expect(status).toBe(problem === undefined ? 200 : 400)
    if (problem === undefined) return
    expect(body).toEqual({ errors: [problem] })
    expect((await api.send('GET', `/v1/secret/metadata/${path}`)).status).toBe(404)
  })

  test('counts the current version whatever its state', async () => {
    const path = fresh()
    await put(path)
    await api.send('DELETE', `/v1/secret/data/${path}`)
    expect((await put(path, {}, { cas: 0 })).status).toBe(400)
    expect((await put(path, {}, { cas: 1 })).status).toBe(200)
    await api.send('POST', `/v1/secret/destroy/${path}`, { body: { versions: [2] } })
    expect((await put(path, {}, { cas: 0 })).status).toBe(400)
    expect((await put(path, {}, { cas: 2 })).status).toBe(200)
  })

  test('0 fits a secret that has metadata only, and one that was removed', async () => {
    const path = fresh()
    await api.send('POST', `/v1/secret/metadata/${path}`, { body: { max_versions: 3 } })
    expect((await put(path, {}, { cas: 0 })).status).toBe(200)
    await api.send('DELETE', `/v1/secret/metadata/${path}`)
    expect((await put(path, {}, { cas: 0 })).body.data.version).toBe(1)
  })

  test('is required where the secret says so', async () => {
    const path = fresh()
    await api.send('POST', `/v1/secret/metadata/${path}`, { body: { cas_required: true } })
    const { status, body } = await put(path)
    expect(status).toBe(400)
    expect(body).toEqual({ errors: ['check-and-set parameter required for this call'] })
    expect((await put(path, {}, { cas: 0 })).status).toBe(200)
  })

  test('lets one of two writers with the same number through', async () => {
    const path = fresh()
    await put(path)
    const replies = await Promise.all([1, 1].map((cas) => put(path, {}, { cas })))
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400])
  })
})

describe('reading', () => {
  test.each(['', '?version=0', '?version=', '?version=-1', '?version=2', '?version=0x2'])(
    'with %j gives the latest of two versions',
    async (query) => {
      const path = fresh()
      await put(path, { n: 1 })
      await put(path, { n: 2 })
      const { status, body } = await get(path, query)
      expect(status).toBe(200)
      expect(body.data.data).toEqual({ n: 2 })
      expect(body.data.metadata.version).toBe(2)
    },
  )

  test.each(['?version=x', '?version=1.5', '?version=1&version=2', '?list=maybe'])(
    'refuses %s',
    async (query) => {
      const path = fresh()
      await put(path)
      expect((await get(path, query)).status).toBe(400)
    },
  )

  test('list=false is a plain read', async () => {
    const path = fresh()
    await put(path)
    expect((await get(path, '?list=false')).body.data.data).toEqual({ a: 1 })
  })

  test('rounds numbers as a float64 does, and keeps the rest', async () => {
    const path = fresh()
    const data = '{"10":1.10,"2":9007199254740993,"big":1e30,"one":1.0,"__proto__":{"x":-0},"e":{}}'
    await api.send('POST', `/v1/secret/data/${path}`, { text: `{"data":${data}}` })
    const { exact } = await get(path)
    const read = (exact.get('data') as ReadonlyMap<string, never>).get('data')
    expect(stringifyJson(read ?? null)).toBe(
      '{"10":1.1,"2":9007199254740992,"big":1e+30,"one":1,"__proto__":{"x":-0},"e":{}}',
    )
  })

  test('finds nothing: 404 without words', async () => {
    const path = fresh()
    expect(await get(path)).toMatchObject({ status: 404, text: '{"errors":[]}' })
    await put(path)
    expect(await get(path, '?version=9')).toMatchObject({ status: 404, text: '{"errors":[]}' })
    const bare = fresh()
    await api.send('POST', `/v1/secret/metadata/${bare}`, { body: { max_versions: 1 } })
    expect(await get(bare)).toMatchObject({ status: 404, text: '{"errors":[]}' })
  })

  test('of a deleted version is a 404 in the wrapper, with metadata', async () => {
    const path = fresh()
    await put(path)
    await api.send('DELETE', `/v1/secret/data/${path}`)
    const { status, body } = await get(path)
    expect(status).toBe(404)
    expect(body).not.toHaveProperty('errors')
    expect(body.data.data).toBeNull()
    expect(body.data.metadata).toMatchObject({ version: 1, destroyed: false })
    expect(body.data.metadata.deletion_time).not.toBe('')
  })

  test('of a destroyed version is a 404 with metadata, and no older version instead', async () => {
    const path = fresh()
    await put(path)
    await put(path)
    await api.send('PUT', `/v1/secret/destroy/${path}`, { body: { versions: ['2'] } })
    const { status, body } = await get(path)
    expect(status).toBe(404)
    expect(body.data.metadata).toMatchObject({ version: 2, destroyed: true, deletion_time: '' })
    expect((await get(path, '?version=1')).status).toBe(200)
  })

  test('of a dropped version finds nothing', async () => {
    const path = fresh()
    await api.send('POST', `/v1/secret/metadata/${path}`, { body: { max_versions: 2 } })
    for (let n = 0; n < 13; n += 1) await put(path, { n })
    expect((await get(path, '?version=3')).status).toBe(404)
    const { body } = await api.send('GET', `/v1/secret/metadata/${path}`)
    // The larger of 2 and the default of the mount, which is unset, is 2.
    expect(body.data).toMatchObject({ current_version: 13, oldest_version: 12 })
    expect(Object.keys(body.data.versions)).toEqual(['12', '13'])
  })
})

describe('patching', () => {
  test('merges into a new version', async () => {
    const path = fresh()
    await put(path, { a: 1, n: { x: 1, y: 2 }, l: [1] })
    const { status, body } = await patch(path, {
      data: { b: 2, n: { x: null, z: { q: null, r: 1 } }, l: [2] },
    })
    expect(status).toBe(200)
    expect(body.data.version).toBe(2)
    expect((await get(path)).body.data.data).toEqual({
      a: 1,
      b: 2,
      n: { y: 2, z: { r: 1 } },
      l: [2],
    })
  })

  test('with empty data still makes a version', async () => {
    const path = fresh()
    await put(path)
    expect((await patch(path, { data: {} })).body.data.version).toBe(2)
  })

  test.each([
    [undefined, 400, 'mime: no media type'],
    [
      'application/json',
      415,
      'PATCH requires Content-Type of application/merge-patch+json, provided application/json',
    ],
  ])('with content type %s is %i', async (type, status, problem) => {
    const path = fresh()
    await put(path)
    const request = new Request('http://x/', {
      method: 'PATCH',
      body: new TextEncoder().encode('{}'),
    })
    if (type !== undefined) request.headers.set('content-type', type)
    const response = await api.api.fetch(request, { rawTarget: `/v1/secret/data/${path}` })
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({ errors: [problem] })
  })

  test('takes a content type with parameters', async () => {
    const path = fresh()
    await put(path)
    const headers = { 'content-type': 'Application/Merge-Patch+JSON; charset=utf-8' }
    const sent = { body: { data: {} }, headers }
    expect((await api.send('PATCH', `/v1/secret/data/${path}`, sent)).status).toBe(200)
  })

  test('of nothing is a 404 without a body, also where there is only metadata', async () => {
    const path = fresh()
    expect(await patch(path, { data: { a: 1 } })).toMatchObject({ status: 404, text: '' })
    await api.send('POST', `/v1/secret/metadata/${path}`, { body: { max_versions: 1 } })
    expect(await patch(path, { data: { a: 1 } })).toMatchObject({ status: 404, text: '' })
  })

  test.each([{}, { data: null }])(
    'of %j says that data is missing, before all else',
    async (body) => {
      expect(await patch(fresh(), body)).toMatchObject({
        status: 400,
        body: { errors: ['no data provided'] },
      })
    },
  )

  test('of a deleted version is a 404 in the wrapper, its metadata flat', async () => {
    const path = fresh()
    await put(path)
    await api.send('DELETE', `/v1/secret/data/${path}`)
    const { status, body } = await patch(path, { data: { b: 1 } })
    expect(status).toBe(404)
    expect(body.data).toMatchObject({ version: 1, destroyed: false, custom_metadata: null })
    const wrong = await patch(path, { data: { b: 1 }, options: { cas: 7 } })
    expect(wrong.body.errors[0]).toContain('did not match the current version')
  })

  test('cas 0 never matches', async () => {
    const path = fresh()
    await put(path)
    expect((await patch(path, { data: {}, options: { cas: 0 } })).status).toBe(400)
    expect((await patch(path, { data: {}, options: { cas: 1 } })).status).toBe(200)
  })
})

describe('subkeys', () => {
  const subkeys = (path: string, query = '') =>
    api.send('GET', `/v1/secret/subkeys/${path}${query}`)

  test.each([
    ['', { a: null, b: { c: { d: null }, e: null }, f: null, g: null }],
    ['?depth=0', { a: null, b: { c: { d: null }, e: null }, f: null, g: null }],
    ['?depth=1', { a: null, b: null, f: null, g: null }],
    ['?depth=2', { a: null, b: { c: null, e: null }, f: null, g: null }],
    ['?depth=-2', { a: null, b: null, f: null, g: null }],
  ])('%s gives keys without values', async (query, expected) => {
    const path = fresh()
    await put(path, { a: 1, b: { c: { d: 'x' }, e: null }, f: [1], g: {} })
    const { body } = await subkeys(path, query)
    expect(body.data.subkeys).toEqual(expected)
    expect(body.data.metadata.version).toBe(1)
  })

  test('of a deleted version are null, in a 404 with metadata', async () => {
    const path = fresh()
    await put(path, {})
    expect((await subkeys(path)).body.data.subkeys).toEqual({})
    await api.send('DELETE', `/v1/secret/data/${path}`)
    const { status, body } = await subkeys(path)
    expect(status).toBe(404)
    expect(body.data).toMatchObject({ subkeys: null, metadata: { version: 1 } })
  })

  test.each([
    ['missing', '', 404],
    ['with a bad depth', '?depth=x', 400],
    ['with a bad version', '?version=1.5', 400],
  ])('%s: %s is %i', async (_name, query, status) => {
    expect((await subkeys(fresh(), query)).status).toBe(status)
  })
})
