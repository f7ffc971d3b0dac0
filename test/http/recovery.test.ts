import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SecretPath } from '../../src-main/contract/model'
import type { Errand } from '../../src-main/kv/scope-rules'
import { Database } from '../../src-main/vault/database'
import { temporaryFolder } from '../vault/new-vault'
import type { ApiUnderTest, Sending } from './api-under-test'
import {
  backup,
  data,
  live,
  loadSnapshot,
  snapshotAndLater,
  snapshotApi,
  unknown,
} from './snapshot-api'

let api: ApiUnderTest
let rights: { mayDo: (errand: Errand) => boolean }
let folder: string

beforeEach(async () => {
  folder = temporaryFolder()
  ;({ api, rights } = await snapshotApi(folder))
})
afterEach(() => api.close())

const noData = { status: 400, body: { errors: ['no data provided'] } }
const idHeader = 'x-vault-recover-snapshot-id'
const sourceHeader = 'x-vault-recover-source-path'

describe('recovering', () => {
  const ways: [string, string, (id: string) => Sending, string][] = [
    ['RECOVER with the header', 'RECOVER', (id) => ({ headers: { [idHeader]: id } }), ''],
    ['POST with it', 'POST', (id) => ({ headers: { [idHeader]: id } }), ''],
    ['PUT as the command line', 'PUT', (id) => ({ headers: { [idHeader]: id } }), '?'],
    ['PUT with the parameter alone', 'PUT', () => ({}), '?'],
    [
      'a body of fields, which are ignored,',
      'PUT',
      (id) => ({ headers: { [idHeader]: id }, body: { data: { n: 5 }, options: { cas: 99 } } }),
      '',
    ],
    ['a body that is broken', 'POST', (id) => ({ headers: { [idHeader]: id }, text: '{' }), ''],
  ]

  test.each(ways)('version 2: %s adds the version of then', async (_, method, sending, query) => {
    const id = await snapshotAndLater(api)
    const target = `/v1/secret/data/a${query && `?recover_snapshot_id=${id}`}`
    const { status, body } = await api.send(method, target, sending(id))
    expect(status).toBe(200)
    expect(body.data).toMatchObject({ version: 4, created_time: '2026-02-03T10:16:30.12Z' })
    expect((await api.send('GET', '/v1/secret/data/a')).body.data.data).toEqual({ n: 2 })
    const old = await api.send('GET', '/v1/secret/data/a?version=3')
    expect(old.body.data.data).toEqual({ n: 9 })
  })

  test.each(ways)('version 1: %s puts back what was there', async (_, method, sending, query) => {
    const id = await snapshotAndLater(api)
    const target = `/v1/kv/a${query && `?recover_snapshot_id=${id}`}`
    expect(await api.send(method, target, sending(id))).toMatchObject({ status: 204, text: '' })
    expect((await api.send('GET', '/v1/kv/a')).text).toContain('"data":{"n":1.10,"ttl":"1h"}')
  })

  test('brings back what was removed since, without its old versions and metadata', async () => {
    await api.send('POST', '/v1/secret/metadata/a', { body: { custom_metadata: { k: 'v' } } })
    for (const n of [1, 2]) await api.send('POST', '/v1/secret/data/a', data(n))
    const headers = { [idHeader]: await loadSnapshot(api) }
    await api.send('DELETE', '/v1/secret/metadata/a')
    const { body } = await api.send('RECOVER', '/v1/secret/data/a', { headers })
    expect(body.data).toMatchObject({ version: 1, custom_metadata: null })
    expect((await api.send('GET', '/v1/secret/data/a')).body.data.data).toEqual({ n: 2 })
  })

  test.each([
    ['/v1/secret/data/x/y', 'secret/data/a', '/v1/secret/data/x/y', { n: 2 }],
    ['/v1/secret/data/a', '/secret/data/b/c', '/v1/secret/data/a', { n: 3 }],
    ['/v1/secret/data/a', 'secret/data/a', '/v1/secret/data/a', { n: 2 }],
    ['/v1/kv/x/y', 'kv/b/c', '/v1/kv/x/y', { n: 3 }],
  ])('%s from %s copies it', async (target, source, read, wanted) => {
    const headers = { [idHeader]: await snapshotAndLater(api), [sourceHeader]: source }
    expect((await api.send('PUT', target, { headers })).status).toBeLessThan(300)
    const { body } = await api.send('GET', read)
    expect(target.startsWith('/v1/kv') ? body.data : body.data.data).toEqual(wanted)
    expect((await api.send('GET', '/v1/secret/data/b/c')).body.data.data).toEqual({ n: 3 })
  })

  test('leaves a line that names the path it is from, where it is another', async () => {
    const headers = { [idHeader]: await snapshotAndLater(api) }
    const from = (source: string) => ({ headers: { ...headers, [sourceHeader]: source } })
    await api.send('RECOVER', '/v1/secret/data/a', from('secret/data/a'))
    await api.send('RECOVER', '/v1/secret/data/x', from('secret/data/b/c'))
    await api.send('RECOVER', '/v1/kv/y', from('kv/b/c'))
    rights.mayDo = ({ right, path }) => right !== 'readData' || path !== 'b/c'
    await api.send('RECOVER', '/v1/secret/data/x', from('secret/data/b/c'))
    const lines = api.vault.audit
      .page({ limit: 4 })
      .lines.map(({ mount, path, source, result }) => ({
        ...{ mount, path, result },
        ...(source === undefined ? {} : { source }),
      }))
    expect(lines).toEqual([
      { mount: 'secret', path: 'x', source: 'b/c', result: 403 },
      { mount: 'kv', path: 'y', source: 'b/c', result: 'ok' },
      { mount: 'secret', path: 'x', source: 'b/c', result: 'ok' },
      { mount: 'secret', path: 'a', result: 'ok' },
    ])
  })

  test('from a path with escapes and letters takes it literally', async () => {
    await api.send('POST', '/v1/secret/data/caf%C3%A9%2541', data(1))
    const source = Buffer.from('secret/data/café%41').toString('latin1')
    const headers = { [idHeader]: await loadSnapshot(api), [sourceHeader]: source }
    expect((await api.send('RECOVER', '/v1/secret/data/x', { headers })).status).toBe(200)
  })
})

