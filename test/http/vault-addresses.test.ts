import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiUnderTest } from './api-under-test'

let api: ApiUnderTest

beforeAll(async () => {
  api = await ApiUnderTest.create()
  await api.send('POST', '/v1/secret/data/a/b', { body: { data: { n: 1 } } })
})
afterAll(() => api.close())

const invalidPath = (word: string) =>
  'Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API ' +
  `endpoints to use. If using the Vault CLI, use 'vault kv ${word}' for this operation.`
const rootless = 'Non-listing operations on the root of a K/V v2 mount are not supported.'

describe('the same secret', () => {
  test.each([
    '/v1/secret/data/a/b',
    '/v1/secret/data/a%2Fb',
    '/v1/secret/data/a%2fb',
    '/v1/secret/data//a//b',
    '/v1//secret/data/a%2F%2Fb',
    '/v1/secret%2Fdata%2Fa%2Fb',
    '/v1/secret/data/%61/b',
    'http://elsewhere.test/v1/secret/data/a/b',
  ])('is at %s', async (target) => {
    expect((await api.send('GET', target)).body.data.data).toEqual({ n: 1 })
  })
})

describe('dot segments', () => {
  test.each([
    '/v1/secret/data/../config',
    '/v1/secret/data/a/../../config',
    '/v1/secret/data/%2e%2e/config',
    '/v1/secret/data/.%2E/config',
    '/v1/secret/data/a%2F..%2Fb',
    '/v1/secret/data/./a/b',
    '/v1/./secret/data/a/b',
  ])('in %s are refused and reach nothing', async (target) => {
    expect(await api.send('GET', target)).toMatchObject({
      status: 400,
      body: { errors: ['relative paths not supported'] },
    })
  })

  test.each(['...', '.hidden', 'a..b', '..a', '%5C..%5C'])('are not in %s', async (name) => {
    const target = `/v1/secret/data/${name}`
    expect((await api.send('POST', target, { body: { data: { x: name } } })).status).toBe(200)
    expect((await api.send('GET', target)).body.data.data).toEqual({ x: name })
  })

  test('are folded by URL when no raw target is given, before the API sees them', async () => {
    const request = new Request('http://x/v1/secret/data/a/../../config')
    const reply = await (await api.api.fetch(request)).json()
    expect(reply.data).toHaveProperty('max_versions')
  })
})

describe('names', () => {
  test.each([
    ['a%20b', 'a b'],
    ['a+b', 'a+b'],
    ['a%2Bb', 'a+b'],
    ['%3F%23%25', '?#%'],
    ['caf%C3%A9', 'café'],
    ['%F0%9F%94%91', '🔑'],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['UPPER', 'UPPER'],
    ['a:b*c', 'a:b*c'],
  ])('%s is listed as %s', async (encoded, name) => {
    await api.send('POST', `/v1/secret/data/names/${encoded}`, { body: { data: {} } })
    expect((await api.send('LIST', '/v1/secret/metadata/names')).body.data.keys).toContain(name)
  })

  test.each(['%00', '%0A', '%C2%A0', '%7F', '%E2%80%8B'])(
    '%s does not print: 400 without words',
    async (name) => {
      expect(await api.send('GET', `/v1/secret/data/a${name}`)).toMatchObject({
        status: 400,
        text: '{"errors":[]}',
      })
    },
  )

  test.each(['%', '%2', '%zz', '%ff', '%c3', '%ED%A0%80', '%C0%AF'])(
    '%s does not decode: 400',
    async (name) => {
      expect((await api.send('GET', `/v1/secret/data/${name}`)).status).toBe(400)
    },
  )

  test.each([
    [1024, 200],
    [1025, 400],
  ])('of %i bytes are %i', async (bytes, status) => {
    const target = `/v1/secret/data/${'x'.repeat(bytes)}`
    expect((await api.send('POST', target, { body: { data: {} } })).status).toBe(status)
  })
})

describe('a slash at the end', () => {
  test.each(['POST', 'PUT'])(
    'of a %s is refused before its fields are looked at',
    async (method) => {
      expect(
        await api.send(method, '/v1/secret/data/a/b/', { body: { version: 'x' } }),
      ).toMatchObject({
        status: 400,
        body: { errors: ["cannot write to a path ending in '/'"] },
      })
    },
  )

  test.each(['GET', 'DELETE'])('of a %s is no path of version 2', async (method) => {
    const { status, body } = await api.send(method, '/v1/secret/data/a/b/')
    expect(status).toBe(404)
    expect(body.warnings).toEqual([invalidPath(method.toLowerCase())])
    expect((await api.send('GET', '/v1/secret/data/a/b')).status).toBe(200)
  })
})

