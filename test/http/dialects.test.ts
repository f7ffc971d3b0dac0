import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiUnderTest } from './api-under-test'

let api: ApiUnderTest
let count = 0

beforeAll(async () => {
  api = await ApiUnderTest.create()
})
afterAll(() => api.close())

const fresh = () => `d${(count += 1)}`
const vault = (method: string, rest: string, body?: unknown) =>
  api.send(method, `/v1/secret/${rest}`, body === undefined ? {} : { body })
const okms = (method: string, rest: string, body?: unknown) =>
  api.send(method, `${api.okms}/v1/secret/${rest}`, body === undefined ? {} : { body })

describe('two dialects, one secret', () => {
  test('versions are counted together, whoever writes', async () => {
    const path = fresh()
    await vault('POST', `data/${path}`, { data: { n: 1 } })
    expect((await okms('POST', `data/${path}`, { data: { n: 2 } })).body.data.version).toBe(2)
    expect((await vault('POST', `data/${path}`, { data: {}, options: { cas: 2 } })).status).toBe(
      200,
    )
    expect((await okms('GET', `data/${path}?version=1`)).body.data.data).toEqual({ n: 1 })
  })

  test('a version deleted in one is a 404 with metadata in the other', async () => {
    const path = fresh()
    await vault('POST', `data/${path}`, { data: { n: 1 } })
    await okms('DELETE', `data/${path}`)
    const gone = await vault('GET', `data/${path}`)
    expect(gone).toMatchObject({ status: 404, body: { data: { metadata: { version: 1 } } } })
    await vault('POST', `undelete/${path}`, { versions: [1] })
    expect((await okms('GET', `data/${path}`)).status).toBe(200)
  })

  test('a number is exact in one and rounded in the other', async () => {
    const path = fresh()
    const text = '{"data":{"n":9007199254740993}}'
    await api.send('POST', `/v1/secret/data/${path}`, { text })
    expect((await okms('GET', `data/${path}`)).text).toContain('9007199254740993')
    expect((await vault('GET', `data/${path}`)).text).toContain('9007199254740992')
  })

  test('times have milliseconds always in one, and no trailing zeros in the other', async () => {
    const path = fresh()
    const before = api.now
    api.now = 1_770_113_730_000
    await vault('POST', `data/${path}`, { data: {} })
    api.now = before
    expect((await vault('GET', `metadata/${path}`)).body.data.created_time).toBe(
      '2026-02-03T10:15:30Z',
    )
    expect((await okms('GET', `metadata/${path}`)).body.data.created_time).toBe(
      '2026-02-03T10:15:30.000Z',
    )
  })

  test('custom metadata with blanks is answered as it is where it could not be written', async () => {
    const path = fresh()
    await vault('POST', `metadata/${path}`, { custom_metadata: { owner: 'Jean Dupont' } })
    expect((await okms('GET', `metadata/${path}`)).body.data.custom_metadata).toEqual({
      owner: 'Jean Dupont',
    })
    expect((await okms('POST', `metadata/${path}`, { max_versions: 3 })).status).toBe(204)
  })
})

describe('the settings of the mount are the settings of the domain', () => {
  test('a negative life switches the end off for all its secrets, and reads -1s', async () => {
    const path = fresh()
    await vault('POST', `metadata/${path}`, { delete_version_after: '1h' })
    expect((await vault('POST', 'config', { delete_version_after: '-5h' })).status).toBe(204)
    expect((await vault('GET', 'config')).body.data.delete_version_after).toBe('-1s')
    expect((await okms('GET', 'config')).body.data.delete_version_after).toBe('-1s')
    expect((await vault('POST', `data/${path}`, { data: {} })).body.data.deletion_time).toBe('')
    expect((await okms('POST', 'config', { delete_version_after: '2h' })).status).toBe(204)
    const { body } = await vault('POST', `data/${path}`, { data: {} })
    expect(Date.parse(body.data.deletion_time)).toBe(api.now + 3_600_000)
    expect((await okms('POST', 'config', { delete_version_after: '-1s' })).status).toBe(204)
    expect((await vault('GET', 'config')).body.data.delete_version_after).toBe('-1s')
    expect((await vault('POST', 'config', { delete_version_after: 0 })).status).toBe(204)
  })

  test('the larger number of versions wins', async () => {
    const path = fresh()
    await okms('POST', 'config', { max_versions: 4 })
    await vault('POST', `metadata/${path}`, { max_versions: 2 })
    for (let n = 0; n < 5; n += 1) await vault('POST', `data/${path}`, { data: { n } })
    const { body } = await okms('GET', `metadata/${path}`)
    await okms('POST', 'config', { max_versions: 0 })
    expect(Object.keys(body.data.versions)).toEqual(['2', '3', '4', '5'])
    expect(body.data.oldest_version).toBe(2)
  })
})

test('nothing of a refused request is in its answer', async () => {
  const canary = 'canary-7f3a'
  const bodies = [
    `{"data":{"password":"${canary}"}`,
    `{"data":"${canary}"}`,
    `{"data":{},"version":"${canary}"}`,
    `{"data":{},"options":{"cas":"${canary}"}}`,
    `{"data":{},"options":"${canary}"}`,
    `${canary}`,
    `{"data":{"a":"${canary}","a":1e999}}`,
  ]
  for (const text of bodies) {
    for (const target of ['/v1/secret/data/x', `${api.okms}/v1/secret/data/x`]) {
      const reply = await api.send('POST', target, { text })
      expect(reply.status).toBeLessThan(500)
      expect(reply.text).not.toContain(canary)
    }
  }
})

test('a fault is told to our own log and not to the caller', async () => {
  const faults: unknown[] = []
  const broken = await ApiUnderTest.create(
    {
      identify: async () => {
        throw new Error('a canary of ours')
      },
    },
    (error) => faults.push(error),
  )
  for (const target of ['/v1/secret/data/x', `${broken.okms}/v1/secret/data/x`]) {
    const reply = await broken.send('GET', target)
    expect(reply.status).toBe(500)
    expect(reply.text).not.toContain('canary')
  }
  expect(faults).toHaveLength(2)
  broken.close()
})