describe('recovering is refused, and changes nothing,', () => {
  const shape = /recover source path/
  test.each<[string, string, (id: string) => Record<string, string>, number, string | RegExp]>([
    ['without an id', 'secret/data/a', () => ({}), 400, 'no snapshot in request'],
    ['without an id', 'kv/a', () => ({}), 400, 'no snapshot in request'],
    ['with an empty id', 'kv/a', () => ({ [idHeader]: '' }), 400, 'no snapshot in request'],
    ['with an unknown id', 'secret/data/a', () => ({ [idHeader]: unknown }), 404, /no such snap/],
    ['with an unknown id', 'kv/a', () => ({ [idHeader]: unknown }), 404, /no such snap/],
    ['at another endpoint', 'secret/metadata/a', (id) => ({ [idHeader]: id }), 405, /unsupported/],
    ['at the system', 'sys/mounts', (id) => ({ [idHeader]: id }), 405, /unsupported/],
    ['at the root', 'kv', (id) => ({ [idHeader]: id }), 400, 'missing path'],
    ['with a slash at the end', 'kv/a/', (id) => ({ [idHeader]: id }), 400, /ending in/],
    ...[
      ['secret/data/a', 'kv/a'],
      ['secret/data/a', 'secret/metadata/a'],
      ['secret/data/a', 'secret/data'],
      ['secret/data/a', 'secret/data/a/'],
      ['secret/data/a', 'data/a'],
      ['secret/data/a', `secret/data/${'x'.repeat(1025)}`],
      ['kv/a', 'kv'],
      ['kv/a', 'secret/data/a'],
    ].map(([target = '', source = '']): [string, string, Id, number, RegExp] => [
      `from ${source.slice(0, 20)}`,
      target,
      (id) => ({ [idHeader]: id, [sourceHeader]: source }),
      400,
      shape,
    ]),
    [
      'from a relative path',
      'secret/data/a',
      (id) => ({ [idHeader]: id, [sourceHeader]: 'secret/data/../data/a' }),
      400,
      /relative paths/,
    ],
  ])('%s: %s', async (_, target, headers, status, words) => {
    const id = await snapshotAndLater(api)
    const before = await live(api)
    const reply = await api.send('RECOVER', `/v1/${target}`, { headers: headers(id) })
    expect(reply.status).toBe(status)
    expect(reply.body.errors[0]).toMatch(words)
    expect(await live(api)).toBe(before)
  })

  test.each([
    ['was not there', 'secret/data/new'],
    ['was deleted', 'secret/data/gone'],
    ['was destroyed', 'secret/data/wiped'],
    ['was not there', 'kv/new'],
    ['was a folder only', 'kv/b'],
  ])('where it %s: %s', async (_, target) => {
    const headers = { [idHeader]: await snapshotAndLater(api) }
    const before = await live(api)
    expect(await api.send('PUT', `/v1/${target}`, { headers })).toMatchObject(noData)
    const from = { ...headers, [sourceHeader]: target }
    const elsewhere = target.replace(/\/[^/]+$/, '/a')
    expect(await api.send('PUT', `/v1/${elsewhere}`, { headers: from })).toMatchObject(noData)
    expect(await live(api)).toBe(before)
  })

  test('where it was an empty secret of version 1', async () => {
    const store = api.vault.stores().find(({ id }) => id.endsWith('/kv'))
    await store?.write(SecretPath.parse('a'), { mode: 'create', data: '{}' as never })
    const headers = { [idHeader]: await loadSnapshot(api) }
    expect(await api.send('RECOVER', '/v1/kv/a', { headers })).toMatchObject({
      status: 400,
      body: { errors: ['missing data fields'] },
    })
  })

  test('where a check-and-set is required, since none can be given', async () => {
    const headers = { [idHeader]: await snapshotAndLater(api) }
    await api.send('POST', '/v1/secret/metadata/a', { body: { cas_required: true } })
    const before = await live(api)
    const body = { options: { cas: 3 } }
    expect(await api.send('PUT', '/v1/secret/data/a', { headers, body })).toMatchObject({
      status: 400,
      body: { errors: ['check-and-set parameter required for this call'] },
    })
    expect(await live(api)).toBe(before)
  })

  test('by two ids that differ, and by methods that are no recovery', async () => {
    const id = await snapshotAndLater(api)
    const headers = { [idHeader]: id }
    const before = await live(api)
    const two = `/v1/kv/a?recover_snapshot_id=${unknown}`
    expect((await api.send('PUT', two, { headers })).status).toBe(400)
    for (const method of ['GET', 'LIST', 'DELETE', 'PATCH']) {
      expect((await api.send(method, '/v1/kv/a', { headers })).status).toBe(400)
    }
    expect(await live(api)).toBe(before)
  })

  test('with a source path alone, whose body is not written either', async () => {
    const before = await live(api)
    const sent = { headers: { [sourceHeader]: 'kv/b/c' }, body: { n: 5 } }
    expect((await api.send('POST', '/v1/kv/a', sent)).status).toBe(400)
    expect(await live(api)).toBe(before)
  })

  test('without the right to write, or to read the other path', async () => {
    const headers = { [idHeader]: await snapshotAndLater(api) }
    const before = await live(api)
    rights.mayDo = ({ right, path }) => right !== 'write' && path !== 'b/c'
    expect((await api.send('PUT', '/v1/kv/a', { headers })).status).toBe(403)
    rights.mayDo = ({ path }) => path !== 'b/c'
    const from = { ...headers, [sourceHeader]: 'kv/b/c' }
    expect((await api.send('PUT', '/v1/kv/a', { headers: from })).status).toBe(403)
    rights.mayDo = () => true
    expect(await live(api)).toBe(before)
    rights.mayDo = ({ right }) => right === 'write'
    expect((await api.send('PUT', '/v1/kv/a', { headers })).status).toBe(204)
  })

  test('from a record that was changed in the snapshot', async () => {
    for (const path of ['secret/data/a', 'kv/a']) await api.send('POST', `/v1/${path}`, data(1))
    const file = join(folder, 'damaged.coffret')
    writeFileSync(file, backup(api))
    const database = Database.open(file, 50)
    const damage = 'UPDATE records SET body = zeroblob(length(body)) WHERE kind = 4'
    database.write(() => database.run(damage))
    database.close()
    const id = await loadSnapshot(api, new Uint8Array(readFileSync(file)))
    const before = await live(api)
    for (const path of ['secret/data/a', 'kv/a']) {
      const headers = { [idHeader]: id }
      expect((await api.send('RECOVER', `/v1/${path}`, { headers })).status).toBe(500)
      expect((await api.send('GET', `/v1/${path}?read_snapshot_id=${id}`)).status).toBe(500)
    }
    expect(await live(api)).toBe(before)
  })
})

type Id = (id: string) => Record<string, string>
