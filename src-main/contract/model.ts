import './without-eval'
import { z } from 'zod'
import { parseDuration } from './duration'
import { failureCodes } from './errors'
import { isJsonObject, parseJson, stringifyJson } from './json'
import { remoteReasons } from './remote-failure'

/** Milliseconds since 1970-01-01T00:00:00Z. */
export const EpochMs = z.number().int().brand('EpochMs')
export type EpochMs = z.infer<typeof EpochMs>

/** The id of a vault: a UUID in lower case, made with the vault. It is the `okmsId` of its API. */
export const VaultId = z.uuid().brand('VaultId')
export type VaultId = z.infer<typeof VaultId>

/** A mount's path without slashes at its ends, for example `secret`. */
export const MountName = z
  .string()
  .regex(/^[\w.-]{1,64}$/)
  .brand('MountName')
export type MountName = z.infer<typeof MountName>

/** A store: vault id and mount, `<uuid>/<mount>`. */
export const StoreId = z
  .string()
  .regex(/^[0-9a-f-]{36}\/[\w.-]{1,64}$/)
  .brand('StoreId')
export type StoreId = z.infer<typeof StoreId>

/** The longest secret path, in bytes of UTF-8. */
export const maxPathBytes = 1024

// Unicode letters, marks, numbers, punctuation, symbols and the plain space: what Vault calls printable.
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u

function isPath(text: string): boolean {
  return (
    printable.test(text) &&
    new TextEncoder().encode(text).length <= maxPathBytes &&
    text.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..')
  )
}

/**
 * Where a secret lies: segments joined by `/`, 1 to 1,024 bytes of UTF-8, printable, no empty, `.` or
 * `..` segment. It is data, never a file name. Case-sensitive, not normalised.
 */
export const SecretPath = z
  .string()
  .refine(isPath, 'path is 1 to 1024 bytes, printable, without empty, "." or ".." segments')
  .brand('SecretPath')
export type SecretPath = z.infer<typeof SecretPath>

/** A folder: a path, or empty for the root of the store. */
export const FolderPath = z
  .string()
  .refine((text) => text === '' || isPath(text), 'folder is empty or a path')
  .brand('FolderPath')
export type FolderPath = z.infer<typeof FolderPath>

/** Version numbers start at 1, rise by one, and are never used again. */
export const VersionNumber = z.number().int().min(1).max(4_294_967_295).brand('VersionNumber')
export type VersionNumber = z.infer<typeof VersionNumber>

/** Check-and-set: the write happens only if this is the current version (0: no version yet). */
export const Cas = z.number().int().min(0)
export type Cas = z.infer<typeof Cas>

/** The most bytes of compact UTF-8 JSON that a version holds in any store. */
export const maxDataBytes = 1_048_576

/** The most bytes that the window and the OKMS addresses accept (OVHcloud's limit). */
export const maxWindowDataBytes = 65_536

/** The size of secret data as the limits count it: bytes of UTF-8. */
export function dataBytes(text: string): number {
  return new TextEncoder().encode(text).length
}

/**
 * The data of one version: the text of a JSON object, compact, in its own key order, numbers as they
 * were written. Text and not an object, since no JavaScript object keeps `1.0` or a key `__proto__`.
 */
export const SecretData = z
  .string()
  .max(maxDataBytes * 2)
  .transform((text, context) => {
    try {
      const value = parseJson(text)
      if (isJsonObject(value)) return stringifyJson(value)
      context.addIssue('data is not a JSON object')
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : 'data is not JSON')
    }
    return z.NEVER
  })
  .refine((text) => dataBytes(text) <= maxDataBytes, `data exceeds ${maxDataBytes} bytes`)
  .brand('SecretData')
export type SecretData = z.infer<typeof SecretData>

/** A duration that crosses a boundary as text. */
export const DurationText = z
  .string()
  .max(64)
  .transform((text, context) => {
    try {
      return parseDuration(text)
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : 'not a duration')
      return z.NEVER
    }
  })

/** A duration already parsed; -1 at a store switches the end of versions off for all its secrets. */
export const DurationValue = z.object({ seconds: z.number().int().min(-1), text: z.string() })

