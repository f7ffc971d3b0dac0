import {
  type EpochMs,
  type SecretMetadata,
  type StoreConfig,
  type VersionMetadata,
  type VersionNumber,
} from '../contract/model'
import { compareBytes } from './byte-order'
import { mergeVersions, type KeptVersion } from './merge-versions'
import { defaultMaxVersions } from './settings-rules'

/** One secret as one of two copies of a vault keeps it. */
export interface KeptSecret {
  readonly metadata: SecretMetadata
  /** A digest of the data of each version that is not destroyed. */
  readonly digests: ReadonlyMap<number, string>
}

/** Which version of the two copies a merged version is: of one, or of both. */
export interface MergedSource {
  readonly a?: VersionNumber
  readonly b?: VersionNumber
}

/** A secret as it is after merging. */
export interface MergedSecret {
  readonly metadata: SecretMetadata
  /** For each version of the metadata, in their order, where its data comes from. */
  readonly sources: readonly MergedSource[]
}

/** The most pairs of custom metadata. Source: KV v2. */
const maxPairs = 64

/**
 * Unites two states of one secret. Both orders give the same, merging with itself changes nothing, and
 * merging again with either of the two changes nothing. No data that either copy has is left out, unless
 * the other one destroyed it: versions that one copy dropped to make room come back, and a later write
 * drops them again.
 *
 * Neither copy says when settings or a deactivation changed, or when a word was taken away, so where they
 * differ the merge takes what can be undone: more versions, check-and-set, the longer life, every word,
 * deactivated.
 */
export function mergeSecrets(a: KeptSecret, b: KeptSecret): MergedSecret {
  const versions = mergeVersions(versionsOf(a), versionsOf(b))
  const [x, y] = [a.metadata, b.metadata]
  const first = versions[0]?.metadata.version ?? 0
  const { customMetadata, ...times } = mergeWords(x, y)
  return {
    metadata: {
      createdAt: earlier(x.createdAt, y.createdAt),
      updatedAt: later(x.updatedAt, y.updatedAt),
      currentVersion: versions.at(-1)?.metadata.version ?? 0,
      // What was dropped in one copy and came back from the other is not dropped.
      oldestVersion: first > 1 ? first : Math.min(x.oldestVersion, y.oldestVersion),
      settings: mergeConfigs(x.settings, y.settings),
      customMetadata,
      versions: versions.map(({ metadata }) => metadata),
      ...times,
    },
    sources: versions.map(({ source }) => source),
  }
}

/** Unites the settings of a secret, or of a store: what keeps more and refuses more. */
export function mergeConfigs(a: StoreConfig, b: StoreConfig): StoreConfig {
  const kept = ({ maxVersions }: StoreConfig) => maxVersions || defaultMaxVersions
  return {
    // Of 0 and the default, which mean the same, the one that says a number.
    maxVersions:
      kept(a) === kept(b)
        ? Math.max(a.maxVersions, b.maxVersions)
        : (kept(a) > kept(b) ? a : b).maxVersions,
    casRequired: a.casRequired || b.casRequired,
    deactivateVersionAfter: longerLife(a, b).deactivateVersionAfter,
  }
}

/** 0 is for ever, and a negative life, which a store may have, makes it so for all its secrets. */
function longerLife(a: StoreConfig, b: StoreConfig): StoreConfig {
  const [x, y] = [a.deactivateVersionAfter, b.deactivateVersionAfter]
  const rank = (seconds: number) => (seconds > 0 ? seconds : Number.MAX_VALUE * (1 - seconds))
  if (x.seconds !== y.seconds) return rank(x.seconds) > rank(y.seconds) ? a : b
  return compareBytes(x.text, y.text) <= 0 ? a : b
}

/**
 * Every key of both. Where the values differ, the one that was set last; of two that were there from the
 * beginning that of the secret that was written to last, and with no telling the greater one.
 */
function mergeWords(
  x: SecretMetadata,
  y: SecretMetadata,
): Pick<SecretMetadata, 'customMetadata' | 'customMetadataTimes'> {
  const [first, second] = inOrder(x, y)
  const merged = new Map(first.customMetadata)
  const times = new Map(first.customMetadataTimes)
  const others = new Map(second.customMetadataTimes)
  const isTie = x.updatedAt === y.updatedAt
  for (const [key, value] of second.customMetadata) {
    const known = merged.get(key)
    const [set, other] = [setAt(times, key), setAt(others, key)]
    const isLesser = known !== undefined && isTie && compareBytes(known, value) < 0
    if (known === undefined || other > set || (other === set && isLesser)) merged.set(key, value)
    const last = others.get(key)
    if (last !== undefined && other > set) times.set(key, last)
  }
  const customMetadata = [...merged].slice(0, maxPairs)
  const customMetadataTimes = customMetadata.flatMap(([key]) => {
    const time = times.get(key)
    return time === undefined ? [] : [[key, time] as const]
  })
  return { customMetadata, ...(customMetadataTimes.length === 0 ? {} : { customMetadataTimes }) }
}

/** Earlier than every time for what was there from the beginning. */
function setAt(times: ReadonlyMap<string, EpochMs>, key: string): number {
  return times.get(key) ?? Number.NEGATIVE_INFINITY
}

/** Whose order and whose values come first. With no telling, the one that has more, then the lesser text. */
function inOrder(x: SecretMetadata, y: SecretMetadata): [SecretMetadata, SecretMetadata] {
  const keys = (secret: SecretMetadata) => secret.customMetadata.map(([key]) => key)
  const more = y.customMetadata.length - x.customMetadata.length
  const text = (secret: SecretMetadata) => JSON.stringify(keys(secret))
  const order = y.updatedAt - x.updatedAt || more || compareBytes(text(x), text(y))
  return order <= 0 ? [x, y] : [y, x]
}

function versionsOf({ metadata, digests }: KeptSecret): KeptVersion[] {
  return metadata.versions.map((version: VersionMetadata) => {
    const digest = digests.get(version.version)
    return version.destroyed || digest === undefined
      ? { metadata: version }
      : { metadata: version, digest }
  })
}

function earlier<T extends number>(a: T, b: T): T {
  return a < b ? a : b
}

function later<T extends number>(a: T, b: T): T {
  return a > b ? a : b
}
