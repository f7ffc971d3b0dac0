import { CoffretError } from '../contract/errors'

/**
 * What a set of files may ask of us, in rounds of HMAC-SHA-256: about three seconds. A backup of an
 * older Firefox (3DES, 600,000 rounds) asks for all of it; the thread that reads has five seconds.
 */
const mostWork = 15_000_000

/**
 * What deriving keys may cost, whatever files say. Each derivation is paid for before it begins, so
 * that neither one file that asks for 2^31 rounds nor a thousand small ones keep anybody waiting.
 */
export class WorkBudget {
  #left: number

  /** @param units rounds of HMAC-SHA-256, about 0.2 microseconds each */
  constructor(units = mostWork) {
    this.#left = units
  }

  /** What may still be asked for. */
  get left(): number {
    return this.#left
  }

  /**
   * @throws {CoffretError} `unsupported` when less is left; nothing is taken then
   */
  take(units: number): void {
    // Not `units > left`: what is no number must not pass.
    if (!(units >= 0 && units <= this.#left)) {
      throw new CoffretError(
        'unsupported',
        'the files ask for more key derivation than is accepted',
      )
    }
    this.#left -= units
  }
}
