import type { NewKeySlot } from '../../src-main/contract/key-calls'
import type { KeySlotKind } from '../../src-main/contract/key-slots'
import { PassphraseChoice } from './passphrase-choice.svelte'

/** A key while it is made: what it is, its name, and what opens it. */
export class NewKey {
  kind = $state<KeySlotKind>('passphrase')
  label = $state('')
  readonly choice = new PassphraseChoice()
  /** The words of a recovery key, once they were written down. */
  recovery = $state('')
  /** Where a key file will be saved. */
  file = $state('')

  /** As main takes it; undefined while something is missing. */
  async slot(): Promise<NewKeySlot | undefined> {
    const { kind, choice, recovery, file } = this
    const label = this.label.trim()
    if (kind === 'passphrase') {
      return (await choice.settle()) ? { kind, label, passphrase: choice.bytes } : undefined
    }
    if (kind === 'keyfile') return file === '' ? undefined : { kind, label, file }
    if (kind === 'keychain') return { kind, label }
    return recovery === '' ? undefined : { kind, label, words: recovery }
  }
}
