import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiUnderTest } from './api-under-test'

let api: ApiUnderTest
let count = 0

beforeAll(async () => {
  api = await ApiUnderTest.create()
})
afterAll(() => api.close())

const minuteMs = 60_000
const fresh = () => `s${(count += 1)}`
const put = (path: string) =>
  api.send('POST', `/v1/secret/data/${path}`, { body: { data: { a: 1 } } })
const post = (endpoint: string, path: string, versions?: unknown) =>
  api.send('POST', `/v1/secret/${endpoint}/${path}`, { body: { versions } })
const metadata = async (path: string) =>
  (await api.send('GET', `/v1/secret/metadata/${path}`)).body.data
const state = async (path: string, version: number) => (await metadata(path)).versions[version]

describe('deleting', () => {
  test('the latest version keeps the first time', async () => {
    const path = fresh()
    await put(path)
    expect(await api.send('DELETE', `/v1/secret/data/${path}`)).toMatchObject({
      status: 204,
      text: '',
    })
    const first = (await state(path, 1)).deletion_time
    api.advance(minuteMs)
    await api.send('DELETE', `/v1/secret/data/${path}?versions=1`)
    await post('delete', path, [1])
    expect((await state(path, 1)).deletion_time).toBe(first)
  })

  test('versions by number leaves the others and the time of the secret', async () => {
    const path = fresh()
    await put(path)
    await put(path)
    await put(path)
    const { updated_time: before } = await metadata(path)
    api.advance(minuteMs)
    expect((await post('delete', path, ['1', 3, 99])).status).toBe(204)
    const after = await metadata(path)
    expect(after.updated_time).toBe(before)
    expect(
      Object.values<{ deletion_time: string }>(after.versions).map(
        (one) => one.deletion_time !== '',
      ),
    ).toEqual([true, false, true])
  })

  test.each(['1,3', ' 1 , 3', [1, '3'], '0x1,3'])('takes versions as %j', async (versions) => {
    const path = fresh()
    for (let n = 0; n < 3; n += 1) await put(path)
    expect((await post('delete', path, versions)).status).toBe(204)
    expect((await state(path, 2)).deletion_time).toBe('')
    expect((await state(path, 3)).deletion_time).not.toBe('')
  })
})

describe('undeleting', () => {
  test('makes a version readable again', async () => {
    const path = fresh()
    await put(path)
    await post('delete', path, [1])
    expect((await post('undelete', path, 1)).status).toBe(204)
    expect(await state(path, 1)).toMatchObject({ deletion_time: '', destroyed: false })
  })

  test('plans the end anew where a life is in force, also for versions that were not deleted', async () => {
    const path = fresh()
    await put(path)
    await api.send('POST', `/v1/secret/metadata/${path}`, { body: { delete_version_after: '10m' } })
    expect((await state(path, 1)).deletion_time).toBe('')
    await post('undelete', path, [1])
    const end = Date.parse((await state(path, 1)).deletion_time)
    expect(end).toBe(api.now + 10 * minuteMs)
  })

  test('does not bring back what is destroyed', async () => {
    const path = fresh()
    await put(path)
    await post('destroy', path, [1])
    await post('undelete', path, [1])
    expect((await state(path, 1)).destroyed).toBe(true)
  })
})

describe('destroying', () => {
  test('leaves the time of deletion as it was', async () => {
    const path = fresh()
    await put(path)
    await put(path)
    await post('delete', path, [1])
    const { deletion_time: time } = await state(path, 1)
    await post('destroy', path, [1, 2])
    expect(await state(path, 1)).toMatchObject({ destroyed: true, deletion_time: time })
    expect(await state(path, 2)).toMatchObject({ destroyed: true, deletion_time: '' })
  })
})

describe('all three', () => {
  test.each(['delete', 'undelete', 'destroy'])(
    '%s of a missing secret is done and creates nothing',
    async (endpoint) => {
      const path = fresh()
      expect((await post(endpoint, path, [1])).status).toBe(204)
      expect((await api.send('GET', `/v1/secret/metadata/${path}`)).status).toBe(404)
    },
  )

  test.each([
    ['delete', 'No version number provided'],
    ['undelete', 'No version number provided'],
    ['destroy', 'no version number provided'],
  ])('%s without versions says %s', async (endpoint, problem) => {
    for (const versions of [undefined, null, [], '']) {
      expect(await post(endpoint, 'x', versions)).toMatchObject({
        status: 400,
        body: { errors: [problem] },
      })
    }
  })

  test.each(['delete', 'undelete', 'destroy'])('%s refuses what is no number', async (endpoint) => {
    const { status, body } = await post(endpoint, 'x', ['one'])
    expect(status).toBe(400)
    expect(body.errors[0]).toContain('versions')
  })

  test('DELETE of data that is not there is done', async () => {
    expect((await api.send('DELETE', `/v1/secret/data/${fresh()}`)).status).toBe(204)
  })
})

describe('a planned end', () => {
  test('shows while the version is still readable, and hides it from that instant on', async () => {
    const path = fresh()
    await api.send('POST', `/v1/secret/metadata/${path}`, { body: { delete_version_after: '90' } })
    const { body } = await put(path)
    const end = Date.parse(body.data.deletion_time)
    expect(end).toBe(api.now + 90_000)
    api.now = end - 1
    expect((await api.send('GET', `/v1/secret/data/${path}`)).status).toBe(200)
    api.now = end
    expect((await api.send('GET', `/v1/secret/data/${path}`)).status).toBe(404)
  })

  test('is brought forward by deleting', async () => {
    const path = fresh()
    await api.send('POST', `/v1/secret/metadata/${path}`, { body: { delete_version_after: '1d' } })
    await put(path)
    await api.send('DELETE', `/v1/secret/data/${path}`)
    expect(Date.parse((await state(path, 1)).deletion_time)).toBe(api.now)
  })
})