describe('what is no path of version 2', () => {
  test.each([
    ['GET', '/v1/secret', invalidPath('get')],
    ['GET', '/v1/secret/foo', invalidPath('get')],
    ['GET', '/v1/secret/data', rootless],
    ['GET', '/v1/secret/metadata', rootless],
    ['POST', '/v1/secret/metadata', rootless],
    ['DELETE', '/v1/secret/metadata', rootless],
    ['POST', '/v1/secret/delete', rootless],
    ['PUT', '/v1/secret/foo', invalidPath('put')],
    ['DELETE', '/v1/secret/foo/bar', invalidPath('delete')],
    ['LIST', '/v1/secret', invalidPath('list')],
    ['LIST', '/v1/secret/foo', invalidPath('list')],
    ['LIST', '/v1/secret/config', invalidPath('list')],
  ])('%s %s says so in the wrapper', async (method, target, warning) => {
    const { status, body } = await api.send(method, target)
    expect(status).toBe(404)
    expect(body).toMatchObject({ data: null, warnings: [warning], mount_type: '' })
  })
})

describe('methods', () => {
  test.each(['HEAD', 'OPTIONS', 'LOCK', 'SCAN', 'FOO'])('%s is not allowed', async (method) => {
    const reply = await api.send(method, '/v1/secret/data/a/b')
    expect(reply.status).toBe(405)
    expect(reply.text).toBe(method === 'HEAD' ? '' : '{"errors":[]}')
  })

  test.each([
    ['LIST', 'data/a'],
    ['LIST', 'subkeys/a'],
    ['POST', 'subkeys/a'],
    ['GET', 'delete/a'],
    ['DELETE', 'destroy/a'],
    ['RECOVER', 'metadata/a'],
  ])('%s %s is an operation that the endpoint lacks', async (method, path) => {
    expect(await api.send(method, `/v1/secret/${path}`)).toMatchObject({
      status: 405,
      body: { errors: ['1 error occurred:\n\t* unsupported operation\n\n'] },
    })
  })
})

describe('elsewhere', () => {
  test('an unknown mount says which route it was', async () => {
    expect(await api.send('GET', '/v1/nomount/foo')).toMatchObject({
      status: 404,
      body: { errors: ['no handler for route "nomount/foo". route entry not found.'] },
    })
  })

  test.each(['/', '/v3/x', '/apix', '/%76%31/secret/data/a'])('%s is 404', async (target) => {
    expect(await api.send('GET', target)).toMatchObject({ status: 404, text: '{"errors":[]}' })
  })

  test.each(['x', '*', 'ftp://x/v1/sys/health'])('the target %s is 400', async (target) => {
    expect((await api.send('GET', target)).status).toBe(400)
  })

  test('a target of 16 KiB is the longest', async () => {
    expect((await api.send('GET', `/v1/secret/data/a?x=${'y'.repeat(16_400)}`)).status).toBe(400)
  })
})

describe('headers', () => {
  test.each(['', '/', 'root'])(
    'namespace %j is the only one there is, and is echoed',
    async (namespace) => {
      const headers = { 'x-vault-namespace': namespace }
      const reply = await api.send('GET', '/v1/secret/data/a/b', { headers })
      expect(reply.status).toBe(200)
      expect(reply.headers.get('x-vault-namespace')).toBe(namespace)
    },
  )

  test('another namespace is an unknown route', async () => {
    const headers = { 'x-vault-namespace': 'team' }
    expect((await api.send('GET', '/v1/secret/data/a/b', { headers })).status).toBe(404)
  })

  test('a wrapped answer cannot be had, and the plain one is not given instead', async () => {
    const headers = { 'x-vault-wrap-ttl': '60s' }
    const reply = await api.send('GET', '/v1/secret/data/a/b', { headers })
    expect(reply.status).toBe(400)
    expect(reply.body).not.toHaveProperty('data')
  })

  test('a recovery from a snapshot does not write its body instead', async () => {
    const sent = { headers: { 'x-vault-recover-snapshot-id': 'x' }, body: { data: { n: 2 } } }
    expect((await api.send('PUT', '/v1/secret/data/a/b', sent)).status).toBe(404)
    expect((await api.send('GET', '/v1/secret/data/a/b')).body.data.data).toEqual({ n: 1 })
  })
})
