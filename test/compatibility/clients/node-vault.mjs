import { deepEqual, equal, match } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import connect from 'node-vault'
import { refused, step, told } from './report.mjs'

// node-vault: axios, one connection a request, LIST as a verb of its own.
const { ready, way } = told()
const ca = readFileSync(ready.caFile)
const vault = connect({
  endpoint: ready.address,
  ...(way === 'token' ? { token: ready.token } : {}),
  requestOptions:
    way === 'certificate'
      ? { ca, cert: readFileSync(ready.clientCert), key: readFileSync(ready.clientKey) }
      : { ca },
})
const path = `node-vault/${way}/db`
/** @param {'data' | 'metadata' | 'delete' | 'undelete' | 'destroy'} part */
const at = (part, name = path) => `secret/${part}/${name}`
/** @param {number} [version] */
const get = async (version) => {
  const query = version === undefined ? '' : `?version=${version}`
  return (await vault.read(at('data') + query)).data
}

await step('state', async () => {
  equal((await vault.health()).sealed, false)
  equal((await vault.status()).sealed, false)
  equal((await vault.mounts()).data['secret/'].options.version, '2')
})
await step('put', async () => {
  const first = await vault.write(at('data'), { data: { login: 'admin', n: 1 } })
  equal(first.data.version, 1)
  const options = { cas: 1 }
  const second = await vault.write(at('data'), { data: { login: 'admin', n: 2 }, options })
  equal(second.data.version, 2)
  const stale = await refused(vault.write(at('data'), { data: {}, options }))
  match(stale.message, /did not match the current version/)
})
await step('get', async () => {
  deepEqual((await get()).data, { login: 'admin', n: 2 })
  deepEqual((await get(1)).data, { login: 'admin', n: 1 })
  equal((await refused(vault.read(at('data', 'not/there')))).response.statusCode, 404)
})
await step('list', async () => {
  deepEqual((await vault.list(`secret/metadata/node-vault/${way}`)).data.keys, ['db'])
  deepEqual((await vault.list(`secret/metadata/node-vault/${way}/`)).data.keys, ['db'])
})
await step('patch', async () => {
  const options = { headers: { 'Content-Type': 'application/merge-patch+json' } }
  equal(
    (await vault.update(at('data'), { data: { login: null, s: 'é 🔑' } }, options)).data.version,
    3,
  )
  deepEqual((await get()).data, { n: 2, s: 'é 🔑' })
})
await step('metadata', async () => {
  await vault.write(at('metadata'), { max_versions: 7, custom_metadata: { owner: 'me' } })
  const { data } = await vault.read(at('metadata'))
  deepEqual(
    [data.max_versions, data.current_version, data.custom_metadata],
    [7, 3, { owner: 'me' }],
  )
})
await step('delete', async () => {
  await vault.delete(at('data'))
  const { statusCode, body } = (await refused(get())).response
  deepEqual([statusCode, body.data.data], [404, null])
  match(body.data.metadata.deletion_time, /Z$/)
  await vault.write(at('delete'), { versions: [1] })
  equal((await refused(get(1))).response.statusCode, 404)
})
await step('undelete', async () => {
  await vault.write(at('undelete'), { versions: [1, 3] })
  deepEqual((await get(1)).data, { login: 'admin', n: 1 })
  deepEqual((await get()).data, { n: 2, s: 'é 🔑' })
})
await step('rollback', async () => {
  const { data, metadata } = await get(1)
  equal(metadata.deletion_time, '')
  equal((await vault.write(at('data'), { data, options: { cas: 3 } })).data.version, 4)
  deepEqual((await get()).data, { login: 'admin', n: 1 })
})
await step('destroy', async () => {
  await vault.write(at('destroy'), { versions: [2] })
  const { body } = (await refused(get(2))).response
  equal(body.data.metadata.destroyed, true)
  await vault.delete(at('metadata'))
  equal((await refused(vault.read(at('metadata')))).response.statusCode, 404)
})
await step('version 1', async () => {
  const name = `kv/node-vault/${way}/a`
  await vault.write(name, { user: 'u', ttl: '1h' })
  const { data, lease_duration } = await vault.read(name)
  deepEqual([data, lease_duration], [{ user: 'u', ttl: '1h' }, 3600])
  deepEqual((await vault.list(`kv/node-vault/${way}`)).data.keys, ['a'])
  await vault.delete(name)
  equal((await refused(vault.read(name))).response.statusCode, 404)
})
