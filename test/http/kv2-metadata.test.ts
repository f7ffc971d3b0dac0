import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiUnderTest } from './api-under-test'

let api: ApiUnderTest
let count = 0

beforeAll(async () => {
  api = await ApiUnderTest.create()
})
afterAll(() => api.close())

const fresh = () => `m${(count += 1)}`
const at = (path: string) => `/v1/secret/metadata/${path}`
const put = (path: string) =>
  api.send('POST', `/v1/secret/data/${path}`, { body: { data: { a: 1 } } })
const set = (path: string, body: unknown) => api.send('POST', at(path), { body })
const patch = (path: string, body: unknown) =>
  api.send('PATCH', at(path), { body, headers: { 'content-type': 'application/merge-patch+json' } })
const read = async (path: string) => (await api.send('GET', at(path))).body.data
const config = (body: unknown) => api.send('POST', '/v1/secret/config', { body })

describe('reading metadata', () => {
  test('gives settings, times and versions', async () => {
    const path = fresh()
    await put(path)
    expect(await read(path)).toEqual({
      cas_required: false,
      created_time: '2026-02-03T10:15:30.12Z',
      current_version: 1,
      custom_metadata: null,
      delete_version_after: '0s',
      max_versions: 0,
      oldest_version: 0,
      updated_time: '2026-02-03T10:15:30.12Z',
      versions: {
        1: { created_time: '2026-02-03T10:15:30.12Z', deletion_time: '', destroyed: false },
      },
    })
  })

  test('of nothing is a 404 without words', async () => {
    expect(await api.send('GET', at(fresh()))).toMatchObject({ status: 404, text: '{"errors":[]}' })
  })
})

describe('writing metadata', () => {
  test('creates a secret without versions, which is listed and has no data', async () => {
    const path = fresh()
    expect(await set(`${path}/x`, { max_versions: '5' })).toMatchObject({ status: 204, text: '' })
    expect(await read(`${path}/x`)).toMatchObject({
      current_version: 0,
      versions: {},
      max_versions: 5,
    })
    expect((await api.send('LIST', at(path))).body.data.keys).toEqual(['x'])
  })

  test.each([{}, { unknown: 1 }, { current_version: 7 }])(
    'with %j does nothing, not even create',
    async (body) => {
      const path = fresh()
      expect(await set(path, body)).toMatchObject({ status: 204, text: '' })
      expect((await api.send('GET', at(path))).status).toBe(404)
    },
  )

  test('changes only what is given, and replaces custom metadata as a whole', async () => {
    const path = fresh()
    await set(path, { max_versions: 3, cas_required: 'true', custom_metadata: { a: '1', b: '2' } })
    await set(path, { custom_metadata: { c: 5, d: 1.5, e: true, f: false } })
    expect(await read(path)).toMatchObject({
      max_versions: 3,
      cas_required: true,
      custom_metadata: { c: '5', d: '1.5', e: '1', f: '0' },
    })
    await set(path, { custom_metadata: null })
    expect((await read(path)).custom_metadata).toBeNull()
  })

  test.each([
    ['3h25m19s', '3h25m19s'],
    ['30m', '30m0s'],
    [90, '1m30s'],
    ['86400', '24h0m0s'],
    ['1d', '24h0m0s'],
    ['1500ms', '1s'],
    ['', '0s'],
    ['0s', '0s'],
  ])('takes %j as a duration and shows %s', async (given, shown) => {
    const path = fresh()
    await set(path, { delete_version_after: given, max_versions: 1 })
    expect((await read(path)).delete_version_after).toBe(shown)
  })

  test.each([1.5, '1.5', true, 'abc', '1d12h', -1, '-1s', '101w'])(
    'refuses %j as a duration',
    async (given) => {
      const path = fresh()
      const { status, body } = await set(path, { delete_version_after: given })
      expect(status).toBe(400)
      expect(body.errors[0]).toContain('delete_version_after')
      expect((await api.send('GET', at(path))).status).toBe(404)
    },
  )

  test.each([
    [{ max_versions: -1 }, 'max_versions'],
    [{ max_versions: 1.5 }, 'max_versions'],
    [{ cas_required: 'yes' }, 'cas_required'],
    [{ cas_required: 2 }, 'cas_required'],
    [{ custom_metadata: 'x' }, 'custom_metadata'],
    [{ custom_metadata: { a: {} } }, 'custom_metadata'],
    [{ custom_metadata: { a: [] } }, 'custom_metadata'],
  ])('refuses %j, naming the field', async (body, field) => {
    const reply = await set(fresh(), body)
    expect(reply.status).toBe(400)
    expect(reply.body.errors[0]).toContain(field)
  })

  test('warns where the mount requires check-and-set, and stores what was asked', async () => {
    const path = fresh()
    await config({ cas_required: true })
    const { status, body } = await set(path, { cas_required: false })
    await config({ cas_required: false })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      data: null,
      warnings: [
        '"cas_required" set to false, but is mandated by backend config. This value will be ignored.',
      ],
    })
    expect((await read(path)).cas_required).toBe(false)
  })

  test('does not move the time of the last version', async () => {
    const path = fresh()
    await put(path)
    const { updated_time: before } = await read(path)
    api.advance(1000)
    await set(path, { max_versions: 7 })
    expect((await read(path)).updated_time).toBe(before)
  })
})

