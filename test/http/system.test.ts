import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiUnderTest } from './api-under-test'

let api: ApiUnderTest

beforeAll(async () => {
  api = await ApiUnderTest.create()
})
afterAll(() => api.close())

describe('health', () => {
  test('has no wrapper, and HEAD no body', async () => {
    const { body } = await api.send('GET', '/v1/sys/health')
    expect(body).toMatchObject({
      initialized: true,
      sealed: false,
      standby: false,
      server_time_utc: 1_770_113_730,
      version: '0.1.0',
      cluster_id: api.vault.id,
    })
    expect(body).not.toHaveProperty('request_id')
    expect(await api.send('HEAD', '/v1/sys/health')).toMatchObject({ status: 200, text: '' })
  })

  test.each([
    ['?standbyok=true&sealedcode=299&activecode=', 200],
    ['?activecode=204', 204],
    ['?activecode=x', 400],
    ['?activecode=99', 400],
    ['?activecode=600', 400],
  ])('with %s is %i', async (query, status) => {
    const request = new Request('http://x/')
    const reply = await api.api.fetch(request, { rawTarget: `/v1/sys/health${query}` })
    expect(reply.status).toBe(status)
  })
})

test('seal-status has what clients check', async () => {
  expect((await api.send('GET', '/v1/sys/seal-status')).body).toMatchObject({
    sealed: false,
    t: 1,
    n: 1,
    progress: 0,
    initialized: true,
  })
})

test('init and leader are one line each', async () => {
  expect((await api.send('GET', '/v1/sys/init')).body).toEqual({ initialized: true })
  expect((await api.send('GET', '/v1/sys/leader')).body).toMatchObject({ ha_enabled: false })
})

describe('the question before every kv command', () => {
  test.each(['secret', 'secret/', 'secret/foo/bar', 'secret/foo/'])(
    'finds the mount of %s',
    async (path) => {
      const { body } = await api.send('GET', `/v1/sys/internal/ui/mounts/${path}`)
      expect(body.data).toMatchObject({ path: 'secret/', type: 'kv', options: { version: '2' } })
    },
  )

  test('tells version 1 as a text too', async () => {
    const { body } = await api.send('GET', '/v1/sys/internal/ui/mounts/kv/x')
    expect(body.data).toMatchObject({ path: 'kv/', options: { version: '1' } })
  })

  test('of an unknown mount is 403, since 404 means an old server', async () => {
    const { status, body } = await api.send('GET', '/v1/sys/internal/ui/mounts/nomount/foo')
    expect(status).toBe(403)
    expect(body.errors[0]).toContain('preflight capability check returned 403')
  })

  test('without a path tells nothing', async () => {
    const { body } = await api.send('GET', '/v1/sys/internal/ui/mounts')
    expect(body.data).toEqual({ secret: {}, auth: {} })
  })
})

test('an unknown system address is 404, another method 405', async () => {
  expect((await api.send('GET', '/v1/sys/nothing')).status).toBe(404)
  expect((await api.send('DELETE', '/v1/sys/mounts')).status).toBe(405)
  expect((await api.send('GET', '/v1/auth/userpass/login')).status).toBe(404)
})

describe('mounts', () => {
  test('are in the data and beside it', async () => {
    const { body } = await api.send('GET', '/v1/sys/mounts')
    expect(Object.keys(body.data)).toEqual(['kv/', 'secret/'])
    expect(body['secret/']).toEqual(body.data['secret/'])
    expect(body.data['kv/']).toMatchObject({ type: 'kv', options: { version: '1' } })
  })
})
