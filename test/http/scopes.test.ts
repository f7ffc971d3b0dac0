import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rights } from '../../src-main/contract/access'
import { ApiWithCredentials, scopeOf } from './api-with-credentials'

let api: ApiWithCredentials

const canary = 'canary-value-9c1e'
const places = ['prod/db', 'prod/sub/key', 'production/x', 'other/x', 'prod-2', 'top', 'PROD/db']

/** A vault with secrets in and out of `secret/prod`, and tokens for it. */
beforeEach(async () => {
  api = await ApiWithCredentials.create()
  api.token('root')
  api.token('reader', scopeOf(['secret/prod'], ['list', 'readMetadata', 'readData']))
  api.token('writer', scopeOf(['secret/prod'], ['write']))
  api.token('lister', scopeOf(['secret/prod'], ['list']))
  api.token('everywhere', scopeOf(['secret'], ['list', 'readMetadata', 'readData']))
  for (const place of places) {
    const value = place.startsWith('prod/') ? 'inside' : canary
    const body = { data: { value } }
    expect(await api.status('POST', `/v1/secret/data/${place}`, 'root', body)).toBe(200)
  }
  await api.status('POST', '/v1/kv/prod/db', 'root', { value: canary })
})
afterEach(() => api.close())

const sendAs = (token: string, method: string, target: string, body?: unknown) =>
  api.send(method, target, { 'x-vault-token': token }, body === undefined ? {} : { body })

describe('C-04: a token for a prefix', () => {
  test('reads below it and nowhere else, in every dialect', async () => {
    const { okms, central } = api.inside
    const addresses = (path: string) => [
      `/v1/secret/data/${path}`,
      `/v1/secret/metadata/${path}`,
      `/v1/secret/subkeys/${path}`,
      `${okms}/v1/secret/data/${path}`,
      `${okms}/v1/secret/metadata/${path}`,
      `${okms}/v2/secret/${path}?includeData=true`,
      `${okms}/v2/secret/${path}/version`,
      `${okms}/v2/secret/${path}/version/1?includeData=true`,
      `${central}/secret/${path}?includeData=true`,
      `${central}/secret/${path}/version/1?includeData=true`,
    ]
    for (const place of places) {
      for (const target of addresses(place)) {
        const expected = place.startsWith('prod/') ? 200 : 403
        const { status, text } = await sendAs('reader', 'GET', target)
        expect({ target, status }).toEqual({ target, status: expected })
        expect(text).not.toContain(canary)
      }
    }
    expect(await api.status('GET', '/v1/kv/prod/db', 'reader')).toBe(403)
    expect(await api.status('GET', '/v1/secret/data/prod', 'reader')).toBe(404)
  })

  test.each([
    ['POST', '/v1/secret/data/prod/db'],
    ['PATCH', '/v1/secret/data/prod/db'],
    ['DELETE', '/v1/secret/data/prod/db'],
    ['POST', '/v1/secret/metadata/prod/db'],
    ['DELETE', '/v1/secret/metadata/prod/db'],
    ['POST', '/v1/secret/delete/prod/db'],
    ['POST', '/v1/secret/undelete/prod/db'],
    ['PUT', '/v1/secret/destroy/prod/db'],
    ['POST', '/v1/secret/config'],
    ['GET', '/v1/secret/config'],
    ['RECOVER', '/v1/secret/data/prod/db'],
    ['POST', '/v1/sys/mounts/new'],
    ['DELETE', '/v1/sys/mounts/secret'],
    ['POST', '/v1/sys/storage/raft/snapshot-load'],
  ])('that may read cannot %s %s', async (method, target) => {
    const type = method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {}
    const takesBody = ['POST', 'PUT', 'PATCH'].includes(method)
    const headers = { 'x-vault-token': 'reader', ...type }
    const more = takesBody ? { body: { data: {}, versions: [1] } } : {}
    const before = await api.send('GET', '/v1/secret/metadata/prod/db', { 'x-vault-token': 'root' })
    expect((await api.send(method, target, headers, more)).status).toBe(403)
    const after = await api.send('GET', '/v1/secret/metadata/prod/db', { 'x-vault-token': 'root' })
    expect(after.body.data).toEqual(before.body.data)
  })

  test.each([
    ['PUT', 'secret/prod/db?cas=1', { version: { data: {} } }],
    ['POST', 'secret', { path: 'prod/new', version: { data: {} } }],
    ['POST', 'secret/prod/db/version', { data: {} }],
    ['PUT', 'secret/prod/db/version/1', { state: 'deleted' }],
    ['PUT', 'secret/prod/db/version/1', { state: 'deactivated' }],
    ['DELETE', 'secret/prod/db', undefined],
    ['PUT', 'secretConfig', { casRequired: true }],
    ['GET', 'secretConfig', undefined],
  ])('that may read cannot %s %s of the OKMS API', async (method, rest, body) => {
    for (const root of [`${api.inside.okms}/v2`, api.inside.central]) {
      const { status } = await sendAs('reader', method, `${root}/${rest}`, body)
      expect(status).toBe(403)
    }
  })

  test('writes below it and reads nothing', async () => {
    const body = { data: { value: 'new' } }
    expect(await api.status('POST', '/v1/secret/data/prod/db', 'writer', body)).toBe(200)
    expect(await api.status('POST', '/v1/secret/data/production/x', 'writer', body)).toBe(403)
    expect(await api.status('POST', '/v1/secret/data/prod', 'writer', body)).toBe(200)
    for (const address of ['data', 'metadata', 'subkeys']) {
      expect(await api.status('GET', `/v1/secret/${address}/prod/db`, 'writer')).toBe(403)
    }
    expect(await api.status('LIST', '/v1/secret/metadata/prod', 'writer')).toBe(403)
  })
})

