import { z } from 'zod'
import { Bytes, call, nothing } from './call'
import { NamedPlace } from './check-calls'
import { KeyProof, KeySlotKind } from './key-slots'
import { VaultId } from './model'

const InVault = z.strictObject({ vault: VaultId })
const Proven = InVault.extend({ proof: KeyProof })

/** How replacing a data key ended. */
export const RotationOutcome = z.object({
  /** What does not authenticate in the vault: nothing was changed. Absent when it is done. */
  damaged: NamedPlace.optional(),
})
export type RotationOutcome = z.infer<typeof RotationOutcome>

/** Replacing the data key of a vault. Long: `check.progress` tells how far, `rotation.cancel` stops it. */
export const rotationCalls = {
  /** One that was begun and not ended; undefined when there is none. */
  'rotation.begun': call(
    InVault,
    z
      .object({
        /** What can show that a person may go on with it. None: it is damaged, and can only be discarded. */
        proofs: z.array(KeySlotKind).readonly(),
      })
      .optional(),
  ),
  /**
   * Seals everything anew under a new data key. Keys that are not given here open nothing afterwards, but
   * for a keychain of this computer.
   * @throws CoffretError `wrong_passphrase`, with the field `keep` for a key file; `exists` when one was
   * begun already; `busy`, `cancelled`, `storage`
   */
  'rotation.start': call(
    Proven.extend({
      /** Of the new recovery key, written down. */
      words: z.string().max(1024),
      /** The contents of key files that are to go on opening the vault. */
      keyFiles: z
        .array(Bytes.refine((b) => b.length <= 65_536, 'no key file is that large'))
        .max(32),
    }),
    RotationOutcome,
  ),
  /** Goes on with one that was begun. @throws CoffretError `invalid`, `corrupt` when it can only be discarded */
  'rotation.resume': call(Proven, RotationOutcome),
  /** Stops; what is done stays for going on. */
  'rotation.cancel': call(InVault, nothing),
  'rotation.discard': call(InVault, nothing),
} as const
