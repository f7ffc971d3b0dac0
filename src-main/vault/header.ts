import { createHash } from 'node:crypto'
import { z } from 'zod'
import { CoffretError } from '../contract/errors'
import { VaultId } from '../contract/model'
import { fromHex, toHex } from '../crypto/bytes'
import { authenticate, isEqual } from '../crypto/derive'
import { checkKdfBounds } from '../crypto/kdf'
import type { KeySlot } from '../crypto/key-slot'
import type { SecretKey } from '../crypto/secret-key'
import type { Database } from './database'
import { blob } from './cells'
import { formatVersion } from './layout'

/** The most key slots of a vault. */
export const maxSlots = 32

/** The longest header body in bytes. */
const maxHeaderBytes = 65_536

/** What a file says before it is open. */
export interface VaultHeader {
  readonly vaultId: VaultId
  /** Which data key the records are under; it rises when the data key is replaced. */
  readonly keyEpoch: number
  readonly slots: readonly KeySlot[]
}

/** The header as it lies in the file. */
export interface HeaderRow {
  readonly header: VaultHeader
  /** The bytes that were parsed, for the MAC. */
  readonly body: Uint8Array
  readonly mac: Uint8Array
}

const hex = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`))
    .transform(fromHex)

const wrappedKey = { id: hex(16), salt: hex(32), commitment: hex(32), wrapped: hex(60) }
const kdfNumber = z.number().int().min(0).max(4_294_967_295)

const HeaderBody = z.strictObject({
  format: z.literal(formatVersion),
  vaultId: VaultId,
  keyEpoch: z.number().int().min(1).max(4_294_967_295),
  slots: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('passphrase'),
          ...wrappedKey,
          kdf: z.strictObject({
            algorithm: z.literal('argon2id'),
            memoryKib: kdfNumber,
            passes: kdfNumber,
            lanes: kdfNumber,
          }),
        }),
        z.strictObject({ kind: z.enum(['recovery', 'keyfile', 'keychain']), ...wrappedKey }),
      ]),
    )
    .min(1)
    .max(maxSlots),
})

/**
 * Reads and checks the header. It does not prove anything yet: {@link verifyHeader} does, once a slot
 * has given the data key.
 * @throws CoffretError `corrupt`; `kdf_bounds` when a slot asks for more, or less, than is accepted
 */
export function readHeader(database: Database): HeaderRow {
  const row = database.get('SELECT body, digest, mac FROM header WHERE id = 1')
  if (row === undefined) throw new CoffretError('corrupt', 'the vault has no header')
  const body = blob(row['body'])
  // A digest without a key, so that a damaged header does not look like a wrong passphrase.
  if (!isEqual(digestOf(body), blob(row['digest']))) {
    throw new CoffretError('corrupt', 'the header of the vault is damaged')
  }
  return { header: parseBody(body), body, mac: blob(row['mac']) }
}

function parseBody(body: Uint8Array): VaultHeader {
  if (body.length > maxHeaderBytes) {
    throw new CoffretError(
      'corrupt',
      `the header is ${body.length} bytes, at most ${maxHeaderBytes}`,
    )
  }
  let parsed: z.infer<typeof HeaderBody>
  try {
    parsed = HeaderBody.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)))
  } catch (cause) {
    throw new CoffretError('corrupt', 'the header of the vault is not of this format', { cause })
  }
  for (const slot of parsed.slots) if (slot.kind === 'passphrase') checkKdfBounds(slot.kdf)
  return { vaultId: parsed.vaultId, keyEpoch: parsed.keyEpoch, slots: parsed.slots }
}

/**
 * Proves the header with the key that only an opened slot gives.
 * @throws CoffretError `corrupt`
 */
export function verifyHeader(row: HeaderRow, headerKey: SecretKey): void {
  if (!isEqual(authenticate(headerKey, row.body), row.mac)) {
    throw new CoffretError('corrupt', 'the header of the vault does not authenticate')
  }
}

/** Writes the header, inside a transaction. @returns its MAC, for the vault's state */
export function writeHeader(
  database: Database,
  header: VaultHeader,
  headerKey: SecretKey,
): Uint8Array {
  const body = formatBody(header)
  const mac = authenticate(headerKey, body)
  database.run(
    'INSERT OR REPLACE INTO header (id, body, digest, mac) VALUES (1, ?, ?, ?)',
    body,
    digestOf(body),
    mac,
  )
  return mac
}

function formatBody(header: VaultHeader): Uint8Array {
  const slots = header.slots.map((slot) => ({
    kind: slot.kind,
    id: toHex(slot.id),
    salt: toHex(slot.salt),
    commitment: toHex(slot.commitment),
    wrapped: toHex(slot.wrapped),
    ...(slot.kind === 'passphrase' ? { kdf: { algorithm: 'argon2id', ...kdfOf(slot.kdf) } } : {}),
  }))
  const { vaultId, keyEpoch } = header
  return new TextEncoder().encode(
    JSON.stringify({ format: formatVersion, vaultId, keyEpoch, slots }),
  )
}

function kdfOf({ memoryKib, passes, lanes }: { memoryKib: number; passes: number; lanes: number }) {
  return { memoryKib, passes, lanes }
}

function digestOf(body: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(body).digest())
}
