import { deepEqual, equal, match } from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { step, told } from './report.mjs'

// The `bao` command, which the environment names: the Go client that `vault` has too. PUT, GET ?list=true,
// and a question for the mount before every command.
const { ready, way } = told()
const run = promisify(execFile)
const program = process.env['COFFRET_BAO'] ?? 'bao'
const env = {
  PATH: process.env['PATH'],
  // Where it would keep a token of its own.
  HOME: dirname(ready.caFile),
  BAO_ADDR: ready.address,
  BAO_CACERT: ready.caFile,
  BAO_FORMAT: 'json',
  ...(way === 'certificate'
    ? { BAO_CLIENT_CERT: ready.clientCert, BAO_CLIENT_KEY: ready.clientKey }
    : { BAO_TOKEN: ready.token }),
}
const folder = `bao/${way}`
const path = `${folder}/db`

/** @param {string[]} words @returns {Promise<any>} what it prints as JSON */
async function bao(...words) {
  const { stdout } = await run(program, words, { env })
  return /^["[{]/.test(stdout) ? JSON.parse(stdout) : undefined
}

/** @param {string} command @param {string[]} words */
const kv = (command, ...words) => bao('kv', ...command.split(' '), '-mount=secret', ...words)
/** @param {number} [version] */
const get = async (version) =>
  (await kv('get', ...(version === undefined ? [] : [`-version=${version}`]), path)).data

/** @param {Promise<unknown>} attempt @returns {Promise<{ stdout: string, stderr: string }>} */
async function failure(attempt) {
  const failed = await attempt.then(
    () => undefined,
    (/** @type {any} */ error) => error,
  )
  if (failed === undefined) throw new Error('this was to be refused')
  return failed
}

await step('state', async () => {
  equal((await bao('status')).sealed, false)
  equal((await bao('secrets', 'list'))['secret/'].options.version, '2')
  if (way === 'token') equal((await bao('token', 'lookup')).data.policies[0], 'root')
})
await step('put', async () => {
  equal((await kv('put', path, 'login=admin', 'n=1')).data.version, 1)
  equal((await kv('put', '-cas=1', path, 'login=admin', 'n=2')).data.version, 2)
  const { stderr } = await failure(kv('put', '-cas=1', path, 'n=3'))
  match(stderr, /did not match the current version/)
})
await step('get', async () => {
  deepEqual((await get()).data, { login: 'admin', n: '2' })
  deepEqual((await get(1)).data, { login: 'admin', n: '1' })
  equal(await kv('get', '-field=login', path), 'admin')
  match((await failure(kv('get', 'not/there'))).stderr, /No value found/)
})
await step('list', async () => {
  deepEqual(await kv('list', folder), ['db'])
})
await step('patch', async () => {
  equal((await kv('patch', '-remove-data=login', path, 's=é 🔑')).data.version, 3)
  deepEqual((await get()).data, { n: '2', s: 'é 🔑' })
})
await step('metadata', async () => {
  await kv('metadata put', '-max-versions=7', '-delete-version-after=3h25m19s', path)
  await kv('metadata patch', '-custom-metadata=owner=me', '-delete-version-after=0s', path)
  const { data } = await kv('metadata get', path)
  deepEqual(
    [data.max_versions, data.delete_version_after, data.custom_metadata, data.current_version],
    [7, '0s', { owner: 'me' }, 3],
  )
})
await step('delete', async () => {
  await kv('delete', path)
  const { data, metadata } = await get()
  equal(data, null)
  match(metadata.deletion_time, /Z$/)
  await kv('delete', '-versions=1', path)
  equal((await get(1)).data, null)
})
await step('undelete', async () => {
  await kv('undelete', '-versions=1,3', path)
  deepEqual((await get(1)).data, { login: 'admin', n: '1' })
  deepEqual((await get()).data, { n: '2', s: 'é 🔑' })
})
await step('rollback', async () => {
  equal((await kv('rollback', '-version=1', path)).data.version, 4)
  deepEqual((await get()).data, { login: 'admin', n: '1' })
})
await step('destroy', async () => {
  await kv('destroy', '-versions=2', path)
  equal((await kv('metadata get', path)).data.versions['2'].destroyed, true)
  await kv('metadata delete', path)
  match((await failure(kv('metadata get', path))).stderr, /No value found/)
})
await step('version 1', async () => {
  const name = `kv/${folder}/a`
  await bao('kv', 'put', name, 'user=u', 'ttl=1h')
  const { data, lease_duration } = await bao('kv', 'get', name)
  deepEqual([data, lease_duration], [{ user: 'u', ttl: '1h' }, 3600])
  deepEqual(await bao('kv', 'list', `kv/${folder}`), ['a'])
  await bao('kv', 'delete', name)
  match((await failure(bao('kv', 'get', name))).stderr, /No value found/)
})
