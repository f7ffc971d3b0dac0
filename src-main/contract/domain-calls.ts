import { z } from 'zod'
import { Bytes, CredentialFile, FilePath, call, nothing } from './call'
import { WorkId } from './compare-calls'
import { StepResult } from './connection-test'
import { CredentialReport } from './credentials'
import { KeptCertificateId } from './kept-certificate'
import { DomainDraft, DomainId, DomainKind, DomainProfile, ServerAddress } from './domain'
import { EpochMs, StoreSummary, VaultId } from './model'
import { remoteReasons } from './remote-failure'

/** The longest file of profiles that is read, in bytes. */
export const maxProfileFileBytes = 262_144

const ProfileFile = Bytes.refine(
  (bytes) => bytes.length <= maxProfileFileBytes,
  `a profile file has at most ${maxProfileFileBytes} bytes`,
)

const KeptPlace = { vault: VaultId, id: KeptCertificateId }
const Files = z.array(CredentialFile).min(1).max(16)
const Password = z.string().max(1024).optional()

/**
 * With what a domain is to be entered. Token and profile file are overwritten once they are sent: who needs
 * them again sends a copy.
 */
export const DomainCredential = z.discriminatedUnion('kind', [
  /** A certificate and its key, in files of any form that `domain.inspect` found sound. */
  z.strictObject({ kind: z.literal('files'), files: Files, password: Password }),
  /** A token as UTF-8, 1 to 16,384 bytes, without a line end. */
  z.strictObject({
    kind: z.literal('token'),
    token: Bytes.refine((b) => b.length >= 1 && b.length <= 16_384, 'token is 1 to 16384 bytes'),
  }),
  /** The token in a profile of okms-cli: it does not pass through the window. */
  z.strictObject({ kind: z.literal('profile'), file: ProfileFile, name: z.string().max(256) }),
  /** A certificate that a vault keeps already. */
  z.strictObject({ kind: z.literal('keptCertificate'), ...KeptPlace }),
])
export type DomainCredential = z.infer<typeof DomainCredential>

/**
 * How a domain is, by what was last asked of it; nobody asks for this alone. `idle`: nothing was asked
 * since the vault was unlocked. `connecting`: the first answer is awaited. `ready`: it answers, also when a
 * right is missing. `offline`: it cannot be reached. `refused`: it does not know the credential, or is not
 * the server that is trusted. `expired`: the client certificate has ended. `locked`: the server itself is
 * sealed.
 */
export const DomainStatus = z.enum([
  'idle',
  'connecting',
  'ready',
  'offline',
  'refused',
  'expired',
  'locked',
])
export type DomainStatus = z.infer<typeof DomainStatus>

/** The days that are left at most, of those on which people are warned; 0: none. */
export const WithinDays = z.literal([30, 7, 1, 0])
export type WithinDays = z.infer<typeof WithinDays>

/** A domain of an unlocked vault. */
export const DomainSummary = z.object({
  id: DomainId,
  /** The vault that keeps it. */
  vault: VaultId,
  label: z.string(),
  kind: DomainKind,
  address: ServerAddress,
  region: z.string().optional(),
  okmsId: VaultId.optional(),
  status: DomainStatus,
  /** Why it is `offline`, `refused`, `expired` or `locked`. */
  reason: z.enum(remoteReasons).optional(),
  /** When the status was last seen to be so. */
  checkedAt: EpochMs.optional(),
  /** The oldest of the lists of its stores that are shown; absent when one was never whole. */
  listedAt: EpochMs.optional(),
  /** When the client certificate ends; absent for a token. */
  credentialEndsAt: EpochMs.optional(),
  /** The warning that is due: so many days are left at most (30, 7 or 1), or none (0). */
  endsWithinDays: WithinDays.optional(),
  /** Empty while the mounts of a Vault server were never asked for: `domain.open` asks. */
  stores: z.array(StoreSummary).readonly(),
})
export type DomainSummary = z.infer<typeof DomainSummary>

/** What the files of a domain say, and what that proposes. */
export const DomainInspection = z.object({
  /** As `credential.inspect`; `problems` say whether the files are enough. */
  report: CredentialReport,
  /** From the certificate: of an OKMS domain. */
  okmsId: VaultId.optional(),
  /** When the certificate ends. */
  endsAt: EpochMs.optional(),
  proposal: z.object({
    kind: DomainKind,
    label: z.string(),
    /** Known only where this domain is kept already: no certificate says its region. */
    region: z.string().optional(),
    address: ServerAddress.optional(),
  }),
  /** Domains of unlocked vaults with the same OKMS id: perhaps their certificate is to be replaced. */
  known: z.array(DomainId).readonly(),
})
export type DomainInspection = z.infer<typeof DomainInspection>

