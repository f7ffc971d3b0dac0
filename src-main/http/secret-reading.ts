import { CoffretError } from '../contract/errors'
import type {
  SecretData,
  SecretMetadata,
  SecretPath,
  VersionMetadata,
  VersionState,
} from '../contract/model'
import type { SecretStore } from '../kv/secret-store'
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
 * Reads one version with its secret's metadata. Metadata comes first, so that between the two calls a
 * version can only lose its data, and never shows data of another time as current.
 * @param number the current version when absent
 * @throws CoffretError `not_found`; Refusal `no_version` when the secret exists without that version
 */
export async function readSecret(
  store: SecretStore,
  path: SecretPath,
  number: number | undefined,
): Promise<Reading> {
  const secret = await store.readMetadata(path)
  const found = number === undefined ? currentVersionOf(secret) : findVersion(secret, number)
  if (found === undefined) throw new Refusal('no_version', ['the secret has no such version'])
  const { metadata, state, data } = await store.readVersion(path, found.version)
  return { secret, version: metadata, state, ...(data === undefined ? {} : { data }) }
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
