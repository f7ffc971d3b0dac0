import { CoffretError, type FailureCode } from '../contract/errors'
import { RemoteFailure, type RemoteReason } from '../contract/remote-failure'
import type { EpochMs, SecretMetadata } from '../contract/model'
import { currentVersionOf, versionState } from '../kv/version-state'
import type { Facts } from './listing'

/**
 * What a list says of a secret, from its metadata. Nothing where the caller may list and not read
 * metadata, which are two rights; undefined when the secret is gone meanwhile.
 */
export async function factsOf(
  reading: Promise<SecretMetadata>,
  now: EpochMs,
): Promise<Facts | undefined> {
  const metadata = await unless('forbidden', {}, ifThere(reading))
  if (metadata === undefined || !('versions' in metadata)) return metadata
  const { currentVersion, updatedAt } = metadata
  const current = currentVersionOf(metadata)
  return {
    currentVersion,
    updatedAt,
    ...(current === undefined ? {} : { state: versionState(current, now) }),
  }
}

/** What is there, or undefined. */
export function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  return unless('not_found', undefined, reading)
}

/** The names of a folder; servers answer "not found" where there are none. */
export function named(reading: Promise<readonly string[]>): Promise<readonly string[]> {
  return unless('not_found', [], reading)
}

async function unless<T, O>(code: FailureCode, otherwise: O, reading: Promise<T>): Promise<T | O> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof CoffretError && error.code === code && !isOfServer(error)) return otherwise
    throw error
  }
}

/** It is not the secret that is not there, or may not be read: the whole address or credential is wrong. */
const ofServer: readonly RemoteReason[] = ['wrong_domain', 'no_route', 'unauthenticated']

function isOfServer(error: CoffretError): boolean {
  return (
    error instanceof RemoteFailure &&
    (ofServer.includes(error.reason) || error.reason.startsWith('certificate_'))
  )
}
