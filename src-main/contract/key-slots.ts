import { z } from 'zod'
import { Bytes, Passphrase } from './call'
import { EpochMs } from './model'

/** What opens a key slot: something known, on paper, in a file, or kept by one computer. */
export const KeySlotKind = z.enum(['passphrase', 'recovery', 'keyfile', 'keychain'])
export type KeySlotKind = z.infer<typeof KeySlotKind>

/** 16 bytes as hexadecimal digits. */
export const KeySlotId = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .brand('KeySlotId')
export type KeySlotId = z.infer<typeof KeySlotId>

/** Free words about a slot: up to 64 characters, perhaps none. */
export const KeySlotLabel = z.string().max(64)

/** What is shown of a key slot. */
export const KeySlotSummary = z.object({
  id: KeySlotId,
  kind: KeySlotKind,
  label: KeySlotLabel,
  /** When its key was made or changed; absent where no one wrote it down. */
  setAt: EpochMs.optional(),
  /** What guessing its passphrase costs: Argon2id with memory in KiB. */
  kdf: z
    .object({ memoryKib: z.number().int(), passes: z.number().int(), lanes: z.number().int() })
    .optional(),
  /** Of a slot of a keychain: it is that of this computer. */
  isHere: z.boolean().optional(),
})
export type KeySlotSummary = z.infer<typeof KeySlotSummary>

/** Why the keychain of this computer cannot be used. `plaintext`: it would keep keys as good as in plain. */
export const KeychainProblem = z.enum(['unavailable', 'plaintext'])
export type KeychainProblem = z.infer<typeof KeychainProblem>

/** What removing a slot would do. `no-words`: afterwards no passphrase and no recovery key opens the vault. */
export type Removal = 'allowed' | 'no-words' | 'last' | 'only-keychain'

/**
 * Whether a slot can be removed. The last one never; nor the last one that is not a keychain's, since
 * the vault would be lost with that computer.
 */
export function removalOf(
  slots: readonly { readonly id: string; readonly kind: KeySlotKind }[],
  id: string,
): Removal {
  const left = slots.filter((slot) => slot.id !== id)
  if (left.length === 0) return 'last'
  if (left.every(({ kind }) => kind === 'keychain')) return 'only-keychain'
  return left.some(({ kind }) => kind === 'passphrase' || kind === 'recovery')
    ? 'allowed'
    : 'no-words'
}

/** A PIN is 4 to 32 characters. */
export const pinCharacters = { least: 4, most: 32 } as const

/** How often a PIN may be tried before it is forgotten. */
export const maxPinTries = 5

/** The characters of UTF-8: the bytes that begin one. */
function characters(utf8: Uint8Array): number {
  return utf8.filter((byte) => (byte & 0xc0) !== 0x80).length
}

/** A PIN: NFC, 4 to 32 characters of UTF-8. Bytes, so that both sides can overwrite them. */
export const Pin = Bytes.refine(
  (b) =>
    b.length <= 4 * pinCharacters.most &&
    characters(b) >= pinCharacters.least &&
    characters(b) <= pinCharacters.most,
  'pin is 4 to 32 characters',
)

const RecoveryWords = z.string().max(1024)

const proofs = [
  z.strictObject({ kind: z.literal('passphrase'), passphrase: Passphrase }),
  z.strictObject({ kind: z.literal('recovery'), words: RecoveryWords }),
  z.strictObject({
    kind: z.literal('keyfile'),
    /** The content of the file. */
    bytes: Bytes.refine((b) => b.length <= 65_536, 'a key file is no larger than 64 KiB'),
  }),
] as const

/** What shows that a person may change the keys: something that opens a slot and that only they have. */
export const KeyProof = z.discriminatedUnion('kind', proofs)
export type KeyProof = z.infer<typeof KeyProof>

/** What to open a vault with. */
export const UnlockWith = z.discriminatedUnion('kind', [
  ...proofs,
  z.strictObject({ kind: z.literal('keychain') }),
  z.strictObject({ kind: z.literal('pin'), pin: Pin }),
])
export type UnlockWith = z.infer<typeof UnlockWith>
