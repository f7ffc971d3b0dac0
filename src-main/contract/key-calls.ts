import { z } from 'zod'
import { FilePath, Passphrase, call, nothing } from './call'
import {
  KeyProof,
  KeySlotId,
  KeySlotLabel,
  KeySlotSummary,
  KeychainProblem,
  Pin,
} from './key-slots'
import { VaultId } from './model'

const InVault = z.strictObject({ vault: VaultId })
const Proven = InVault.extend({ proof: KeyProof })

/** The words of a recovery key that was shown and written down. */
const Words = z.string().max(1024)

/** A key slot to add. */
export const NewKeySlot = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('passphrase'),
    label: KeySlotLabel,
    passphrase: Passphrase,
  }),
  z.strictObject({ kind: z.literal('recovery'), label: KeySlotLabel, words: Words }),
  /** A new key is written to this file, where none may be yet. */
  z.strictObject({ kind: z.literal('keyfile'), label: KeySlotLabel, file: FilePath }),
  z.strictObject({ kind: z.literal('keychain'), label: KeySlotLabel }),
])
export type NewKeySlot = z.infer<typeof NewKeySlot>

/** What opens a slot from now on. */
export const NextKey = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('passphrase'), passphrase: Passphrase }),
  z.strictObject({ kind: z.literal('recovery'), words: Words }),
])
export type NextKey = z.infer<typeof NextKey>

/** What the window may ask about the keys of a vault. Each change asks for a proof again. */
export const keyCalls = {
  'keys.list': call(
    InVault,
    z.object({
      slots: z.array(KeySlotSummary).readonly(),
      /** Absent when it can be used. */
      keychainProblem: KeychainProblem.optional(),
      /** Tries of the PIN that are left; 0 when none is set. */
      pinTriesLeft: z.number().int().min(0),
    }),
  ),
  /** A new recovery key, to be written down. It opens nothing until it is added. */
  'keys.newRecoveryWords': call(InVault, z.array(z.string())),
  /** Asks for the place of a new key file; undefined when the person gave up. */
  'keys.chooseFile': call(
    z.strictObject({ suggestedName: z.string().max(255) }),
    z.string().optional(),
  ),
  'keys.add': call(Proven.extend({ slot: NewKeySlot }), nothing),
  /** Changes what opens a slot; the kind stays. */
  'keys.change': call(Proven.extend({ slot: KeySlotId, next: NextKey }), nothing),
  'keys.remove': call(Proven.extend({ slot: KeySlotId }), nothing),
  /** Lets a PIN unlock the vault again, until the app quits. */
  'keys.setPin': call(InVault.extend({ pin: Pin }), nothing),
  'keys.clearPin': call(InVault, nothing),
} as const