test('C-04: a mount in which nothing is allowed is as none, whatever is asked of it', async () => {
  api.token('elsewhere', scopeOf(['other/x'], [...rights]))
  const requests = [
    ...['', '/', '/a', '/a/', '/foo/bar', '/data', '/data/a', '/metadata', '/config'],
    '/a?read_snapshot_id=x',
    '/data/a?read_snapshot_id=x',
  ].flatMap((rest) =>
    ['GET', 'LIST', 'POST', 'PATCH', 'DELETE', 'RECOVER'].map((method) => ({ method, rest })),
  )
  for (const { method, rest } of requests) {
    const [none, one, two] = await Promise.all(
      ['none', 'kv', 'secret'].map((mount) => asked(method, `/v1/${mount}${rest}`)),
    )
    expect({ method, rest, reply: one }).toEqual({ method, rest, reply: none })
    expect({ method, rest, reply: two }).toEqual({ method, rest, reply: none })
  }
})

async function asked(method: string, target: string) {
  const headers = {
    'x-vault-token': 'elsewhere',
    ...(method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {}),
  }
  const more = method === 'POST' || method === 'PATCH' ? { body: { data: {}, a: 1 } } : {}
  const { status, text } = await api.send(method, target, headers, more)
  return { status, text }
}

describe('C-04: a list', () => {
  test.each(['reader', 'lister'])(
    'shows to the %s what it may see of each folder',
    async (token) => {
      const { okms } = api.inside
      for (const root of ['/v1/secret/metadata', `${okms}/v1/secret/metadata`]) {
        const keys = async (folder: string) => {
          const { status, body } = await sendAs(token, 'GET', `${root}${folder}?list=true`)
          return status === 200 ? body.data.keys : status
        }
        expect(await keys('')).toEqual(['prod/'])
        expect(await keys('/prod')).toEqual(['db', 'sub/'])
        expect(await keys('/prod/sub')).toEqual(['key'])
        for (const folder of ['/other', '/production', '/PROD', '/nothing']) {
          expect([403, 404]).toContain(await keys(folder))
        }
      }
      expect([403, 404]).toContain(await api.status('LIST', '/v1/kv', token))
      expect([403, 404]).toContain(await api.status('LIST', '/v1/kv/prod', token))
    },
  )

  test('of the OKMS API has what may be listed and read, also page by page', async () => {
    for (const root of [`${api.inside.okms}/v2`, api.inside.central]) {
      const paths = async (token: string) =>
        (await sendAs(token, 'GET', `${root}/secret`)).body.map(
          ({ path }: { path: string }) => path,
        )
      expect(await paths('reader')).toEqual(['prod/db', 'prod/sub/key'])
      // A row holds metadata, which this one may not read.
      expect(await paths('lister')).toEqual([])
      expect(await paths('everywhere')).toHaveLength(places.length)
    }
  })

  test('of mounts has those in which something may be done', async () => {
    const { body } = await sendAs('reader', 'GET', '/v1/sys/mounts')
    expect(Object.keys(body.data)).toEqual(['secret/'])
    expect(Object.keys((await sendAs('root', 'GET', '/v1/sys/mounts')).body.data)).toEqual([
      'kv/',
      'secret/',
    ])
    expect(await api.status('GET', '/v1/sys/internal/ui/mounts/secret/prod', 'reader')).toBe(200)
    expect(await api.status('GET', '/v1/sys/internal/ui/mounts/kv/prod', 'reader')).toBe(403)
    expect(await api.status('GET', '/v1/sys/internal/ui/mounts/nothing/x', 'reader')).toBe(403)
  })

  test('of what a mount is set up for ends where the list of mounts does', async () => {
    for (const rest of ['', '/tune']) {
      expect(await api.status('GET', `/v1/sys/mounts/secret${rest}`, 'reader')).toBe(200)
      const hidden = await sendAs('reader', 'GET', `/v1/sys/mounts/kv${rest}`)
      const none = await sendAs('reader', 'GET', `/v1/sys/mounts/nothing${rest}`)
      expect(hidden.status).toBe(400)
      expect(hidden.text.replace('kv', 'nothing')).toBe(none.text)
    }
  })

  test('of mounts is not to be had by trying names', async () => {
    const hidden = await sendAs('reader', 'GET', '/v1/kv/prod/db')
    const none = await sendAs('reader', 'GET', '/v1/nothing/prod/db')
    expect(hidden.status).toBe(403)
    expect([none.status, none.text]).toEqual([403, hidden.text])
    expect(await api.status('GET', '/v1/nothing/prod/db', 'root')).toBe(404)
  })

  test('of capabilities says the same as the answers', async () => {
    const paths = [
      'secret/data/prod/db',
      'secret/data/production/x',
      'secret/metadata/prod/db',
      'kv/prod/db',
      'SECRET/data/prod/db',
      'secret/data/PROD/db',
    ]
    const { body } = await sendAs('reader', 'POST', '/v1/sys/capabilities-self', { paths })
    expect(body.data).toEqual({
      'secret/data/prod/db': ['read'],
      'secret/data/production/x': ['deny'],
      'secret/metadata/prod/db': ['list', 'read'],
      'kv/prod/db': ['deny'],
      'SECRET/data/prod/db': ['deny'],
      'secret/data/PROD/db': ['deny'],
    })
  })
})