const bytesBetween = (least: number, most: number) =>
  z.string().refine((text) => {
    const length = new TextEncoder().encode(text).length
    return length >= least && length <= most && (length === 0 || printable.test(text))
  }, `${least} to ${most} bytes of printable text`)

/**
 * Free words about a secret, as pairs in their order: at most 64, keys 1 to 128 and values 1 to 512
 * bytes of UTF-8, printable. Source: KV v2 custom_metadata.
 */
export const CustomMetadata = z
  .array(z.tuple([bytesBetween(1, 128), bytesBetween(1, 512)]).readonly())
  .max(64)
  .refine((pairs) => new Set(pairs.map(([key]) => key)).size === pairs.length, 'a key occurs twice')
  .readonly()
export type CustomMetadata = z.infer<typeof CustomMetadata>

/** Versions kept: 0 means "not set here". */
export const MaxVersions = z.number().int().min(0).max(24_000)

/** The settings that a secret and its store both have; the secret's zero values mean "not set here". */
export const StoreConfig = z.object({
  maxVersions: MaxVersions,
  casRequired: z.boolean(),
  deactivateVersionAfter: DurationValue,
})
export type StoreConfig = z.infer<typeof StoreConfig>

/** `active`: readable. `deactivated`: kept, not readable (KV2: deleted). `deleted`: gone for good (KV2: destroyed). */
export const VersionState = z.enum(['active', 'deactivated', 'deleted'])
export type VersionState = z.infer<typeof VersionState>

/** What is known of one version besides its data. */
export const VersionMetadata = z.object({
  version: VersionNumber,
  createdAt: EpochMs,
  /** When it stops, or stopped, being readable; it may lie in the future. */
  deactivatedAt: EpochMs.optional(),
  /** Its data is gone for good. */
  destroyed: z.boolean(),
})
export type VersionMetadata = z.infer<typeof VersionMetadata>

/** What is known of a secret besides its data. */
export const SecretMetadata = z.object({
  createdAt: EpochMs,
  /** The last time a version was added. */
  updatedAt: EpochMs,
  /** 0 while the secret has settings and no data. */
  currentVersion: z.number().int().min(0),
  /** 0 until the first version is dropped by `maxVersions`. */
  oldestVersion: z.number().int().min(0),
  /** The secret's own settings; the effective ones also depend on the store. */
  settings: StoreConfig,
  customMetadata: CustomMetadata,
  /** Ascending by number; dropped versions are not in it. */
  versions: z.array(VersionMetadata).readonly(),
  /**
   * When values of custom metadata were set after the secret was made, by key: what merging two copies of a
   * vault goes by. Absent when none was, or the store does not tell.
   */
  customMetadataTimes: z
    .array(z.tuple([z.string(), EpochMs]).readonly())
    .readonly()
    .optional(),
})
export type SecretMetadata = z.infer<typeof SecretMetadata>

/** One version as read: its data only while it is active. A deactivated version is an answer, not an error. */
export const SecretVersion = z.object({
  metadata: VersionMetadata,
  state: VersionState,
  data: SecretData.optional(),
})
export type SecretVersion = z.infer<typeof SecretVersion>

/** A row of a list: a secret with what can be said without its data, or a folder. */
export const ListEntry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), name: z.string() }),
  z.object({
    kind: z.literal('secret'),
    name: z.string(),
    /** Absent when the store does not tell: it keeps no versions, or the caller may not read metadata. */
    currentVersion: z.number().int().min(0).optional(),
    /** State of the current version; absent when the secret has none, or the store does not tell. */
    state: VersionState.optional(),
    /** Absent when the store does not tell. */
    updatedAt: EpochMs.optional(),
  }),
])
export type ListEntry = z.infer<typeof ListEntry>

/** A row of the flat list: the whole path, and what {@link ListEntry} says of a secret. */
export const SecretSummary = z.object({
  path: SecretPath,
  currentVersion: z.number().int().min(0).optional(),
  state: VersionState.optional(),
  updatedAt: EpochMs.optional(),
})
export type SecretSummary = z.infer<typeof SecretSummary>

