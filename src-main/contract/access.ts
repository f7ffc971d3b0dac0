import { z } from 'zod'
import { EpochMs } from './model'

/** The rights that a credential has or lacks, each by itself. */
export const rights = [
  'list',
  'readMetadata',
  'readData',
  'write',
  'deactivate',
  'destroy',
  'configure',
] as const

/** One of {@link rights}. */
export type Right = (typeof rights)[number]

/**
 * A mount and a path in it, without a slash at the end: `secret/prod` stands for the secret `prod` and for
 * all that is below `prod/`, `secret` for a whole mount, the empty text for the whole vault.
 */
export const PathPrefix = z
  .string()
  .max(1280)
  .refine((text) => text === '' || !text.split('/').includes(''), 'no empty part between slashes')
  .brand('PathPrefix')
export type PathPrefix = z.infer<typeof PathPrefix>

/** What a credential may do: each of the rights, below each of the prefixes. */
export const Scope = z.strictObject({
  prefixes: z.array(PathPrefix).min(1).max(64).readonly(),
  rights: z.array(z.enum(rights)).min(1).max(rights.length).readonly(),
})
export type Scope = z.infer<typeof Scope>

/** All of everything. */
export const fullScope: Scope = Scope.parse({ prefixes: [''], rights: [...rights] })

/** What a credential is called within the program: a UUID. */
export const CredentialId = z.uuid().brand('CredentialId')
export type CredentialId = z.infer<typeof CredentialId>

/** How a program shows who it is. */
export const CredentialKind = z.enum(['token', 'certificate'])

/** A credential as a list shows it: nothing of it opens anything. */
export const CredentialSummary = z.object({
  id: CredentialId,
  kind: CredentialKind,
  /** Free words, 1 to 128 characters. */
  name: z.string(),
  scope: Scope,
  createdAt: EpochMs,
  /** Absent for never. */
  expiresAt: EpochMs.optional(),
  /** To within a minute; absent when it was never used. */
  usedAt: EpochMs.optional(),
  revokedAt: EpochMs.optional(),
  /** Of a certificate: SHA-256, hexadecimal pairs in upper case, separated by colons. */
  fingerprint: z.string().optional(),
})
export type CredentialSummary = z.infer<typeof CredentialSummary>