describe('C-04: no spelling leads out', () => {
  const ways = [
    'prod/../other/x',
    'prod/%2e%2e/other/x',
    'prod%2f..%2fother%2fx',
    'prod%2F%2E%2E%2Fother%2Fx',
    'prod/..%2fother/x',
    'prod/%252e%252e/other/x',
    'prod//../other/x',
    'prod/./../other/x',
    'prod\\..\\other\\x',
    'prod%5c..%5cother%5cx',
    '../secret/data/other/x',
    'prod%00/../other/x',
    '/other/x',
    '//other/x',
    '%2fother%2fx',
    'other%2fx',
    'other//x',
    'OTHER/x',
    'prod/db/../../../other/x',
    'prod;/../other/x',
    'prod?/../other/x',
  ]

  test.each(ways)('%s', async (way) => {
    const { okms, central } = api.inside
    for (const target of [
      `/v1/secret/data/${way}`,
      `/v1/secret/data//${way}`,
      `/v1//secret/data/${way}`,
      `/v1/secret%2fdata%2f${way}`,
      `${okms}/v1/secret/data/${way}`,
      `${okms}/v2/secret/${way}?includeData=true`,
      `${okms}/v2/secret/${way}/version/1?includeData=true`,
      `${central}/secret/${way}?includeData=true`,
      `${central}/secret/${way}/version/1?includeData=true`,
    ]) {
      expect((await sendAs('reader', 'GET', target)).text).not.toContain(canary)
    }
  })

  test('however it is put together', async () => {
    const piece = fc.constantFrom(
      ...['prod', 'other', 'x', 'db', 'production', 'top', 'secret', 'data', 'kv'],
      ...['/', '//', '..', '.', '%2f', '%2F', '%2e', '%2e%2e', '%5c', '\\', ';', '%00', '%', '%25'],
    )
    const prefix = fc.constantFrom(
      ...['/v1/secret/data/', '/v1/secret/metadata/', '/v1/kv/', '/v1/'],
      ...['okms:/v1/secret/data/', 'okms:/v2/secret/', 'central:/secret/', 'okms:/'],
    )
    const query = fc.constantFrom('', '?includeData=true', '?list=true')
    await fc.assert(
      fc.asyncProperty(prefix, fc.array(piece, { maxLength: 7 }), query, async (p, pieces, q) => {
        const { okms, central } = api.inside
        const start = p.replace(/^okms:/, okms).replace(/^central:/, central)
        const { text } = await sendAs('reader', 'GET', start + pieces.join('') + q)
        expect(text).not.toContain(canary)
        expect(text).not.toMatch(/"other\/"|"production\/"|"top"|"PROD\/"|"path":"other/)
      }),
      { numRuns: 400 },
    )
  })

  test('nor does a write', async () => {
    const body = { data: { value: 'over' } }
    for (const way of ways) {
      await sendAs('writer', 'POST', `/v1/secret/data/${way}`, body)
      await sendAs('writer', 'PUT', `${api.inside.okms}/v2/secret/${way}`, { version: body })
      const path = decodeURIComponent(way.replaceAll('%00', ''))
      await sendAs('writer', 'POST', `${api.inside.okms}/v2/secret`, { path, version: body })
    }
    const { text } = await sendAs('root', 'GET', '/v1/secret/data/other/x')
    expect(text).toContain(canary)
    const { body: listed } = await sendAs('root', 'GET', '/v1/secret/metadata?list=true')
    // One spelling has a question mark behind `prod`, which is the writer's own.
    const keys = ['PROD/', 'other/', 'prod', 'prod-2', 'prod/', 'production/', 'top']
    expect(listed.data.keys).toEqual(keys)
  })
})

test('C-04: a snapshot is read within the same bounds', async () => {
  const { readFileSync } = await import('node:fs')
  const bytes = new Uint8Array(readFileSync(api.vault.file))
  const load = '/v1/sys/storage/raft/snapshot-load'
  api.token('loader', scopeOf([''], [...rights]))
  const { body } = await api.send('POST', load, { 'x-vault-token': 'loader' }, { bytes })
  const id: string = body.data.snapshot_id
  const read = (path: string) =>
    sendAs('reader', 'GET', `/v1/secret/data/${path}?read_snapshot_id=${id}`)
  expect((await read('prod/db')).status).toBe(200)
  expect((await read('other/x')).status).toBe(403)
  const listed = await sendAs('reader', 'LIST', `/v1/secret/metadata?read_snapshot_id=${id}`)
  expect(listed.body.data.keys).toEqual(['prod/'])
  // To take another secret than the one that is written needs the right to read that one.
  api.token('mover', scopeOf(['secret/prod'], ['write', 'readData']))
  const recover = (from: string) =>
    api.send('POST', '/v1/secret/data/prod/copy', {
      'x-vault-token': 'mover',
      'x-vault-recover-snapshot-id': id,
      'x-vault-recover-source-path': from,
    })
  expect((await recover('secret/data/other/x')).status).toBe(403)
  expect((await recover('secret/data/prod/../other/x')).status).toBe(400)
  expect((await recover('secret/data/prod/db')).status).toBe(200)
})
