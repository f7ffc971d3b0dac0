import { characters, leastCharacters, leastScore, passphraseBytes } from './strength'
import { StrengthMeter } from './strength-meter.svelte'

/** A new passphrase while it is chosen: typed twice, measured, its weakness accepted or not. */
export class PassphraseChoice {
  text = $state('')
  repeat = $state('')
  acceptsRisk = $state(false)
  readonly #meter = new StrengthMeter()

  /** Undefined until it is known. */
  readonly strength = $derived.by(() => this.#meter.strength)

  /** Characters that are missing to the least number. */
  readonly missing = $derived.by(() => Math.max(0, leastCharacters - characters(this.text)))

  readonly differs = $derived.by(() => this.text.normalize('NFC') !== this.repeat.normalize('NFC'))

  readonly isStrong = $derived.by(
    () => this.missing === 0 && (this.strength?.score ?? 0) >= leastScore,
  )

  /** Strong, or weak with the risk accepted; typed twice alike. */
  readonly isAcceptable = $derived.by(
    () => this.text !== '' && !this.differs && (this.isStrong || this.acceptsRisk),
  )

  /** Measures what is typed. @param inputs words that make it weak, such as the vault's name */
  measure(inputs: string[]): void {
    void this.#meter.measure(this.text, inputs)
  }

  /** The answer once the strength is known: somebody may be quicker than the dictionaries. */
  async settle(): Promise<boolean> {
    await this.#meter.settled()
    return this.isAcceptable
  }

  /** The passphrase for the vault. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return passphraseBytes(this.text)
  }

  clear(): void {
    this.text = this.repeat = ''
  }
}
