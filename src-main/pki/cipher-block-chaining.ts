import { createDecipheriv } from 'node:crypto'
import forge from 'node-forge'
import { CoffretError } from '../contract/errors'

/**
 * A cipher in CBC mode with the padding of RFC 8018. Those with `effectiveBits` are RC2, which like
 * DES neither OpenSSL 3 nor BoringSSL still offers: both are left to forge.
 */
export interface BlockCipher {
  readonly name: 'aes-128-cbc' | 'aes-192-cbc' | 'aes-256-cbc' | 'des-ede3-cbc' | 'des-cbc' | 'rc2'
  /** In bytes. */
  readonly keyLength: number
  readonly ivLength: number
  readonly effectiveBits?: number
}

const aes = (bits: 128 | 192 | 256): BlockCipher => ({
  name: `aes-${bits}-cbc`,
  keyLength: bits / 8,
  ivLength: 16,
})

/** The ciphers that files use. */
export const blockCiphers = {
  aes128: aes(128),
  aes192: aes(192),
  aes256: aes(256),
  tripleDes: { name: 'des-ede3-cbc', keyLength: 24, ivLength: 8 },
  /** Its key is the first, the second and the first part again. */
  twoKeyTripleDes: { name: 'des-ede3-cbc', keyLength: 16, ivLength: 8 },
  des: { name: 'des-cbc', keyLength: 8, ivLength: 8 },
  rc2With40: { name: 'rc2', keyLength: 5, ivLength: 8, effectiveBits: 40 },
  rc2With64: { name: 'rc2', keyLength: 8, ivLength: 8, effectiveBits: 64 },
  rc2With128: { name: 'rc2', keyLength: 16, ivLength: 8, effectiveBits: 128 },
} as const satisfies Readonly<Record<string, BlockCipher>>

/** forge holds bytes as text, one character a byte. */
const toForge = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** Takes the padding away. Source: RFC 8018 §6.1.1, step 4. */
function unpad(padded: Buffer, blockLength: number): Uint8Array {
  const count = padded.at(-1) ?? 0
  const padding = padded.subarray(padded.length - count)
  if (count < 1 || count > blockLength || padding.some((byte) => byte !== count)) {
    throw new Error('the padding is wrong')
  }
  return padded.subarray(0, padded.length - count)
}

/** Whole blocks come out at once. forge is not asked to finish: it takes wrong padding for good. */
function decryptWithForge(
  { effectiveBits }: BlockCipher,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
): Buffer {
  const input = forge.util.createBuffer(toForge(data), 'raw')
  if (effectiveBits === undefined) {
    const decipher = forge.cipher.createDecipher('DES-CBC', toForge(key))
    decipher.start({ iv: toForge(iv) })
    decipher.update(input)
    return Buffer.from(decipher.output.getBytes(), 'latin1')
  }
  const decipher = forge.rc2.createDecryptionCipher(toForge(key), effectiveBits)
  decipher.start(toForge(iv))
  decipher.update(input)
  return Buffer.from(decipher.output.getBytes(), 'latin1')
}

/**
 * Decrypts. It authenticates nothing: a wrong key leaves good padding, and noise, once in 256 times.
 * @param key of the cipher's length
 * @throws {CoffretError} `unsupported` for a vector of another length; `wrong_password` when the
 * padding is wrong
 */
export function decryptBlocks(
  cipher: BlockCipher,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
): Uint8Array {
  if (iv.length !== cipher.ivLength) {
    throw new CoffretError('unsupported', `initialization vector of ${iv.length} bytes`)
  }
  try {
    if (data.length === 0 || data.length % cipher.ivLength !== 0) throw new Error('cut block')
    if (cipher.name === 'rc2' || cipher.name === 'des-cbc') {
      return unpad(decryptWithForge(cipher, key, iv, data), cipher.ivLength)
    }
    const whole = key.length === 16 && cipher.name === 'des-ede3-cbc' ? twice(key) : key
    const decipher = createDecipheriv(cipher.name, whole, iv)
    return Buffer.concat([decipher.update(data), decipher.final()])
  } catch (cause) {
    throw new CoffretError('wrong_password', 'the password does not open it', { cause })
  }
}

const twice = (key: Uint8Array): Uint8Array => Buffer.concat([key, key.subarray(0, 8)])
