import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Access } from '../../src-main/http/access'
import type { Errand } from '../../src-main/kv/scope-rules'
import { ApiUnderTest } from './api-under-test'

export const load = '/v1/sys/storage/raft/snapshot-load'

/** The id of no snapshot. */
export const unknown = '00000000-0000-4000-8000-000000000000'

/** A write of data. */
export const data = (n: number) => ({ body: { data: { n } } })

/** The file of a vault, as a backup is. */
export function backup({ vault }: ApiUnderTest): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(vault.file))
}

/** An API whose snapshots lie in a folder that can be looked at, and whose caller loses rights. */
export async function snapshotApi(folder: string) {
  const rights = { mayDo: (_errand: Errand): boolean => true }
  const caller = {
    ...{ id: 'ci', kind: 'token' as const, name: 'ci' },
    createdSeconds: 0,
    mayDo: (errand: Errand) => rights.mayDo(errand),
  }
  const access: Access = { identify: async () => caller }
  const api = await ApiUnderTest.create(access, undefined, { folder, maxBytes: 200_000 })
  return { api, rights }
}

/** @returns the snapshot's id */
export async function loadSnapshot(api: ApiUnderTest, bytes = backup(api)): Promise<string> {
  const { status, body } = await api.send('POST', load, { bytes })
  expect({ status, body }).toMatchObject({ status: 200 })
  return body.data.snapshot_id
}

/** `secret/a` (1, then 2), `secret/gone` deleted, `kv/a`, in a snapshot; live it all is different. */
export async function snapshotAndLater(api: ApiUnderTest): Promise<string> {
  for (const n of [1, 2]) await api.send('POST', '/v1/secret/data/a', data(n))
  for (const path of ['gone', 'wiped', 'b/c']) {
    await api.send('POST', `/v1/secret/data/${path}`, data(3))
  }
  await api.send('DELETE', '/v1/secret/data/gone')
  await api.send('PUT', '/v1/secret/destroy/wiped', { body: { versions: [1] } })
  await api.send('POST', '/v1/kv/a', { text: '{"n":1.10,"ttl":"1h"}' })
  await api.send('POST', '/v1/kv/b/c', { body: { n: 3 } })
  const id = await loadSnapshot(api)
  api.advance(60_000)
  for (const path of ['a', 'gone', 'wiped', 'new']) {
    await api.send('POST', `/v1/secret/data/${path}`, data(9))
  }
  for (const path of ['a', 'new']) await api.send('POST', `/v1/kv/${path}`, { body: { n: 9 } })
  return id
}

/** Everything that a change of the live vault would change. */
export async function live(api: ApiUnderTest): Promise<string> {
  const targets = ['a', 'gone', 'wiped', 'new', 'b/c'].flatMap((path) => [
    `/v1/secret/data/${path}`,
    `/v1/secret/metadata/${path}`,
    `/v1/kv/${path}`,
  ])
  const replies = []
  for (const target of targets) replies.push((await api.send('GET', target)).text)
  return replies.join('\n').replaceAll(/"request_id":"[^"]*"/g, '')
}