/** A profile of okms-cli. Paths are as they stand in it, and are opened by nobody. */
export const ImportedProfile = z.object({
  name: z.string(),
  /** The one that okms-cli uses by default. */
  isActive: z.boolean(),
  /** Absent with the problem `address`. */
  address: ServerAddress.optional(),
  /** Absent for a host of one's own. */
  region: z.string().optional(),
  okmsId: VaultId.optional(),
  /** `token`: the credential is `{ kind: 'profile' }`. `other`: a way that we do not know. */
  auth: z.enum(['certificate', 'token', 'other']),
  /** The files that are to be dropped too. */
  files: z.object({
    certificate: z.string().optional(),
    key: z.string().optional(),
    /** Further authorities. */
    authority: z.string().optional(),
  }),
  /** Why it cannot be taken over as it is. */
  problems: z.array(z.enum(['address', 'auth', 'files', 'token', 'okmsId'])).readonly(),
})
export type ImportedProfile = z.infer<typeof ImportedProfile>

/**
 * What became of a file that was to be deleted. `changed`: it is not what was sent. `foreign`: it does not
 * hold what the domain keeps. `missing`: it is not there. `failed`: the system refused.
 */
export const FileRemoval = z.object({
  path: z.string(),
  outcome: z.enum(['removed', 'changed', 'foreign', 'missing', 'failed']),
})
export type FileRemoval = z.infer<typeof FileRemoval>

const One = z.strictObject({ domain: DomainId })

/**
 * Domains: servers that keep secrets, entered with a credential that lies sealed in a vault. Their stores
 * answer to `secret.*`, `store.*`, `search.*` and `copy.*` like any other. `domains.changed` tells when
 * `domain.list` answers something else, `secrets.changed` when secrets of a store arrived.
 */
export const domainCalls = {
  /** Looks into dropped files, or a certificate that is kept. Nothing is sent or kept. */
  'domain.inspect': call(
    z.union([
      z.strictObject({ files: Files, password: Password }),
      z.strictObject({ kept: z.strictObject(KeptPlace) }),
    ]),
    DomainInspection,
  ),
  /** Reads the file of okms-cli. @throws CoffretError `invalid`, `too_large` */
  'domain.importProfiles': call(
    z.strictObject({ file: ProfileFile }),
    z.object({ profiles: z.array(ImportedProfile).readonly() }),
  ),
  /** The regions that are known; a region that is not here may be typed. */
  'domain.regions': call(
    nothing,
    z.array(z.object({ id: z.string(), place: z.string(), address: ServerAddress })).readonly(),
  ),
  /**
   * Tries a connection; `domain.step` tells each step as it ends. It reads one value and drops it.
   * @throws CoffretError `invalid`, `cancelled`, and what opening the files throws
   */
  'domain.test': call(
    z.strictObject({
      work: WorkId,
      draft: DomainDraft,
      credential: z.union([
        DomainCredential,
        /** What the vault keeps of a domain. */
        z.strictObject({ kind: z.literal('kept'), domain: DomainId }),
      ]),
    }),
    z.array(StepResult).readonly(),
  ),
  /** Ends a test. */
  'domain.cancel': call(z.strictObject({ work: WorkId }), nothing),
  /**
   * Keeps a domain in an unlocked vault. Nothing is sent. With `keeps` a certificate that came in files is
   * kept in the list of certificates too, under the domain's label.
   * @throws CoffretError `locked`, `invalid`, `key_mismatch`, `forbidden` (with a reason), and what opening
   * the files throws
   */
  'domain.add': call(
    z.strictObject({
      ...{ vault: VaultId, draft: DomainDraft, credential: DomainCredential },
      keeps: z.boolean().optional(),
    }),
    DomainSummary,
  ),
  /** The domains of all unlocked vaults, by label. Nothing is sent. */
  'domain.list': call(nothing, z.array(DomainSummary).readonly()),
  /** All that is kept of a domain but its secret: for changing it. @throws CoffretError `not_found` */
  'domain.profile': call(One, DomainProfile),
  /**
   * Changes label, address, region, authorities, proxy, mounts; the kind only among those of OKMS.
   * @throws CoffretError `not_found`, `invalid`, `forbidden` (with a reason)
   */
  'domain.change': call(One.extend({ draft: DomainDraft }), DomainSummary),
  /**
   * A renewed certificate, or another token. Where the vault keeps the old certificate in its list, the new
   * one takes its place there. @throws CoffretError as `domain.add`
   */
  'domain.replaceCredential': call(One.extend({ credential: DomainCredential }), DomainSummary),
  /** The vault forgets the domain and its credential for good; nothing happens at the server. */
  'domain.remove': call(One, nothing),
  /**
   * Deletes files from which the credential of a domain came: those alone that hold now exactly the bytes
   * that are sent, and in them the key or certificate that the vault keeps. Deleting is no erasing: what
   * a disk or a backup remembers of them stays.
   */
  'domain.removeFiles': call(
    One.extend({
      files: z
        .array(
          z.strictObject({
            path: FilePath,
            bytes: CredentialFile.shape.bytes,
          }),
        )
        .min(1)
        .max(16),
      password: Password,
    }),
    z.array(FileRemoval).readonly(),
  ),
  /**
   * Somebody looks at a domain: its mounts are asked for where nobody told them, and lists are begun that
   * were not read since the vault was unlocked. It answers at once; `domains.changed` tells the rest.
   */
  'domain.open': call(One, nothing),
  /** Lists again. It answers at once. */
  'domain.refresh': call(One, nothing),
  /** Ends the listing; what has arrived stays, marked as a part. */
  'domain.stopListing': call(One, nothing),
} as const
