import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiUnderTest } from './api-under-test'

let api: ApiUnderTest
let count = 0

beforeAll(async () => {
  api = await ApiUnderTest.create()
})
afterAll(() => api.close())

const fresh = () => `k${(count += 1)}`
const at = (path: string) => `/v1/kv/${path}`
const put = (path: string, text = '{"a":1}') => api.send('POST', at(path), { text })

describe('a secret', () => {
  test('comes back exactly as it was written', async () => {
    const path = fresh()
    const text =
      '{"n":1.10,"10":9007199254740993,"2":123456789012345678901234567890,"e":{},"__proto__":{"x":1.0}}'
    expect(await put(path, text)).toMatchObject({ status: 204, text: '' })
    const reply = await api.send('GET', at(path))
    expect(reply.text).toContain(`"data":${text}`)
  })

  test('is replaced as a whole, and may have any fields', async () => {
    const path = fresh()
    await put(path, '{"a":1,"b":2}')
    const fields = { data: {}, options: 1, path: 'p', version: 'v', list: true }
    expect((await api.send('PUT', at(path), { body: fields })).status).toBe(204)
    const { body } = await api.send('GET', at(path))
    expect(body.data).toEqual(fields)
    expect(body.warnings).toBeNull()
  })

  test.each(['', '{}', 'null'])('with %j has no fields: 400', async (text) => {
    expect(await api.send('POST', at(fresh()), { text })).toMatchObject({
      status: 400,
      body: { errors: ['missing data fields'] },
    })
  })

  test('named like an endpoint of version 2 is one like any other', async () => {
    for (const path of ['data/x', 'metadata', 'config', 'constructor', '__proto__', 'toString']) {
      expect((await put(path)).status).toBe(204)
      expect((await api.send('GET', at(path))).body.data).toEqual({ a: 1 })
    }
  })

  test('is removed with what lies below it left alone', async () => {
    const path = fresh()
    await put(path)
    await put(`${path}/bar`)
    expect((await api.send('DELETE', at(path))).status).toBe(204)
    expect((await api.send('DELETE', at(path))).status).toBe(204)
    expect(await api.send('GET', at(path))).toMatchObject({ status: 404, text: '{"errors":[]}' })
    expect((await api.send('GET', at(`${path}/bar`))).status).toBe(200)
  })

  test('cannot be patched', async () => {
    const headers = { 'content-type': 'application/merge-patch+json' }
    const { status, body } = await api.send('PATCH', at(fresh()), { body: {}, headers })
    expect(status).toBe(405)
    expect(body.errors[0]).toContain('unsupported operation')
  })
})

describe('the lease', () => {
  test.each([
    ['{"a":1}', 2_764_800],
    ['{"ttl":"1h"}', 3600],
    ['{"ttl":90}', 90],
    ['{"ttl":"90"}', 90],
    ['{"ttl":"1d"}', 86_400],
    ['{"ttl":"1.5h"}', 5400],
    ['{"ttl":"1500ms"}', 1],
    ['{"ttl":"9999h"}', 35_996_400],
    ['{"lease":"2h"}', 7200],
    ['{"ttl":"soon","lease":"2h"}', 2_764_800],
    ['{"ttl":{}}', 2_764_800],
    ['{"ttl":null}', 0],
    ['{"ttl":"0"}', 0],
    ['{"ttl":"-5s"}', -5],
  ])('of %s is %i seconds, and the field stays', async (text, seconds) => {
    const path = fresh()
    await put(path, text)
    const { body } = await api.send('GET', at(path))
    expect(body).toMatchObject({ lease_duration: seconds, lease_id: '', renewable: false })
    expect(body.data).toEqual(JSON.parse(text))
  })
})

describe('listing', () => {
  test('gives names and folders, with a lease of 0', async () => {
    const path = fresh()
    for (const name of ['b', 'a/x', 'a']) await put(`${path}/${name}`)
    const { body } = await api.send('LIST', at(path))
    expect(body.data).toEqual({ keys: ['a', 'a/', 'b'] })
    expect(body.lease_duration).toBe(0)
    expect((await api.send('GET', `${at(path)}/?list=true`)).body.data).toEqual(body.data)
  })

  test('of the root names every secret', async () => {
    const path = fresh()
    await put(path)
    expect((await api.send('LIST', '/v1/kv')).body.data.keys).toContain(path)
  })

  test('of nothing is a 404', async () => {
    expect((await api.send('LIST', at('nothing'))).status).toBe(404)
  })
})

test('the root is no secret', async () => {
  expect((await api.send('GET', '/v1/kv')).status).toBe(404)
  expect((await api.send('DELETE', '/v1/kv')).status).toBe(404)
  expect(await api.send('POST', '/v1/kv', { body: { a: 1 } })).toMatchObject({
    status: 400,
    body: { errors: ['missing path'] },
  })
})

test('a name with a slash at its end is another, and no secret', async () => {
  const path = fresh()
  await put(path)
  expect(await api.send('GET', at(`${path}/`))).toMatchObject({
    status: 404,
    text: '{"errors":[]}',
  })
  expect((await api.send('DELETE', at(`${path}/`))).status).toBe(204)
  expect((await api.send('GET', at(path))).status).toBe(200)
})
