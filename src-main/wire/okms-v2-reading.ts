import type { z } from 'zod'
import { noDuration, parseDuration } from '../contract/duration'
import { CoffretError } from '../contract/errors'
import {
  EpochMs,
  SecretPath,
  VersionNumber,
  VersionState,
  type SecretData,
  type SecretMetadata,
  type StoreConfig,
  type VersionMetadata,
} from '../contract/model'
import { readCustomWire } from './kv2-reading'
import type { ConfigReply, SecretWritten, stateReplies } from './okms-v2-shapes'
import { secretDataOf } from './secret-data'
import { parseTime } from './time-text'

/** The other direction of `okms-v2.ts`: what a server answered, as the model has it. */
const epoch = EpochMs.parse(0)

type Replies = ReturnType<typeof stateReplies>

/** A version as this API tells of it: its state is said, not computed. */
export interface OkmsV2Version {
  readonly metadata: VersionMetadata
  readonly state: VersionState
  readonly data?: SecretData
}

/** One version. @throws CoffretError `invalid` when the server's answer makes no sense */
export function readOkmsV2Version(wire: z.output<Replies['Version']>): OkmsV2Version {
  const version = VersionNumber.safeParse(wire.id)
  const state = VersionState.safeParse(wire.state.toLowerCase())
  if (!version.success || !state.success) {
    throw new CoffretError('invalid', 'a version has no number or no state')
  }
  const createdAt = parseTime(wire.createdAt) ?? epoch
  const end = parseTime(wire.deactivatedAt)
  // A server may say that a version is deactivated and not since when.
  const deactivatedAt = end ?? (state.data === 'deactivated' ? createdAt : undefined)
  return {
    metadata: {
      version: version.data,
      createdAt,
      ...(deactivatedAt === undefined ? {} : { deactivatedAt }),
      destroyed: state.data === 'deleted',
    },
    state: state.data,
    ...(wire.data ? { data: secretDataOf(wire.data) } : {}),
  }
}

/** The metadata of a secret, whose versions come from another address. @throws CoffretError `invalid` */
export function readOkmsV2Metadata(
  { metadata }: z.output<typeof SecretWritten>,
  versions: readonly VersionMetadata[],
): SecretMetadata {
  return {
    createdAt: parseTime(metadata.createdAt) ?? epoch,
    updatedAt: parseTime(metadata.updatedAt) ?? epoch,
    currentVersion: metadata.currentVersion,
    oldestVersion: metadata.oldestVersion,
    settings: readOkmsV2Config(metadata),
    customMetadata: readCustomWire(metadata.customMetadata),
    versions: [...versions].sort((a, b) => a.version - b.version),
  }
}

/** A row of the flat list; undefined when its path is none here. @throws CoffretError `invalid` */
export function readOkmsV2Row(wire: z.output<Replies['Secret']>) {
  const path = SecretPath.safeParse(wire.path)
  if (!path.success) return undefined
  const updatedAt = parseTime(wire.metadata.updatedAt)
  return {
    path: path.data,
    currentVersion: wire.metadata.currentVersion,
    ...(updatedAt === undefined ? {} : { updatedAt }),
    ...(wire.version ? { state: readOkmsV2Version(wire.version).state } : {}),
  }
}

/** Settings. @throws CoffretError `invalid` */
export function readOkmsV2Config(wire: z.output<typeof ConfigReply>): StoreConfig {
  const text = wire.deactivateVersionAfter ?? ''
  const life = text.startsWith('-') ? { seconds: -1, text } : parseDuration(text)
  return {
    maxVersions: wire.maxVersions ?? 0,
    casRequired: wire.casRequired ?? false,
    deactivateVersionAfter: life.seconds === 0 ? noDuration : life,
  }
}
