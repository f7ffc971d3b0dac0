import { z } from 'zod'
import { FilePath, Passphrase, call, nothing } from './call'
import { VaultId } from './model'

/** How many places a report names at most; its counts go on. */
export const maxNamed = 200

const count = z.number().int().min(0)

/** A secret, or another part of a vault, that a report names. Never a value. */
export const NamedPlace = z.object({
  /** Absent where it has none. */
  mount: z.string().optional(),
  path: z.string().optional(),
  version: z.number().int().optional(),
})
export type NamedPlace = z.infer<typeof NamedPlace>

/** What can be wrong in a vault. */
export const VaultProblem = NamedPlace.extend({
  what: z.enum([
    /** The container: pages of the database. */
    'pages',
    'tables',
    'header',
    'state',
    'mounts',
    'keySlots',
    /** The freshness tree itself. */
    'tree',
    /** A name row is damaged, missing or older than the vault. */
    'name',
    /** A name row lies in no mount. */
    'lostName',
    'metadata',
    /** The data of a version is damaged or missing. */
    'version',
    'draft',
    /** Of the local API. */
    'credential',
    /** The certificate authority of the local API. */
    'authority',
    /** Lines of the audit log were removed, replaced or moved. */
    'audit',
    /** The journal of a copy between stores. */
    'copy',
    'domain',
    /** The last known list of a domain's secrets. */
    'listing',
    'keptCertificate',
    /** A record that nothing leads to. It does no harm. */
    'orphan',
  ]),
})
export type VaultProblem = z.infer<typeof VaultProblem>

/** What a check of a whole vault found. */
export const CheckReport = z.object({
  secrets: count,
  versions: count,
  drafts: count,
  /** All problems; {@link CheckReport.problems} names the first {@link maxNamed}. */
  problemCount: count,
  problems: z.array(VaultProblem).readonly(),
})
export type CheckReport = z.infer<typeof CheckReport>

/** What was saved into a new file, and what was not. */
export const RepairReport = z.object({
  file: z.string(),
  secrets: count,
  versions: count,
  drafts: count,
  lostCount: count,
  lost: z.array(VaultProblem).readonly(),
})
export type RepairReport = z.infer<typeof RepairReport>

/** What merging another copy brings, or has brought. */
export const MergeReport = z.object({
  /** Secrets that only the other copy has: made there, or deleted here. They come in. */
  added: count,
  /** Secrets that the other copy adds something to. */
  changed: count,
  /** Of those, the ones that this copy had changed too. */
  conflicts: count,
  /** Secrets that go to another place. */
  moved: count,
  /** Secrets that stay as they are. */
  unchanged: count,
  /** Versions that come in. */
  versions: count,
  /** Values of a mount without versions that are kept beside the later one. */
  beside: count,
  drafts: count,
  mounts: count,
  /** Secrets that either copy could not read. They are left out. */
  unreadable: count,
  /** The first {@link maxNamed} secrets that change. */
  places: z
    .array(
      NamedPlace.extend({
        what: z.enum(['added', 'changed', 'conflict', 'moved', 'beside', 'unreadable']),
      }),
    )
    .readonly(),
})
export type MergeReport = z.infer<typeof MergeReport>

const Merge = z.strictObject({
  vault: VaultId,
  /** The other copy; it is not changed. */
  file: FilePath,
  /** Where the other copy has a data key of its own. */
  passphrase: Passphrase.optional(),
})

/** Checking, saving and merging. Long: `check.progress` tells how far, `check.cancel` ends them. */
export const checkCalls = {
  'check.verify': call(z.strictObject({ vault: VaultId }), CheckReport),
  /**
   * Asks for a place; undefined when the person gave up.
   * @param name the file name to propose @throws CoffretError `exists`, `cancelled`
   */
  'check.repair': call(
    z.strictObject({ vault: VaultId, name: z.string().min(1).max(255) }),
    RepairReport.optional(),
  ),
  /**
   * What a merge would do. Nothing changes.
   * @throws CoffretError `wrong_passphrase` when the copy needs one, or another one; `invalid` when the
   * file is this vault itself, or of another vault
   */
  'check.planMerge': call(Merge, MergeReport),
  'check.merge': call(Merge, MergeReport),
  /** Opens the file that another program has put in the place of a vault's, locked. */
  'check.reopen': call(z.strictObject({ vault: VaultId }), nothing),
  'check.cancel': call(z.strictObject({ vault: VaultId }), nothing),
} as const
