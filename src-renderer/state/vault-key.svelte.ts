import type { KeyProof, UnlockWith } from '../../src-main/contract/key-slots'
import { CoffretError, type FailureCode } from '../../src-main/contract/errors'
import type { UnlockWay } from '../../src-main/contract/model'
import type { Words } from '../words'
import { passphraseBytes } from './strength'

/** A key file has about 100 bytes; main looks at the rest. */
const maxFileBytes = 65_536

/** What a person gives to open a vault, in one of the ways that there are. */
export class VaultKey {
  #chosen = $state<UnlockWay>()
  passphrase = $state('')
  recovery = $state('')
  pin = $state('')
  file = $state.raw<File>()

  /** @param ways what there is to choose from now: a PIN goes after its last try */
  constructor(private readonly ways: () => readonly UnlockWay[]) {}

  /** The ways that take something from a person. */
  readonly offered = $derived.by<readonly UnlockWay[]>(() =>
    this.ways().filter((way) => way !== 'keychain'),
  )

  /** The way that was chosen, while there is one, or the first. */
  readonly way = $derived.by(() => {
    const chosen = this.#chosen
    return chosen !== undefined && this.offered.includes(chosen)
      ? chosen
      : (this.offered[0] ?? 'passphrase')
  })

  choose(way: UnlockWay): void {
    this.#chosen = way
  }

  /** Whether there is something to try. */
  readonly isGiven = $derived.by(() => {
    const given: Record<UnlockWay, boolean> = {
      passphrase: this.passphrase !== '',
      recovery: this.recovery.trim() !== '',
      pin: this.pin !== '',
      keyfile: this.file !== undefined,
      keychain: true,
    }
    return given[this.way]
  })

  /** As main takes it, made anew each time: sending overwrites it. @throws CoffretError `too_large`, `not_found` */
  async take(way: UnlockWay = this.way): Promise<UnlockWith> {
    if (way === 'keychain') return { kind: way }
    return way === 'pin' ? { kind: way, pin: passphraseBytes(this.pin) } : this.#proof(way)
  }

  /** As {@link take}, of what only the person has. */
  async proof(): Promise<KeyProof> {
    const { way } = this
    return this.#proof(way === 'pin' || way === 'keychain' ? 'passphrase' : way)
  }

  async #proof(kind: KeyProof['kind']): Promise<KeyProof> {
    if (kind === 'passphrase') return { kind, passphrase: passphraseBytes(this.passphrase) }
    return kind === 'recovery'
      ? { kind, words: this.recovery }
      : { kind, bytes: await bytesOf(this.file) }
  }

  /** Forgets what was typed; the file stays chosen. */
  clear(): void {
    this.passphrase = this.recovery = this.pin = ''
  }
}

/** The content of a key file. @throws CoffretError `too_large`, `not_found`, with the field `keyFile` */
export async function bytesOf(file: File | undefined): Promise<Uint8Array<ArrayBuffer>> {
  if (file === undefined || file.size > maxFileBytes) {
    throw new CoffretError('too_large', 'no key file is that large', { field: 'keyFile' })
  }
  try {
    return new Uint8Array(await file.arrayBuffer())
  } catch (cause) {
    throw new CoffretError('not_found', 'the key file cannot be read', { cause, field: 'keyFile' })
  }
}

/** What fits better than the general words when a key was refused. */
export function refusalWords(
  words: Words,
  way: UnlockWay,
  error: unknown,
  pinTriesLeft = 0,
): Partial<Record<FailureCode, string>> {
  const { wrong, badKeyFile, damagedKeyFile, goneKeyFile, pinTries, pinForgotten } = words.keys
  if (error instanceof CoffretError && error.field === 'keyFile') {
    return {
      too_large: badKeyFile,
      invalid: badKeyFile,
      corrupt: damagedKeyFile,
      not_found: goneKeyFile,
    }
  }
  if (way === 'passphrase') return {}
  if (way === 'recovery') {
    return {
      wrong_passphrase: words.failuresHere.wrongWords,
      invalid: words.failuresHere.wrongWords,
    }
  }
  if (way !== 'pin') return { wrong_passphrase: wrong[way] }
  return {
    wrong_passphrase: pinTriesLeft > 0 ? pinTries(pinTriesLeft) : pinForgotten,
    invalid: words.keys.pinLength,
    locked: pinForgotten,
  }
}
