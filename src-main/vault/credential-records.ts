import { z } from 'zod'
import { CredentialId, CredentialKind, Scope, type CredentialSummary } from '../contract/access'
import { CoffretError } from '../contract/errors'
import { EpochMs } from '../contract/model'
import { noteRevoked } from './authority-record'
import { decodeJson, encodeJson } from './cells'
import { onlyId, type Place, type Records } from './records'
import type { VaultTransaction } from './unlocked-vault'

/** A credential in the file. Of a token and of a certificate only the hash is kept. */
const StoredCredential = z.strictObject({
  id: CredentialId,
  kind: CredentialKind,
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string().min(1).max(128),
  scope: Scope,
  createdAt: EpochMs,
  expiresAt: EpochMs.optional(),
  usedAt: EpochMs.optional(),
  revokedAt: EpochMs.optional(),
})
export type StoredCredential = z.infer<typeof StoredCredential>

/** All credentials, in no order. @throws CoffretError `corrupt` */
export function allCredentials({ records }: VaultTransaction): StoredCredential[] {
  return records.all('credential').map(decode)
}

/** How many credentials there are. @throws CoffretError `corrupt` when one of them is damaged */
export function countCredentials(records: Records): number {
  return records.all('credential').map(decode).length
}

/** @param hash hexadecimal @throws CoffretError `corrupt` */
export function findCredential(
  { records, names }: VaultTransaction,
  hash: string,
): StoredCredential | undefined {
  const text = records.find(placeOf(names, hash))
  return text === undefined ? undefined : decode(text)
}

/** @throws CoffretError `not_found`, `corrupt` */
export function existingCredential(
  transaction: VaultTransaction,
  id: CredentialId,
): StoredCredential {
  const found = allCredentials(transaction).find((one) => one.id === id)
  if (found === undefined) throw new CoffretError('not_found', 'there is no such credential')
  return found
}

/** Writes a credential, over an earlier state of it. */
export function putCredential(
  { records, names }: VaultTransaction,
  credential: StoredCredential,
): void {
  records.put(placeOf(names, credential.hash), encodeJson(StoredCredential, credential))
}

/** Ends a credential, and puts a certificate on the list of the revoked; it stays what it is if it has ended. */
export function revokeCredential(
  transaction: VaultTransaction,
  credential: StoredCredential,
  now: EpochMs,
): void {
  if (credential.revokedAt === undefined) {
    putCredential(transaction, { ...credential, revokedAt: now })
  }
  noteEnded(transaction, credential, now)
}

/** Takes a credential off the list; a certificate is revoked for ever. */
export function removeCredential(
  transaction: VaultTransaction,
  credential: StoredCredential,
  now: EpochMs,
): void {
  transaction.records.remove(placeOf(transaction.names, credential.hash))
  noteEnded(transaction, credential, now)
}

/** Makes these the credentials of a vault, in the place of those that it has. @param texts their records */
export function replaceCredentials(
  transaction: VaultTransaction,
  texts: readonly Uint8Array[],
): void {
  const { records, names } = transaction
  for (const { hash } of allCredentials(transaction)) records.remove(placeOf(names, hash))
  for (const text of texts) records.put(placeOf(names, decode(text).hash), text)
}

/**
 * Ends here what was ended in another copy of the vault, and takes over nothing else: a merge never gives
 * anyone access. What was removed from one copy and is still in the other would come back otherwise.
 */
export function mergeCredentials(
  transaction: VaultTransaction,
  texts: readonly Uint8Array[],
): void {
  for (const { hash, revokedAt } of texts.map(decode)) {
    if (revokedAt === undefined) continue
    const own = findCredential(transaction, hash)
    if (own !== undefined && own.revokedAt === undefined) {
      revokeCredential(transaction, own, revokedAt)
    }
  }
}

/** As a list shows it. */
export function summaryOf({ hash, ...rest }: StoredCredential): CredentialSummary {
  return rest.kind === 'token' ? rest : { ...rest, fingerprint: fingerprintOf(hash) }
}

function noteEnded(
  { records }: VaultTransaction,
  { id, kind, expiresAt }: StoredCredential,
  now: EpochMs,
): void {
  if (kind !== 'certificate' || expiresAt === undefined) return
  const serialNumber = id.replaceAll('-', '').toUpperCase()
  noteRevoked(records, { serialNumber, revokedAt: now, expiresAt }, now)
}

function decode(text: Uint8Array): StoredCredential {
  return decodeJson(StoredCredential, text)
}

/** Under a keyed hash: finding it takes no time that depends on how much of the hash is right. */
function placeOf(names: VaultTransaction['names'], hash: string): Place {
  return { kind: 'credential', id: names.opaque('credential', onlyId, hash), version: 0 }
}

function fingerprintOf(hash: string): string {
  return (hash.toUpperCase().match(/../g) ?? []).join(':')
}
