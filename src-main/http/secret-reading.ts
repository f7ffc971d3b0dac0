import { CoffretError } from '../contract/errors'
import type {
  SecretData,
  SecretMetadata,
  SecretPath,
  VersionMetadata,
  VersionState,
} from '../contract/model'
import type { SecretStore, WholeReading } from '../kv/secret-store'
import { currentVersionOf, findVersion } from '../kv/version-state'
import { Refusal } from './refusal'

/** One version with what surrounds it. */
export interface Reading {
  readonly secret: SecretMetadata
  readonly version: VersionMetadata
  readonly state: VersionState
  /** Present while the version is active. */
  readonly data?: SecretData
}

/**
 * Reads one version with its secret's metadata: at once where the store can.
 * @param number the current version when absent
 * @throws CoffretError `not_found`; Refusal `no_version` when the secret exists without that version
 */
export async function readSecret(
  store: SecretStore,
  path: SecretPath,
  number: number | undefined,
): Promise<Reading> {
  const whole = await (store.readSecret?.(path, number) ?? oneAfterTheOther(store, path, number))
  if (whole.version === undefined) {
    throw new Refusal('no_version', ['the secret has no such version'])
  }
  const { metadata, state, data } = whole.version
  const known = { secret: whole.metadata, version: metadata, state }
  return data === undefined ? known : { ...known, data }
}

/**
 * Metadata comes first, so that between the two calls a version can only lose its data, and never shows
 * data of another time as current.
 */
async function oneAfterTheOther(
  store: SecretStore,
  path: SecretPath,
  number: number | undefined,
): Promise<WholeReading> {
  const metadata = await store.readMetadata(path)
  const found = number === undefined ? currentVersionOf(metadata) : findVersion(metadata, number)
  if (found === undefined) return { metadata }
  return { metadata, version: await store.readVersion(path, found.version) }
}

/** What `work` gives, or undefined when there is no such secret. */
export async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof CoffretError && error.code === 'not_found') return undefined
    throw error
  }
}
