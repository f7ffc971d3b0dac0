import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { WorkId } from '../../../src-main/contract/compare-calls'
import type { CopyOrder, CopyPolicy } from '../../../src-main/contract/copy-calls'
import {
  FolderPath,
  MountName,
  SecretData,
  SecretPath,
  StoreId,
  VaultId,
  type EpochMs,
} from '../../../src-main/contract/model'
import type { SecretStore } from '../../../src-main/kv/secret-store'
import type { Fetch } from '../../../src-main/remote/fetch'
import { Kv1Dialect } from '../../../src-main/remote/kv1-dialect'
import { Kv2Dialect } from '../../../src-main/remote/kv2-dialect'
import { vaultKv2 } from '../../../src-main/remote/kv2-servers'
import { OkmsDialect } from '../../../src-main/remote/okms-dialect'
import { RemoteStore } from '../../../src-main/remote/remote-store'
import { Copies } from '../../../src-main/stores/copy/copies'
import { pathsBelow } from '../../../src-main/stores/copy/subtree'
import { ApiUnderTest } from '../../http/api-under-test'
import { mortal, type Life } from './life'
import { kvMount, newVault, secretMount } from '../../vault/new-vault'

export const path = (text: string) => SecretPath.parse(text)
export const data = (text: string) => SecretData.parse(text)

/** The stores that copies are tried between. */
export const storeKinds = ['local', 'local KV1', 'KV2', 'OKMS REST', 'KV1'] as const
export type StoreKind = (typeof storeKinds)[number]

/** Sends to the API in this process, whose replies are held to what is declared. */
function fetchOf(api: ApiUnderTest): Fetch {
  return async ({ method, target, headers, body }) => {
    const sending = { headers: { ...headers }, ...(body === undefined ? {} : { text: body }) }
    const reply = await api.send(method, target, sending)
    return { status: reply.status, headers: Object.fromEntries(reply.headers), body: reply.text }
  }
}

/** An empty store of a kind, which ends with the test. */
export async function newStore(kind: StoreKind, life?: Life): Promise<SecretStore> {
  if (kind === 'local' || kind === 'local KV1') {
    const { vault } = await newVault()
    const store = vault.store(kind === 'local' ? secretMount : kvMount)
    return life === undefined ? store : mortal(store, life)
  }
  const api = await ApiUnderTest.create()
  onTestFinished(() => api.close())
  const plain = fetchOf(api)
  const fetch: Fetch = (request) =>
    life === undefined || request.method === 'GET' || request.method === 'LIST'
      ? plain(request)
      : life.step(() => plain(request))
  const dialects = {
    KV2: () => {
      const clock = { now: () => api.now as EpochMs }
      return new Kv2Dialect(fetch, vaultKv2(MountName.parse('secret')), clock)
    },
    'OKMS REST': () => new OkmsDialect(fetch, VaultId.parse(api.vault.id)),
    KV1: () => new Kv1Dialect(fetch, MountName.parse('kv')),
  }
  return new RemoteStore(StoreId.parse(`${api.vault.id}/remote`), dialects[kind]())
}

/** Copying between stores, with the journal in a vault of its own. */
export async function newCopies(stores: () => readonly SecretStore[]) {
  const { vault, clock, unlock } = await newVault()
  const make = (shelf = vault.copies) =>
    new Copies({
      clock,
      store: (id) => {
        const found = stores().find((one) => one.id === id)
        if (found === undefined) throw new Error(`no store ${id}`)
        return found
      },
      shelf: () => shelf,
      unlocked: () => [vault.id],
      snapshots: {
        writable: (id) => vault.storeSnapshots.writable(id),
        finished: (id, ...noted) => vault.storeSnapshots.finished(id, ...noted),
      },
    })
  return { vault, clock, unlock, make, copies: make(), keeper: vault.id }
}

export const newWork = () => WorkId.parse(randomUUID())

const usual: CopyPolicy = {
  ...{ versions: 'latest', conflicts: 'skip' },
  ...{ settings: true, move: false, acceptLoss: false },
}

/** An order for everything of one store into another. */
export function orderOf(
  from: SecretStore,
  to: SecretStore,
  policy: Partial<CopyPolicy> = {},
  folders: { from?: string; to?: string } = {},
): CopyOrder {
  return {
    kind: 'folder',
    from: { store: from.id, path: FolderPath.parse(folders.from ?? '') },
    to: { store: to.id, path: FolderPath.parse(folders.to ?? '') },
    policy: { ...usual, ...policy },
  }
}

/** Writes a secret, whether or not it exists. */
export async function put(store: SecretStore, at: string, text: string): Promise<void> {
  await store.write(path(at), { mode: 'upsert', data: data(text) })
}

/** The current data of every secret below a folder, as plain JSON; undefined where there is none. */
export async function contents(store: SecretStore, below = ''): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  for (const at of await pathsBelow(store, FolderPath.parse(below))) {
    const version = await store.readVersion(at)
    found[at] = version.data === undefined ? undefined : JSON.parse(version.data)
  }
  return found
}
