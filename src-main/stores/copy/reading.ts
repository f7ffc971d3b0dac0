import type {
  SecretData,
  SecretMetadata,
  SecretPath,
  SecretVersion,
  VersionNumber,
} from '../../contract/model'
import type { Can } from '../../kv/copy-limits'
import type { Reading, SourceFacts, TargetFacts } from '../../kv/copy-plan'
import { isSameData, shapeOf } from '../../kv/data-compare'
import type { SecretStore } from '../../kv/secret-store'
import { currentVersionOf, versionState } from '../../kv/version-state'
import { unlessFailing } from './bounded'
import type { CopyEnds } from './ends'

/** What was read of a secret at the source; its data is to be forgotten once it was compared. */
export interface ReadSource {
  readonly facts: SourceFacts
  /** The current data, where it was read. */
  readonly data?: SecretData
}

/**
 * Reads a secret of the source; undefined when it is gone meanwhile.
 * @param readsValue also the values that would be written; otherwise metadata alone
 */
export async function readSource(
  { source, rules }: CopyEnds,
  path: SecretPath,
  readsValue: boolean,
): Promise<ReadSource | undefined> {
  const { canSource, policy, now } = rules
  const metadata = await metadataOf(source, canSource, path)
  if (metadata === 'gone') return undefined
  if (metadata === 'corrupt') return unread(path, 'corrupt')
  if (metadata !== undefined) {
    const current = currentVersionOf(metadata)
    const { currentVersion } = metadata
    const known = { path, metadata, currentVersion, older: new Map<number, Reading>() }
    if (current === undefined) return { facts: { ...known, current: 'inactive' } }
    if (versionState(current, now) !== 'active') return { facts: { ...known, current: 'inactive' } }
    if (!readsValue) return { facts: { ...known, current: 'unread' } }
  }
  const found = await readValue(source, path)
  if (found === 'gone') return metadata === undefined ? undefined : unread(path, 'inactive')
  if (typeof found === 'string') {
    const currentVersion = metadata?.currentVersion ?? 1
    return { facts: { ...unread(path, found, metadata).facts, currentVersion } }
  }
  const data = found.data
  const older =
    policy.versions === 'all' && metadata !== undefined && data !== undefined
      ? await readOlder(source, path, metadata, rules.now)
      : new Map<number, Reading>()
  const facts: SourceFacts = {
    ...{ path, currentVersion: found.metadata.version, older },
    ...(metadata === undefined ? {} : { metadata }),
    current: data === undefined ? 'inactive' : shapeOf(data),
  }
  return data === undefined ? { facts } : { facts, data }
}

function unread(path: SecretPath, current: Reading, metadata?: SecretMetadata): ReadSource {
  const facts = { path, currentVersion: 1, current, older: new Map<number, Reading>() }
  return { facts: metadata === undefined ? facts : { ...facts, metadata } }
}

async function readOlder(
  store: SecretStore,
  path: SecretPath,
  metadata: SecretMetadata,
  now: CopyEnds['rules']['now'],
): Promise<ReadonlyMap<number, Reading>> {
  const older = new Map<number, Reading>()
  for (const one of metadata.versions) {
    if (one.version === metadata.currentVersion || versionState(one, now) !== 'active') continue
    const found = await readValue(store, path, one.version)
    if (typeof found === 'string') older.set(one.version, found === 'gone' ? 'inactive' : found)
    else older.set(one.version, found.data === undefined ? 'inactive' : shapeOf(found.data))
  }
  return older
}

async function metadataOf(
  store: SecretStore,
  can: Can,
  path: SecretPath,
): Promise<SecretMetadata | 'gone' | 'corrupt' | undefined> {
  if (!can('metadata')) return undefined
  const reading = store.readMetadata(path)
  const allowed = unlessFailing(['forbidden'], undefined, reading)
  const there = unlessFailing(['not_found'], 'gone' as const, allowed)
  return unlessFailing(['corrupt'], 'corrupt' as const, there)
}

/** A version, the current one when absent, or why it cannot be had. */
export async function readValue(
  store: SecretStore,
  path: SecretPath,
  version?: VersionNumber,
): Promise<SecretVersion | 'forbidden' | 'corrupt' | 'gone'> {
  const reading = store.readVersion(path, version)
  const allowed = unlessFailing(['forbidden'], 'forbidden' as const, reading)
  const there = unlessFailing(['not_found'], 'gone' as const, allowed)
  return unlessFailing(['corrupt'], 'corrupt' as const, there)
}

/**
 * What is under a path of the target; undefined for nothing.
 * @param data of the source, to compare; undefined when there is none, or none that may be read
 */
export async function readTarget(
  { target, rules, isExact }: CopyEnds,
  path: SecretPath,
  data: SecretData | undefined,
): Promise<TargetFacts | undefined> {
  const found = await readValue(target, path)
  const needsMetadata = typeof found === 'string' || rules.mirrors
  const metadata = needsMetadata ? await metadataOf(target, rules.canTarget, path) : undefined
  if (found === 'gone' && (metadata === 'gone' || metadata === undefined)) return undefined
  const known = typeof metadata === 'object' ? { metadata } : {}
  if (typeof found === 'string') {
    // Where nothing is told, the number is a guess that check-and-set refuses when it is wrong.
    return { ...known, currentVersion: known.metadata?.currentVersion ?? 1, data: 'different' }
  }
  const isSame =
    data !== undefined && found.data !== undefined && isSameData(data, found.data, isExact)
  return {
    ...known,
    ...{ currentVersion: found.metadata.version, data: isSame ? 'same' : 'different' },
  }
}

/** The current version of a secret, 0 when nothing is there, or nothing but settings. */
export async function currentVersionAt(
  store: SecretStore,
  can: Can,
  path: SecretPath,
): Promise<number> {
  const found = await unlessFailing(['not_found'], undefined, store.readVersion(path))
  if (found !== undefined) return found.metadata.version
  if (!can('metadata')) return 0
  const metadata = await unlessFailing(['not_found'], undefined, store.readMetadata(path))
  return metadata?.currentVersion ?? 0
}
