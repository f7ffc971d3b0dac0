import { afterEach, describe, expect, test } from 'vitest'
import type { Access } from '../../src-main/http/access'
import type { Errand } from '../../src-main/kv/scope-rules'
import type { Right } from '../../src-main/contract/access'
import { ApiUnderTest, type Sending } from './api-under-test'
import { expectRefusal, RestUnderTest } from './okms-rest'

let api: ApiUnderTest
afterEach(() => api.close())

const headers = { 'x-vault-token': 't' }
const prefixes = ['domain', 'central'] as const

/** The API for a caller with the token `t`; secrets are made by one with `root`. */
async function restFor(prefix: 'domain' | 'central', mayDo: (errand: Errand) => boolean) {
  const access: Access = {
    identify: async ({ request }) => {
      const token = request.headers.get('x-vault-token')
      if (token !== 't' && token !== 'root') return undefined
      return {
        ...{ id: 'ci', kind: 'token', name: 'ci' },
        createdSeconds: 0,
        mayDo: token === 'root' ? () => true : mayDo,
      }
    },
  }
  api = await ApiUnderTest.create(access)
  const rest = new RestUnderTest(api, prefix)
  for (const path of ['app/a', 'app/b', 'ops/c']) {
    const body = { path, version: { data: { x: 1 } } }
    await rest.send('POST', 'secret', { body, headers: { 'x-vault-token': 'root' } })
  }
  return rest
}

const allBut = (right: Right) => (errand: Errand) => errand.right !== right
const below = (prefix: string) => (errand: Errand) => errand.path?.startsWith(prefix) ?? false

describe.each(prefixes)('a right that is missing (%s)', (prefix) => {
  const state = (word: string): Sending => ({
    body: { state: prefix === 'central' ? word.toUpperCase() : word },
  })
  const version = { data: {} }
  test.each<[Right, string, string, Sending]>([
    ['write', 'POST', 'secret', { body: { path: 'new', version } }],
    ['readMetadata', 'GET', 'secret/app%2Fa', {}],
    ['readData', 'GET', 'secret/app%2Fa?includeData=true', {}],
    ['write', 'PUT', 'secret/app%2Fa', { body: { version } }],
    ['destroy', 'DELETE', 'secret/app%2Fa', {}],
    ['readMetadata', 'GET', 'secret/app%2Fa/version', {}],
    ['write', 'POST', 'secret/app%2Fa/version', { body: version }],
    ['readMetadata', 'GET', 'secret/app%2Fa/version/1', {}],
    ['readData', 'GET', 'secret/app%2Fa/version/1?includeData=true', {}],
    ['deactivate', 'PUT', 'secret/app%2Fa/version/1', state('deactivated')],
    ['deactivate', 'PUT', 'secret/app%2Fa/version/1', state('active')],
    ['destroy', 'PUT', 'secret/app%2Fa/version/1', state('deleted')],
    ['readMetadata', 'GET', 'secretConfig', {}],
    ['configure', 'PUT', 'secretConfig', { body: { maxVersions: 1 } }],
  ])('%s refuses %s %s, and nothing else does (L2)', async (right, method, target, sending) => {
    const refusing = await restFor(prefix, allBut(right))
    const sent = { ...sending, headers }
    expectRefusal(await refusing.send(method, target, sent), 403, 'forbidden')
    api.close()
    const letting = await restFor(prefix, (errand) => {
      const mayRead = errand.right === 'readMetadata' && right === 'readData'
      return errand.right === right || mayRead
    })
    expect((await letting.send(method, target, sent)).status).toBeLessThan(300)
  })

  test('to values leaves metadata readable', async () => {
    const rest = await restFor(prefix, allBut('readData'))
    expect((await rest.get('secret/app%2Fa', headers)).status).toBe(200)
    expect((await rest.get('secret/app%2Fa?includeData=false', headers)).status).toBe(200)
  })
})

describe.each(prefixes)('a right below a path (%s)', (prefix) => {
  test('lets create there, and only there', async () => {
    const rest = await restFor(prefix, below('app/'))
    const create = (path: string) =>
      rest.send('POST', 'secret', { body: { path, version: { data: {} } }, headers })
    expect((await create('app/new')).status).toBe(200)
    expectRefusal(await create('ops/new'), 403, 'forbidden')
    expectRefusal(await create('ops/c'), 403, 'forbidden')
  })

  test('lists what it covers, in full pages (L42)', async () => {
    const rest = await restFor(prefix, below('app/'))
    const { body } = await rest.get('secret', headers)
    expect(body.map(({ path }: { path: string }) => path)).toEqual(['app/a', 'app/b'])
  })

  test.each(['list', 'readMetadata'] as const)(
    'lists nothing without the right to %s, and is not refused (L42)',
    async (right) => {
      const rest = await restFor(prefix, allBut(right))
      const reply = await rest.get('secret', headers)
      expect(reply).toMatchObject({ status: 200, text: '[]' })
      expect(reply.headers.has('x-pagination-cursor-next')).toBe(false)
    },
  )

  test('shows no cursor when nothing visible follows (L13, L42)', async () => {
    const rest = await restFor(prefix, below('app/'))
    const root = { 'x-vault-token': 'root' }
    for (let n = 0; n < 8; n += 1) {
      const body = { path: `app/x${n}`, version: { data: {} } }
      await rest.send('POST', 'secret', { body, headers: root })
    }
    const reply = await rest.get('secret', { ...headers, 'x-pagination-size': '10' })
    expect(reply.body).toHaveLength(10)
    expect(reply.headers.has('x-pagination-cursor-next')).toBe(false)
  })
})

describe.each(prefixes)('the order of checks (%s)', (prefix) => {
  test('is locked, credential, domain, route, right, input (L1)', async () => {
    const rest = await restFor(prefix, allBut('configure'))
    const other = rest.root.replace(api.vault.id, '00000000-0000-4000-8000-000000000000')
    const refusal = async (target: string, sending: Sending = {}) =>
      (await api.send('PUT', target, sending)).status
    expect(await refusal(`${other}/nothing`)).toBe(401)
    const strange = await api.send('PUT', `${other}/secretConfig`, { headers })
    expectRefusal(strange, 404, 'wrongDomain')
    expectRefusal(await rest.send('PUT', 'nothing', { headers }), 404, 'noRoute')
    expectRefusal(await rest.send('PUT', 'secretConfig', { headers }), 403, 'forbidden')
    api.vault.lock()
    expectRefusal(await rest.send('PUT', 'secretConfig'), 503, 'locked')
    expectRefusal(await rest.send('PUT', 'nothing', { headers }), 503, 'locked')
  })

  test('lets the id of the domain be written in capitals', async () => {
    const rest = await restFor(prefix, () => true)
    const target = `${rest.root.replace(api.vault.id, api.vault.id.toUpperCase())}/secret`
    expect((await api.send('GET', target, { headers })).status).toBe(200)
  })
})
