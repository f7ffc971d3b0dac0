import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { RandomBytes } from '../env'
import { nonceBytes, tagBytes } from './aead'
import { SecretKey, keyBytes } from './secret-key'

/** What a {@link SessionSeal} sealed: tag ‖ ciphertext, and the number of its nonce. */
export interface SessionSealed {
  readonly number: number
  readonly body: Uint8Array
}

const cipher = 'aes-256-gcm'

/**
 * Seals what stays in memory: AES-256-GCM under a random key that is never copied nor written, with nonces that
 * count up, so that none comes twice. It costs a tenth of what the file's own sealing does, which must bear
 * copies of a file that count anew. Source: NIST SP 800-38D §8.2.1.
 */
export class SessionSeal {
  readonly #key: SecretKey
  #sealed = 0

  /** @param owner wiping it ends this seal too */
  constructor(random: RandomBytes, owner: SecretKey) {
    this.#key = new SecretKey(random(keyBytes))
    owner.bind(this.#key)
  }

  /** @throws CoffretError `locked` after the owner was wiped */
  seal(text: Uint8Array): SessionSealed {
    const number = (this.#sealed += 1)
    const sealing = createCipheriv(cipher, this.#key.bytes, nonceOf(number))
    const body = new Uint8Array(tagBytes + text.length)
    body.set(sealing.update(text), tagBytes)
    sealing.final()
    body.set(sealing.getAuthTag())
    return { number, body }
  }

  /** @throws CoffretError `locked` after the owner was wiped; Error for what this seal did not make */
  open({ number, body }: SessionSealed): Uint8Array {
    const opening = createDecipheriv(cipher, this.#key.bytes, nonceOf(number))
    opening.setAuthTag(body.subarray(0, tagBytes))
    const text = opening.update(body.subarray(tagBytes))
    opening.final()
    return text
  }
}

function nonceOf(number: number): Uint8Array {
  const nonce = Buffer.alloc(nonceBytes)
  nonce.writeUIntBE(number, nonceBytes - 6, 6)
  return nonce
}
