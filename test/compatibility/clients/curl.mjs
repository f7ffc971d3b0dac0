import { deepEqual, equal, match } from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { step, told } from './report.mjs'

// curl as people type it: `-d` with the content type of a form, `-X LIST`, secrets from standard input.
const { ready, way } = told()
const run = promisify(execFile)
const origin = way === 'socket' ? 'http://localhost' : ready.address
/** @type {Record<string, string[]>} */
const ways = {
  token: ['--cacert', ready.caFile, '-H', `X-Vault-Token: ${ready.token}`],
  bearer: ['--cacert', ready.caFile, '-H', `Authorization: Bearer ${ready.token}`],
  certificate: ['--cacert', ready.caFile, '--cert', ready.clientCert, '--key', ready.clientKey],
  socket: ['--unix-socket', ready.socket, '-H', `X-Vault-Token: ${ready.token}`],
}
const path = `curl/${way}/db`
const statusMark = '\nstatus '

/**
 * @param {string} target
 * @param {string[]} words
 * @returns {Promise<{ status: number, body: any }>} the body as JSON, undefined without one
 */
async function curl(target, ...words) {
  const known = [
    '--silent',
    '--show-error',
    '--path-as-is',
    '--write-out',
    `${statusMark}%{http_code}`,
  ]
  const { stdout } = await run('curl', [...known, ...(ways[way] ?? []), ...words, origin + target])
  const [text = '', status] = stdout.split(statusMark)
  return { status: Number(status), body: text === '' ? undefined : JSON.parse(text) }
}

/** @param {unknown} body */
const sending = (body) => ['-d', JSON.stringify(body)]
/** @param {'data' | 'metadata' | 'delete' | 'undelete' | 'destroy'} part */
const at = (part, query = '') => `/v1/secret/${part}/${path}${query}`
const merge = ['-X', 'PATCH', '-H', 'Content-Type: application/merge-patch+json']

await step('state', async () => {
  const { status, body } = await curl('/v1/sys/health')
  deepEqual([status, body.sealed], [200, false])
  const mounts = await curl('/v1/sys/mounts')
  equal(mounts.body['secret/'].options.version, '2')
})
await step('put', async () => {
  const first = await curl(at('data'), ...sending({ data: { login: 'admin', n: 1 } }))
  deepEqual([first.status, first.body.data.version], [200, 1])
  const data = { login: 'admin', n: 2 }
  const second = await curl(at('data'), '-X', 'PUT', ...sending({ data, options: { cas: 1 } }))
  deepEqual([second.status, second.body.data.version], [200, 2])
  const stale = await curl(at('data'), ...sending({ data, options: { cas: 1 } }))
  equal(stale.status, 400)
  match(stale.body.errors[0], /did not match the current version/)
})
await step('get', async () => {
  deepEqual((await curl(at('data'))).body.data.data, { login: 'admin', n: 2 })
  deepEqual((await curl(at('data', '?version=1'))).body.data.data, { login: 'admin', n: 1 })
  deepEqual(await curl('/v1/secret/data/not/there'), { status: 404, body: { errors: [] } })
  equal((await curl('/v1/secret/data/x/../../config')).status, 400)
})
await step('list', async () => {
  const listed = await curl(`/v1/secret/metadata/curl/${way}`, '-X', 'LIST')
  deepEqual(listed.body.data.keys, ['db'])
  const asked = await curl(`/v1/secret/metadata/curl/${way}?list=true`)
  deepEqual(asked.body.data.keys, ['db'])
})
await step('patch', async () => {
  const patched = await curl(at('data'), ...merge, ...sending({ data: { login: null, s: 'é 🔑' } }))
  deepEqual([patched.status, patched.body.data.version], [200, 3])
  deepEqual((await curl(at('data'))).body.data.data, { n: 2, s: 'é 🔑' })
  equal((await curl(at('data'), '-X', 'PATCH', ...sending({ data: {} }))).status, 415)
})
await step('metadata', async () => {
  const set = { max_versions: 7, custom_metadata: { owner: 'me' } }
  deepEqual(await curl(at('metadata'), ...sending(set)), { status: 204, body: undefined })
  const { data } = (await curl(at('metadata'))).body
  deepEqual(
    [data.max_versions, data.current_version, data.custom_metadata],
    [7, 3, { owner: 'me' }],
  )
})
await step('delete', async () => {
  equal((await curl(at('data'), '-X', 'DELETE')).status, 204)
  const { status, body } = await curl(at('data'))
  deepEqual([status, body.data.data], [404, null])
  equal((await curl(at('delete'), ...sending({ versions: [1] }))).status, 204)
  equal((await curl(at('data', '?version=1'))).status, 404)
})
await step('undelete', async () => {
  equal((await curl(at('undelete'), ...sending({ versions: [1, 3] }))).status, 204)
  deepEqual((await curl(at('data', '?version=1'))).body.data.data, { login: 'admin', n: 1 })
})
await step('rollback', async () => {
  const { data } = (await curl(at('data', '?version=1'))).body.data
  const written = await curl(at('data'), ...sending({ data, options: { cas: 3 } }))
  equal(written.body.data.version, 4)
  deepEqual((await curl(at('data'))).body.data.data, { login: 'admin', n: 1 })
})
await step('destroy', async () => {
  equal((await curl(at('destroy'), '-X', 'PUT', ...sending({ versions: [2] }))).status, 204)
  equal((await curl(at('data', '?version=2'))).body.data.metadata.destroyed, true)
  equal((await curl(at('metadata'), '-X', 'DELETE')).status, 204)
  equal((await curl(at('metadata'))).status, 404)
})
await step('version 1', async () => {
  const name = `/v1/kv/curl/${way}/a`
  equal((await curl(name, ...sending({ user: 'u', ttl: '1h' }))).status, 204)
  const { body } = await curl(name)
  deepEqual([body.data, body.lease_duration], [{ user: 'u', ttl: '1h' }, 3600])
  deepEqual((await curl(`/v1/kv/curl/${way}`, '-X', 'LIST')).body.data.keys, ['a'])
  equal((await curl(name, '-X', 'DELETE')).status, 204)
  equal((await curl(name)).status, 404)
})
await step('OKMS', async () => {
  const domain = `/api/${ready.okmsId}/v2/secret`
  const json = ['-H', 'Content-Type: application/json']
  const made = { path: `curl/${way}/okms`, version: { data: { a: 1 } } }
  equal((await curl(domain, ...json, ...sending(made))).status, 200)
  const read = await curl(`${domain}/curl/${way}/okms?includeData=true`)
  deepEqual([read.status, read.body.version.data], [200, { a: 1 }])
  equal((await curl(`${domain}/curl/${way}/okms`, '-X', 'DELETE')).status, 204)
})
