import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SecretPath } from '../../src-main/contract/model'
import type { Errand } from '../../src-main/kv/scope-rules'
import { secretMount, temporaryFolder } from '../vault/new-vault'
import { ApiUnderTest } from './api-under-test'
import {
  backup,
  data,
  live,
  load,
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

describe('loading', () => {
  test('answers what it is, and is then ready', async () => {
    const { status, body } = await api.send('POST', load, { bytes: backup(api) })
    const { snapshot_id: id, ...rest } = body.data
    expect(status).toBe(200)
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    const known = {
      cluster_id: api.vault.id,
      created_at: '2026-02-03T10:15:30.12Z',
      expires_at: '2026-02-06T10:15:30.12Z',
    }
    expect(rest).toEqual({ ...known, status: 'loading' })
    const read = await api.send('GET', `${load}/${id}`)
    expect(read.body.data).toEqual({ snapshot_id: id, ...known, status: 'ready' })
    expect(read.body.mount_type).toBe('system')
  })

  test('is listed by id, and unloaded', async () => {
    expect(await api.send('LIST', load)).toMatchObject({ status: 404, text: '{"errors":[]}' })
    const ids = [await loadSnapshot(api), await loadSnapshot(api)]
    expect((await api.send('LIST', load)).body.data).toEqual({ keys: ids })
    expect((await api.send('GET', `${load}/?list=true`)).body.data).toEqual({ keys: ids })
    expect(await api.send('DELETE', `${load}/${ids[0]}`)).toMatchObject({ status: 204, text: '' })
    expect((await api.send('LIST', load)).body.data).toEqual({ keys: [ids[1]] })
    expect(readdirSync(folder)).toHaveLength(1)
  })

  test.each(['GET', 'DELETE'])('%s of an unknown one is 404 and says so', async (method) => {
    expect(await api.send(method, `${load}/${unknown}`)).toMatchObject({
      status: 404,
      body: { errors: ['no such snapshot is loaded'] },
    })
  })

  test.each<[string, () => Uint8Array<ArrayBuffer> | undefined, number, string]>([
    ['no body', () => undefined, 400, 'does not begin as a Coffret vault'],
    ['other bytes', () => new Uint8Array(500), 400, 'does not begin as a Coffret vault'],
    ['half of the file', () => backup(api).slice(0, 8192), 400, 'not a snapshot of this vault'],
    ['too many bytes', () => new Uint8Array(200_001), 413, 'at most 200000 bytes'],
  ])('%s is refused with words', async (_, bytes, status, words) => {
    const sent = bytes()
    const reply = await api.send('POST', load, sent === undefined ? {} : { bytes: sent })
    expect(reply.status).toBe(status)
    expect(reply.body.errors[0]).toContain(words)
    expect(readdirSync(folder)).toEqual([])
  })

  test('what declares too many bytes is refused before one is read', async () => {
    let isRead = false
    const body = new ReadableStream({ pull: () => void (isRead = true) }, { highWaterMark: 0 })
    const headers = { 'content-length': '200001' }
    // Where a body streams, undici wants the duplex that the types do not know.
    const init = { method: 'POST', headers, body, duplex: 'half' }
    const request = new Request('http://x/', init)
    expect((await api.api.fetch(request, { rawTarget: load })).status).toBe(413)
    expect(isRead).toBe(false)
  })

  test('the file of another vault is refused with words', async () => {
    const other = await ApiUnderTest.create()
    const reply = await api.send('POST', load, { bytes: backup(other) })
    other.close()
    expect(reply.status).toBe(400)
    expect(reply.body.errors[0]).toContain('of another vault')
  })

  test('more bytes than any other request are taken, whatever type they claim', async () => {
    const large = await ApiUnderTest.create()
    await large.send('POST', '/v1/secret/data/a', {
      body: { data: { text: 'x'.repeat(1_000_000) } },
    })
    for (let n = 0; n < 4; n += 1) {
      await large.vault.store(secretMount).transfer({
        from: SecretPath.parse('a'),
        to: SecretPath.parse(`a${n}`),
        kind: 'secret',
        keepSource: true,
      })
    }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const bytes = backup(large)
    expect(bytes.length).toBeGreaterThan(4_194_304)
    for (const method of ['POST', 'PUT']) {
      expect((await large.send(method, load, { bytes, headers })).status).toBe(200)
    }
    large.close()
  })

  test('needs the right to configure, and so does unloading', async () => {
    const id = await loadSnapshot(api)
    rights.mayDo = ({ right }) => right !== 'configure'
    expect((await api.send('POST', load, { bytes: backup(api) })).status).toBe(403)
    expect((await api.send('DELETE', `${load}/${id}`)).status).toBe(403)
    expect((await api.send('GET', `${load}/${id}`)).status).toBe(200)
    expect(readdirSync(folder)).toHaveLength(1)
  })
})

describe('a snapshot ends', () => {
  test('after 72 hours', async () => {
    const id = await snapshotAndLater(api)
    api.advance(72 * 3_600_000 - 60_001)
    const target = `/v1/secret/data/a?read_snapshot_id=${id}`
    expect((await api.send('GET', target)).status).toBe(200)
    api.advance(1)
    expect((await api.send('GET', target)).status).toBe(404)
    expect(readdirSync(folder)).toEqual([])
  })

  test('with the lock', async () => {
    const id = await loadSnapshot(api)
    api.vault.lock()
    expect(readdirSync(folder)).toEqual([])
    expect((await api.send('GET', `${load}/${id}`)).status).toBe(503)
    expect((await api.send('POST', load, { bytes: new Uint8Array(10) })).status).toBe(503)
    await api.vault.unlockWithPassphrase(new TextEncoder().encode('a passphrase for tests'))
    expect((await api.send('GET', `${load}/${id}`)).status).toBe(404)
  })
})

describe('reading from a snapshot', () => {
  test.each([
    ['GET', '/v1/secret/data/a'],
    ['GET', '/v1/secret/data/a?version=1'],
    ['GET', '/v1/secret/data/gone'],
    ['GET', '/v1/secret/data/nothing'],
    ['GET', '/v1/secret/metadata/a'],
    ['GET', '/v1/secret/subkeys/a'],
    ['GET', '/v1/secret/config'],
    ['LIST', '/v1/secret/metadata'],
    ['GET', '/v1/secret/metadata/?list=true&limit=2'],
    ['LIST', '/v1/secret/metadata/b'],
    ['GET', '/v1/kv/a'],
    ['GET', '/v1/kv/nothing'],
    ['LIST', '/v1/kv'],
    ['LIST', '/v1/kv/b'],
  ])('%s %s answers as it did live', async (method, target) => {
    for (const n of [1, 2]) await api.send('POST', '/v1/secret/data/a', data(n))
    for (const path of ['gone', 'b/c']) await api.send('POST', `/v1/secret/data/${path}`, data(3))
    await api.send('DELETE', '/v1/secret/data/gone')
    for (const path of ['a', 'b/c']) await api.send('POST', `/v1/kv/${path}`, { text: '{"n":1.0}' })
    const then = await api.send(method, target)
    const id = await loadSnapshot(api)
    await api.send('POST', '/v1/secret/config', { body: { max_versions: 3 } })
    for (const path of ['a', 'gone', 'b/d', 'nothing']) {
      await api.send('POST', `/v1/secret/data/${path}`, data(9))
      await api.send('POST', `/v1/kv/${path}`, { body: { n: 9 } })
    }
    const before = await live(api)
    const sent = `${target}${target.includes('?') ? '&' : '?'}read_snapshot_id=${id}`
    const now = await api.send(method, sent)
    const rest = (text: string) => text.replace(/"request_id":"[^"]*"/, '')
    expect({ status: now.status, text: rest(now.text) }).toEqual({
      status: then.status,
      text: rest(then.text),
    })
    expect((await api.send(method, target)).text).not.toBe(now.text)
    expect(await live(api)).toBe(before)
  })

  test.each(['/v1/secret/data/a', '/v1/secret/metadata?list=true', '/v1/kv/a', '/v1/kv?list=1'])(
    '%s is 400 without an id and 404 with an unknown one',
    async (target) => {
      await snapshotAndLater(api)
      const join = target.includes('?') ? '&' : '?'
      expect(await api.send('GET', `${target}${join}read_snapshot_id=`)).toMatchObject({
        status: 400,
        body: { errors: ['no snapshot in request'] },
      })
      expect(await api.send('GET', `${target}${join}read_snapshot_id=${unknown}`)).toMatchObject({
        status: 404,
        body: { errors: ['no such snapshot is loaded'] },
      })
    },
  )

  test('needs the right that live reading needs', async () => {
    const id = await snapshotAndLater(api)
    rights.mayDo = ({ right }) => right !== 'readData'
    expect((await api.send('GET', `/v1/kv/a?read_snapshot_id=${id}`)).status).toBe(403)
    expect((await api.send('LIST', `/v1/kv?read_snapshot_id=${id}`)).status).toBe(200)
  })

  test('finds nothing in a mount that was not there', async () => {
    const id = await loadSnapshot(api)
    await api.send('POST', '/v1/sys/mounts/team', { body: { type: 'kv-v2' } })
    await api.send('POST', '/v1/team/data/a', data(1))
    expect((await api.send('GET', `/v1/team/data/a?read_snapshot_id=${id}`)).status).toBe(404)
    expect((await api.send('LIST', `/v1/team/metadata?read_snapshot_id=${id}`)).status).toBe(404)
  })

  test('of version 1 is still possible once the mount has version 2', async () => {
    const id = await snapshotAndLater(api)
    await api.send('POST', '/v1/sys/mounts/kv/tune', { body: { options: { version: 2 } } })
    const { body } = await api.send('GET', `/v1/kv/data/a?read_snapshot_id=${id}`)
    expect(body.data.data).toEqual({ n: 1.1, ttl: '1h' })
  })
})