describe('patching metadata', () => {
  test('merges custom metadata and resets by null', async () => {
    const path = fresh()
    await set(path, {
      max_versions: 3,
      cas_required: true,
      delete_version_after: '1h',
      custom_metadata: { a: '1', b: '2' },
    })
    expect(
      (await patch(path, { custom_metadata: { a: null, c: 3 }, max_versions: null })).status,
    ).toBe(204)
    expect(await read(path)).toMatchObject({
      max_versions: 0,
      cas_required: true,
      delete_version_after: '1h0m0s',
      custom_metadata: { b: '2', c: '3' },
    })
    await patch(path, { custom_metadata: null, cas_required: null, delete_version_after: null })
    expect(await read(path)).toMatchObject({
      cas_required: false,
      delete_version_after: '1h0m0s',
      custom_metadata: null,
    })
    await patch(path, { delete_version_after: '0s' })
    expect((await read(path)).delete_version_after).toBe('0s')
  })

  test('of nothing is a 404 without a body', async () => {
    expect(await patch(fresh(), { max_versions: 1 })).toMatchObject({ status: 404, text: '' })
  })

  test('ignores what the server manages, and makes no version', async () => {
    const path = fresh()
    await put(path)
    await patch(path, { current_version: 9, versions: {}, max_versions: 4 })
    expect(await read(path)).toMatchObject({ current_version: 1, max_versions: 4 })
  })
})

describe('removing', () => {
  test('takes everything, and versions begin at 1 again', async () => {
    const path = fresh()
    await put(path)
    await put(path)
    expect((await api.send('DELETE', at(path))).status).toBe(204)
    expect((await api.send('DELETE', at(path))).status).toBe(204)
    expect((await api.send('GET', at(path))).status).toBe(404)
    expect((await put(path)).body.data.version).toBe(1)
  })
})

describe('listing', () => {
  test('gives names and folders in byte order, each once', async () => {
    const path = fresh()
    for (const name of ['b', 'a/x', 'a/y', 'a', 'a-b', '～', '🔑', 'Z']) {
      await put(`${path}/${encodeURIComponent(name).replaceAll('%2F', '/')}`)
    }
    const keys = ['Z', 'a', 'a-b', 'a/', 'b', '～', '🔑']
    for (const [method, query] of [
      ['LIST', ''],
      ['LIST', '/'],
      ['GET', '?list=true'],
      ['GET', '/?list=1'],
    ] as const) {
      expect((await api.send(method, `${at(path)}${query}`)).body.data).toEqual({ keys })
    }
  })

  test.each([
    ['?limit=2', ['a', 'b']],
    ['?after=b', ['c', 'd/']],
    ['?after=aa&limit=2', ['b', 'c']],
    ['?after=c&limit=0', ['d/']],
    ['?limit=-1', ['a', 'b', 'c', 'd/']],
  ])('with %s gives %j', async (query, keys) => {
    const path = fresh()
    for (const name of ['a', 'b', 'c', 'd/e']) await put(`${path}/${name}`)
    expect((await api.send('LIST', at(path) + query)).body.data.keys).toEqual(keys)
  })

  test('past the end, of a plain secret and of nothing is a 404 without words', async () => {
    const path = fresh()
    await put(`${path}/a`)
    for (const target of [`${at(path)}?after=a`, at(`${path}/a`), at('nothing')]) {
      expect(await api.send('LIST', target)).toMatchObject({ status: 404, text: '{"errors":[]}' })
    }
    expect((await api.send('LIST', `${at(path)}?limit=x`)).status).toBe(400)
  })

  test('of the root works without a slash', async () => {
    const path = fresh()
    await put(path)
    for (const target of ['/v1/secret/metadata', '/v1/secret/metadata/']) {
      expect((await api.send('LIST', target)).body.data.keys).toContain(path)
    }
  })

  test('warns of parameters that it does not know', async () => {
    const path = fresh()
    await put(`${path}/a`)
    const { body } = await api.send('GET', `${at(path)}?list=true&foo=1`)
    expect(body.warnings).toEqual(['Endpoint ignored these unrecognized parameters: [foo]'])
  })
})

describe('the settings of a mount', () => {
  test('begin unset, change one by one and read back as Go prints them', async () => {
    expect((await api.send('GET', '/v1/secret/config')).body.data).toEqual({
      cas_required: false,
      delete_version_after: '0s',
      max_versions: 0,
    })
    expect((await config({ max_versions: '4' })).status).toBe(204)
    await api.send('PUT', '/v1/secret/config', { body: { delete_version_after: '90m' } })
    expect((await api.send('GET', '/v1/secret/config')).body.data).toEqual({
      cas_required: false,
      delete_version_after: '1h30m0s',
      max_versions: 4,
    })
    expect((await config({})).status).toBe(204)
    expect((await config({ max_versions: 0, delete_version_after: 0 })).status).toBe(204)
  })

  test.each(['PATCH', 'DELETE'])('have no %s', async (method) => {
    const headers = { 'content-type': 'application/merge-patch+json' }
    const { status, body } = await api.send(method, '/v1/secret/config', { headers })
    expect(status).toBe(405)
    expect(body).toEqual({ errors: ['1 error occurred:\n\t* unsupported operation\n\n'] })
  })
})
