import { expect } from 'vitest'
import {
  FolderPath,
  SecretData,
  SecretPath,
  VersionNumber,
  type Capability,
} from '../../src-main/contract/model'
import type { SecretStore } from '../../src-main/kv/secret-store'

/** A store to be tried, empty, with a clock that the test moves. */
export interface StoreUnderTest {
  readonly store: SecretStore
  /** Moves the clock of the store forward, in milliseconds; absent where the clock is another's. */
  readonly advance?: (ms: number) => void
  close(): Promise<void> | void
}

/** Whether the store that is tried says that it can do something. */
export type Can = (capability: Capability) => boolean

/** The store of the test that runs. */
export type Current = () => StoreUnderTest

export const path = (text: string) => SecretPath.parse(text)
export const folder = (text: string) => FolderPath.parse(text)
export const data = (text: string) => SecretData.parse(text)
export const number = (value: number) => VersionNumber.parse(value)

/** Matches a failure by its code. */
export const failing = (code: string) => expect.objectContaining({ code })

/** Writes a secret, whether or not it exists. */
export function put(current: Current, at: string, text = '{"a":1}') {
  return current().store.write(path(at), { mode: 'upsert', data: data(text) })
}

/** Reads a version, the current one unless told. */
export async function read(current: Current, at: string, version?: number) {
  const { store } = current()
  return store.readVersion(path(at), version === undefined ? undefined : number(version))
}

/** Every path of the store. */
export async function paths(current: Current) {
  return (await current().store.listAll()).items.map((item) => String(item.path))
}

/** The children of a folder, folders with `/`. */
export async function names(current: Current, at = '') {
  const { items } = await current().store.list(folder(at))
  return items.map((item) => (item.kind === 'folder' ? `${item.name}/` : item.name))
}

/** Data that came back as it was written: to the letter, or with equal values where that is promised. */
export function expectData(can: Can, found: string | undefined, written: string) {
  const shown = (text = '') => (can('exactText') ? text : JSON.stringify(sorted(JSON.parse(text))))
  expect(shown(found)).toBe(shown(written))
}

/** Plain JSON with the keys of its objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)] as const)
  return entries.sort(([a], [b]) => (a < b ? -1 : 1))
}
