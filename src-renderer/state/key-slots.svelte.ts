import { call } from '../bridge'
import type { CallOutput } from '../../src-main/contract/calls'
import type { KeyProof, KeySlotSummary } from '../../src-main/contract/key-slots'
import type { VaultSummary } from '../../src-main/contract/model'
import { Latest } from './latest'

/** The key slots of the vault on the screen, and its PIN. */
export class KeySlots {
  #found = $state.raw<CallOutput<'keys.list'>>()
  error = $state.raw<unknown>()
  readonly #loads = new Latest()

  constructor(readonly vault: VaultSummary) {}

  /** Undefined until they were read. */
  readonly list = $derived.by(() => this.#found?.slots)
  readonly keychainProblem = $derived.by(() => this.#found?.keychainProblem)
  readonly hasPin = $derived.by(() => (this.#found?.pinTriesLeft ?? 0) > 0)

  /** What can show that a person may change the keys, the usual first. */
  readonly proofs = $derived.by(() => {
    const kinds: readonly KeyProof['kind'][] = ['passphrase', 'keyfile', 'recovery']
    return kinds.filter((kind) => this.list?.some((slot) => slot.kind === kind))
  })

  async load(): Promise<void> {
    const isLast = this.#loads.ask()
    try {
      const found = await call('keys.list', { vault: this.vault.id })
      if (!isLast()) return
      this.#found = found
      this.error = undefined
    } catch (error) {
      if (isLast()) this.error = error
    }
  }

  /** @throws CoffretError as main refuses it */
  async remove(slot: KeySlotSummary, proof: KeyProof): Promise<void> {
    await call('keys.remove', { vault: this.vault.id, proof, slot: slot.id })
    await this.load()
  }

  async clearPin(): Promise<void> {
    try {
      await call('keys.clearPin', { vault: this.vault.id })
    } catch (error) {
      this.error = error
    }
    await this.load()
  }
}
