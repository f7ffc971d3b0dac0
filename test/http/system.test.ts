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
  const enable = (path: string, body: unknown) =>
    api.send('POST', `/v1/sys/mounts/${path}`, { body })
  const mounts = async () => (await api.send('GET', '/v1/sys/mounts')).body.data

  test('are in the data and beside it', async () => {
    const { body } = await api.send('GET', '/v1/sys/mounts')
    expect(Object.keys(body.data)).toEqual(['kv/', 'secret/'])
    expect(body['secret/']).toEqual(body.data['secret/'])
    expect(body.data['kv/']).toMatchObject({ type: 'kv', options: { version: '1' } })
    const { body: one } = await api.send('GET', '/v1/sys/mounts/kv')
    expect(one.data).toEqual(body.data['kv/'])
    expect(one).toMatchObject(one.data)
  })

  test('are made as hvac makes them: the version is a number, the rest null', async () => {
    const sent = {
      type: 'kv',
      options: { version: 2 },
      config: null,
      description: null,
      local: false,
    }
    expect(await enable('kvv2', sent)).toMatchObject({ status: 204, text: '' })
    expect((await mounts())['kvv2/']).toMatchObject({ options: { version: '2' }, description: '' })
    expect((await api.send('POST', '/v1/kvv2/data/x', { body: { data: { a: 1 } } })).status).toBe(
      200,
    )
    expect((await api.send('GET', '/v1/kvv2/data/x')).body.data.data).toEqual({ a: 1 })
    expect((await api.send('GET', '/v1/secret/data/x')).status).toBe(404)
    expect((await enable('kvv2', sent)).body.errors).toEqual(['path is already in use at kvv2/'])
    expect((await api.send('DELETE', '/v1/sys/mounts/kvv2')).status).toBe(204)
    expect((await api.send('DELETE', '/v1/sys/mounts/kvv2')).status).toBe(204)
    expect((await api.send('GET', '/v1/kvv2/data/x')).status).toBe(404)
  })

  test.each([
    [{ type: 'kv' }, '1'],
    [{ type: 'kv', options: {} }, '1'],
    [{ type: 'kv', options: { version: '' } }, '1'],
    [{ type: 'kv', options: { version: '2' } }, '2'],
    [{ type: 'kv-v2' }, '2'],
    [{ type: 'kv-v2', options: { version: 2 } }, '2'],
    [{ type: 'kv-v1' }, '1'],
  ])('of %j have version %s', async (body, version) => {
    await enable('made', body)
    expect((await mounts())['made/'].options).toEqual({ version })
    await api.send('DELETE', '/v1/sys/mounts/made')
  })

  test.each([
    ['other', { type: 'pki' }],
    ['other', {}],
    ['other', { type: 'kv', options: { version: 3 } }],
    ['other', { type: 'kv', options: { version: 'x' } }],
    ['other', { type: 'kv-v2', options: { version: 1 } }],
    ['other', { type: 'kv', config: { default_lease_ttl: 'soon' } }],
    ['sys', { type: 'kv' }],
    ['team/kv', { type: 'kv' }],
    ['a b', { type: 'kv' }],
  ])('at %s are not made of %j', async (path, body) => {
    expect((await enable(encodeURIComponent(path), body)).status).toBe(400)
    expect(Object.keys(await mounts())).toEqual(['kv/', 'secret/'])
  })

  test('are tuned, and version 1 becomes version 2 but not back', async () => {
    await enable('old', { type: 'kv', description: 'first', config: { default_lease_ttl: '1h' } })
    await api.send('POST', '/v1/old/x', { body: { a: 1 } })
    expect((await api.send('GET', '/v1/old/x')).body.lease_duration).toBe(3600)
    const tune = (body: unknown) => api.send('POST', '/v1/sys/mounts/old/tune', { body })
    expect((await tune({ options: { version: '2' }, max_lease_ttl: 7200 })).status).toBe(204)
    expect((await api.send('GET', '/v1/sys/mounts/old/tune')).body.data).toMatchObject({
      default_lease_ttl: 3600,
      max_lease_ttl: 7200,
      description: 'first',
      options: { version: '2' },
    })
    expect((await api.send('GET', '/v1/old/data/x')).body.data.data).toEqual({ a: 1 })
    expect((await tune({ options: { version: 1 } })).status).toBe(400)
    expect((await tune({ description: '', default_lease_ttl: '-1' })).status).toBe(400)
    await tune({ description: 'second', default_lease_ttl: 0 })
    expect((await mounts())['old/']).toMatchObject({
      description: 'second',
      config: { default_lease_ttl: 0 },
    })
    await api.send('DELETE', '/v1/sys/mounts/old')
    expect((await tune({})).status).toBe(400)
    expect((await api.send('GET', '/v1/sys/mounts/old')).status).toBe(400)
  })

  test('tell the usual 768 hours where no lease is set', async () => {
    const { body } = await api.send('GET', '/v1/sys/mounts/kv/tune')
    expect(body.data).toMatchObject({ default_lease_ttl: 2_764_800, max_lease_ttl: 2_764_800 })
    expect(body).toMatchObject(body.data)
  })

  test('that the OKMS addresses reach is secret, and without it they are no route', async () => {
    const other = await ApiUnderTest.create()
    await other.send('DELETE', '/v1/sys/mounts/secret')
    expect((await other.send('GET', `${other.okms}/v1/secret/config`)).status).toBe(404)
    other.close()
  })
})
