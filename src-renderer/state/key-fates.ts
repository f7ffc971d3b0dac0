import type { KeySlotKind, KeySlotSummary } from '../../src-main/contract/key-slots'

/**
 * What becomes of a key when the data key is replaced. `ifUsed`: it stays if it is the one that the person
 * confirms with. `needsFile`: it ends unless the file is given.
 */
export type KeyFate = 'stays' | 'ifUsed' | 'newWords' | 'newKey' | 'needsFile' | 'ends'

/** What decides over the fates of keys. */
export interface FateChoice {
  readonly slots: readonly KeySlotSummary[]
  /** What the person confirms with. */
  readonly way: string
  /** The keychain of this computer can be used. */
  readonly hasKeychain: boolean
  /** The ids of the slots whose key files are given. */
  readonly given: ReadonlySet<string>
}

/** What becomes of a key. The new data key can be sealed only for keys that are at hand. */
export function fateOf(slot: KeySlotSummary, choice: FateChoice): KeyFate {
  const { way, hasKeychain, given } = choice
  const confirmed = (otherwise: KeyFate): KeyFate => {
    if (way !== slot.kind) return otherwise
    return isOnly(slot.kind, choice) ? 'stays' : 'ifUsed'
  }
  const fates: Record<KeySlotKind, () => KeyFate> = {
    passphrase: () => confirmed('ends'),
    keyfile: () => (given.has(slot.id) ? 'stays' : confirmed('needsFile')),
    recovery: () => 'newWords',
    keychain: () => (slot.isHere === true && hasKeychain ? 'newKey' : 'ends'),
  }
  return fates[slot.kind]()
}

function isOnly(kind: KeySlotKind, { slots }: FateChoice): boolean {
  return slots.filter((slot) => slot.kind === kind).length === 1
}
