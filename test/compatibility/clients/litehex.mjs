import { deepEqual, equal, match } from 'node:assert/strict'
import { Client } from '@litehex/node-vault'
import { step, told } from './report.mjs'

// @litehex/node-vault: fetch, kept-alive connections, replies held to schemas. It learns the authority from
// NODE_EXTRA_CA_CERTS; fetch has no client certificates.
const { ready, way } = told()
const client = new Client({ endpoint: ready.address, token: ready.token })
const { kv, kv2 } = client
// Not in a folder: with a version it loses what is behind the first slash of a path (1.1.4).
const name = `litehex-${way}`
const at = { mountPath: 'secret', path: name }
const admin = { login: 'admin', n: '1' }

/**
 * What a reply holds: this client puts failures beside it.
 * @template T
 * @param {Promise<{ data?: T, error?: Error }>} sent
 * @returns {Promise<T>}
 */
async function reply(sent) {
  const { data, error } = await sent
  if (error !== undefined) throw error
  if (data === undefined) throw new Error('neither data nor error')
  return data
}

/** @param {Promise<{ error?: Error }>} sent */
async function failure(sent) {
  const { error } = await sent
  if (error === undefined) throw new Error('this was to be refused')
  return error.message
}

await step('state', async () => {
  equal((await reply(client.sealStatus())).sealed, false)
  equal((await reply(client.mounts())).data?.['secret/']?.options?.['version'], '2')
})
await step('put', async () => {
  equal((await reply(kv2.write({ ...at, data: admin }))).data.version, 1)
  equal((await reply(kv2.write({ ...at, data: { ...admin, n: '2' } }))).data.version, 2)
})
await step('get', async () => {
  deepEqual((await reply(kv2.read(at))).data.data, { ...admin, n: '2' })
  deepEqual((await reply(kv2.read({ ...at, version: 1 }))).data.data, admin)
})
await step('list', async () => {
  equal((await reply(kv2.list({ ...at, path: '' }))).data.keys.includes(name), true)
  const inFolder = { ...at, path: `${name}/a/b` }
  await reply(kv2.write({ ...inFolder, data: admin }))
  deepEqual((await reply(kv2.list({ ...at, path: name }))).data.keys, ['a/'])
  deepEqual((await reply(kv2.read(inFolder))).data.data, admin)
})
await step('patch', async () => {
  const { data } = await reply(kv2.patch({ ...at, data: { login: null, s: 'é 🔑' } }))
  equal(data.version, 3)
  deepEqual((await reply(kv2.read(at))).data.data, { n: '2', s: 'é 🔑' })
})
await step('metadata', async () => {
  const set = { max_versions: 7, custom_metadata: { owner: 'me' } }
  equal(await reply(kv2.writeMetadata({ ...at, ...set })), true)
  equal(await reply(kv2.patchMetadata({ ...at, custom_metadata: { team: 'us' } })), true)
  const { data } = await reply(kv2.readMetadata(at))
  const { max_versions, current_version, custom_metadata } = data
  deepEqual([max_versions, current_version, custom_metadata], [7, 3, { owner: 'me', team: 'us' }])
})
await step('delete', async () => {
  equal(await reply(kv2.deleteLatest(at)), true)
  equal(await reply(kv2.delete({ ...at, versions: [1] })), true)
  const { data } = await reply(kv2.readMetadata(at))
  match(data.versions['1']?.deletion_time ?? '', /Z$/)
  match(data.versions['3']?.deletion_time ?? '', /Z$/)
})
await step('undelete', async () => {
  equal(await reply(kv2.undelete({ ...at, versions: [1, 3] })), true)
  deepEqual((await reply(kv2.read({ ...at, version: 1 }))).data.data, admin)
})
await step('rollback', async () => {
  const { data } = (await reply(kv2.read({ ...at, version: 1 }))).data
  equal((await reply(kv2.write({ ...at, data }))).data.version, 4)
  deepEqual((await reply(kv2.read(at))).data.data, admin)
})
await step('destroy', async () => {
  equal(await reply(kv2.destroy({ ...at, versions: [2] })), true)
  equal((await reply(kv2.readMetadata(at))).data.versions['2']?.destroyed, true)
  equal(await reply(kv2.deleteMetadata(at)), true)
  await failure(kv2.readMetadata(at))
})
await step('version 1', async () => {
  const plain = { mountPath: 'kv', path: `litehex/${way}/a` }
  equal(await reply(kv.write({ ...plain, data: { user: 'u', ttl: '1h' } })), true)
  const { data, lease_duration } = await reply(kv.read(plain))
  deepEqual([data, lease_duration], [{ user: 'u', ttl: '1h' }, 3600])
  deepEqual((await reply(kv.list({ ...plain, path: `litehex/${way}` }))).data.keys, ['a'])
  equal(await reply(kv.delete(plain)), true)
  await failure(kv.read(plain))
})
