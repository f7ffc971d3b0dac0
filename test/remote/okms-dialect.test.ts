import { afterEach, beforeEach, expect, test } from 'vitest'
import { SecretData, SecretPath, VaultId } from '../../src-main/contract/model'
import type { Fetch } from '../../src-main/remote/fetch'
import { OkmsDialect } from '../../src-main/remote/okms-dialect'
import type { RequestText } from '../../src-main/wire/request-text'
import { ApiUnderTest } from '../http/api-under-test'

let api: ApiUnderTest
let dialect: OkmsDialect
/** What another program does just before a request of ours arrives. */
let interfere: (request: RequestText) => Promise<unknown>
let asked: string[]

const x = SecretPath.parse('x')
const dataOf = (text: string) => SecretData.parse(text)
const once = (method: string, work: () => Promise<unknown>) => {
  interfere = async (request) => {
    if (request.method !== method) return
    interfere = async () => undefined
    await work()
  }
}
const put = (text: string) => dialect.write(x, { mode: 'upsert', data: dataOf(text) })
const other = (method: string, target: string, body?: unknown) =>
  api.send(method, `${api.okms}/v2${target}`, body === undefined ? {} : { body })

beforeEach(async () => {
  api = await ApiUnderTest.create()
  asked = []
  interfere = async () => undefined
  const fetch: Fetch = async (request) => {
    await interfere(request)
    asked.push(request.method)
    const { method, target, headers, body } = request
    const sending = { headers: { ...headers }, ...(body === undefined ? {} : { text: body }) }
    const reply = await api.send(method, target, sending)
    return { status: reply.status, headers: Object.fromEntries(reply.headers), body: reply.text }
  }
  dialect = new OkmsDialect(fetch, VaultId.parse(api.vault.id))
})
afterEach(() => api.close())

test('a patch begins again when another write came between', async () => {
  await put('{"a":1}')
  once('PUT', () => other('POST', '/secret/x/version', { data: { a: 2, b: 2 } }))
  const { version } = await dialect.write(x, { mode: 'update', patch: dataOf('{"c":3}') })
  expect(version?.version).toBe(3)
  expect((await dialect.readVersion(x)).data).toBe('{"a":2,"b":2,"c":3}')
})

test('a patch with a number of its own does not', async () => {
  await put('{"a":1}')
  once('PUT', () => other('POST', '/secret/x/version', { data: { a: 2 } }))
  const write = dialect.write(x, { mode: 'update', patch: dataOf('{"c":3}'), cas: 1 })
  await expect(write).rejects.toMatchObject({ code: 'cas_mismatch' })
})

test('a write that always comes second gives up', async () => {
  await put('{"a":1}')
  asked = []
  interfere = async ({ method }) => {
    if (method === 'PUT') await other('POST', '/secret/x/version', { data: {} })
  }
  const write = dialect.write(x, { mode: 'update', patch: dataOf('{"c":3}') })
  await expect(write).rejects.toMatchObject({ code: 'cas_mismatch' })
  expect(asked.filter((method) => method === 'PUT').length).toBe(4)
})

test('a write to a path that appears meanwhile adds a version', async () => {
  const created = { path: 'x', version: { data: { a: 1 } } }
  once('POST', () => other('POST', '/secret', created))
  const { version } = await put('{"a":2}')
  expect(version?.version).toBe(2)
})

test('settings alone need no number from the caller, and are not lost to a write', async () => {
  await put('{"a":1}')
  await dialect.write(x, { mode: 'update', settings: { casRequired: true } })
  once('PUT', () => other('POST', '/secret/x/version?cas=1', { data: {} }))
  await dialect.write(x, { mode: 'update', settings: { maxVersions: 4 } })
  const metadata = await dialect.readMetadata(x)
  expect(metadata).toMatchObject({ currentVersion: 2, settings: { maxVersions: 4 } })
})

test('nothing to change sends nothing that changes', async () => {
  await put('{"a":1}')
  asked = []
  await dialect.write(x, { mode: 'update', settings: {} })
  await dialect.writeConfig({})
  expect(new Set(asked)).toEqual(new Set(['GET']))
})

test('more secrets and versions than a page holds are all there', async () => {
  for (let n = 1; n <= 101; n += 1) {
    await other('POST', '/secret', { path: `n/${n}`, version: { data: {} } })
  }
  expect((await dialect.listAll({})).items.length).toBe(101)
  await dialect.writeConfig({ maxVersions: 200 })
  for (let n = 1; n <= 100; n += 1) await other('POST', '/secret/n%2F1/version', { data: {} })
  const { versions } = await dialect.readMetadata(SecretPath.parse('n/1'))
  expect(versions.map(({ version }) => version)).toEqual(
    Array.from({ length: 101 }, (_, n) => n + 1),
  )
})

test('the pages of a list are of one list, which is asked for once', async () => {
  for (const name of ['a', 'b', 'c']) {
    await other('POST', '/secret', { path: name, version: { data: {} } })
  }
  asked = []
  const first = await dialect.listAll({ limit: 1 })
  const second = await dialect.listAll({ limit: 1, after: first.next ?? '' })
  const third = await dialect.listAll({ limit: 1, after: second.next ?? '' })
  expect([first, second, third].flatMap(({ items }) => items.map(({ path }) => path))).toEqual([
    ...['a', 'b', 'c'],
  ])
  expect(asked.length).toBe(1)
  await other('POST', '/secret', { path: 'd', version: { data: {} } })
  expect((await dialect.listAll({ after: 'c' })).items.map(({ path }) => path)).toEqual(['d'])
})

test('a server whose pages never end is left', async () => {
  const headers = { 'x-pagination-cursor-next': 'again' }
  const endless = new OkmsDialect(
    async () => ({ status: 200, headers, body: '[]' }),
    VaultId.parse(api.vault.id),
  )
  await expect(endless.listAll({})).rejects.toMatchObject({ code: 'invalid' })
})
