import { gcmsiv } from '@noble/ciphers/aes.js'
import { CoffretError } from '../contract/errors'
import type { RandomBytes } from '../env'
import type { SecretKey } from './secret-key'

/** The length of a nonce in bytes: 96 bits. */
export const nonceBytes = 12

/** The length of an authentication tag in bytes: 128 bits. */
export const tagBytes = 16

/** By how much a sealed message is longer than its text. */
export const sealingBytes = nonceBytes + tagBytes

/**
 * Seals a message: nonce ‖ ciphertext ‖ tag. AES-256-GCM-SIV: a nonce that comes twice reveals only
 * whether two messages under the same place are equal. Source: RFC 8452.
 * @param place the associated data: where the message belongs; opening needs the same
 */
export function seal(
  key: SecretKey,
  place: Uint8Array,
  text: Uint8Array,
  random: RandomBytes,
): Uint8Array {
  const nonce = random(nonceBytes)
  const body = gcmsiv(key.bytes, nonce, place).encrypt(text)
  const sealed = new Uint8Array(nonce.length + body.length)
  sealed.set(nonce)
  sealed.set(body, nonce.length)
  return sealed
}

/**
 * Opens what {@link seal} made.
 * @throws CoffretError `corrupt` when it does not authenticate under this key and place
 */
export function open(key: SecretKey, place: Uint8Array, sealed: Uint8Array): Uint8Array {
  if (sealed.length < sealingBytes)
    throw new CoffretError('corrupt', 'a sealed message is too short')
  const cipher = gcmsiv(key.bytes, sealed.subarray(0, nonceBytes), place)
  try {
    return cipher.decrypt(sealed.subarray(nonceBytes))
  } catch (cause) {
    throw new CoffretError('corrupt', 'a sealed message does not authenticate', { cause })
  }
}