/** What a store can do. The window shows only this; what is absent is not offered. */
export const Capability = z.enum([
  /** Secrets can be changed; without it they are only read, and everything else throws `unsupported`. */
  'write',
  /** A write adds a version and keeps those before. */
  'versions',
  'cas',
  'metadata',
  'settings',
  'states',
  /** Renaming and copying, each in one step. */
  'rename',
  'drafts',
  /**
   * Data, custom metadata and durations come back to the letter: number text, key order, `1d`. Without
   * it they come back equal: numbers as float64 holds them, keys in any order, durations in seconds.
   */
  'exactText',
  /** Any path, and any key in data; without it both are what the OKMS APIs take. */
  'anyName',
  /** Data may be `{}`; without it that is `invalid`. */
  'emptyData',
  /** A secret may have settings before its first version; without it that is `unsupported`. */
  'emptySecrets',
  /** Deleted secrets can be kept for a while, and restored. */
  'bin',
  /** What is erased can be erased from the store's backups too. */
  'purgeBackups',
])
export type Capability = z.infer<typeof Capability>

/** Whether a store answers now. */
export const StoreStatus = z.enum(['locked', 'unlocked', 'unreachable'])
export type StoreStatus = z.infer<typeof StoreStatus>

/** The list that is kept of a store which cannot be asked for one folder after the other. */
export const StoreListing = z.object({
  /** When the list was last whole. Absent until then: what there is of it may be a part. */
  listedAt: EpochMs.optional(),
  /** How many secrets it has now. */
  count: z.number().int().min(0),
  /** While it is read: first `names`, whose `total` is 0, then what is known of each secret (`facts`). */
  progress: z
    .object({
      of: z.enum(['names', 'facts']),
      done: z.number().int().min(0),
      total: z.number().int().min(0),
    })
    .optional(),
  /** Why the last try ended early. What was there before stays. */
  failure: z
    .object({ code: z.enum(failureCodes), reason: z.enum(remoteReasons).optional() })
    .optional(),
})
export type StoreListing = z.infer<typeof StoreListing>

/** A store as the window lists it. `kind` chooses the icon and nothing else. */
export const StoreSummary = z.object({
  id: StoreId,
  label: z.string(),
  kind: z.enum(['vault', 'domain']),
  status: StoreStatus,
  capabilities: z.array(Capability).readonly(),
  /** Of a snapshot: whose it is, and how old. It is only read. */
  snapshot: z
    .object({
      of: StoreId,
      /** When what it holds was read; absent until it was filled once. */
      takenAt: EpochMs.optional(),
      /** How many secrets of the store it lacks: values that could not be read. */
      missing: z.number().int().min(0).optional(),
    })
    .optional(),
  /** Where lists are kept: how old this store's is, and how far a new one. */
  listing: StoreListing.optional(),
})
export type StoreSummary = z.infer<typeof StoreSummary>

/** A way to unlock a vault. */
export const UnlockWay = z.enum(['pin', 'keychain', 'passphrase', 'keyfile', 'recovery'])
export type UnlockWay = z.infer<typeof UnlockWay>

/** A vault file that this machine knows. Its stores are listed while it is unlocked. */
export const VaultSummary = z.object({
  id: VaultId,
  label: z.string(),
  file: z.string(),
  status: StoreStatus,
  stores: z.array(StoreSummary).readonly(),
  /** How it can be unlocked on this computer, what asks least of a person first; only while it is locked. */
  ways: z.array(UnlockWay).readonly().optional(),
  /** Tries of the PIN that are left, while it is among the ways. */
  pinTriesLeft: z.number().int().optional(),
  /**
   * What speaks against the file of an unlocked vault: it is older than what this computer saw, or it is
   * another copy, without this computer's own last write. Writing waits until it is accepted.
   */
  discontinuity: z
    .object({ kind: z.enum(['older', 'forked']), fileWrittenAt: EpochMs, seenWrittenAt: EpochMs })
    .optional(),
  /** Present for a backup that is open to be looked at: its vault, and when it was made. */
  backup: z.object({ of: VaultId, madeAt: EpochMs }).optional(),
  /** It is unlocked, and another program has put another file in its place: it is to be opened again. */
  isReplaced: z.literal(true).optional(),
  /** Where a journal was put that lay beside the file and was not of it. */
  foreignJournals: z.array(z.string()).readonly().optional(),
  /** Why the file cannot be opened; its status is then `unreachable`. */
  problem: z.enum(failureCodes).optional(),
})
export type VaultSummary = z.infer<typeof VaultSummary>
