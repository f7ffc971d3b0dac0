import { createHash, createPrivateKey } from 'node:crypto'
import { CoffretError } from '../contract/errors'
import { type BlockCipher, blockCiphers, decryptBlocks } from './cipher-block-chaining'
import { DerReader, derTag, oidText, smallInteger } from './der'
import type { Password } from './key-derivation'
import { decryptWithPassword } from './password-encryption'
import { WorkBudget } from './work-budget'

const ciphersByName: Readonly<Record<string, BlockCipher>> = {
  'AES-128-CBC': blockCiphers.aes128,
  'AES-192-CBC': blockCiphers.aes192,
  'AES-256-CBC': blockCiphers.aes256,
  'DES-EDE3-CBC': blockCiphers.tripleDes,
  'DES-CBC': blockCiphers.des,
}

const tripleDesOfPkcs12 = '1.2.840.113549.1.12.1.3'

/** The most rounds that Node is let do: as with PBKDF2, and it derives five blocks. */
const maxNativeRounds = 1_000_000

/**
 * The one scheme of PKCS#12 that Node opens by itself on both runtimes, six times as fast as we do.
 * Firefox asks for 600,000 rounds of it.
 */
function decryptNatively(der: Uint8Array, rounds: number, password: string, work: WorkBudget) {
  if (rounds < 1 || rounds > maxNativeRounds) {
    throw new CoffretError('unsupported', `encrypted key: ${rounds} iterations`)
  }
  work.take(rounds * 5)
  const key = { key: Buffer.from(der), format: 'der', type: 'pkcs8', passphrase: password } as const
  try {
    return createPrivateKey(key).export({ format: 'der', type: 'pkcs8' })
  } catch (cause) {
    throw new CoffretError('wrong_password', 'the password does not open the key', { cause })
  }
}

/** The rounds of a key that Node opens by itself. */
function nativeRounds(algorithm: DerReader): number | undefined {
  if (oidText(algorithm.next(derTag.oid)) !== tripleDesOfPkcs12) return undefined
  const parameters = algorithm.enter(derTag.sequence)
  parameters.next(derTag.octetString)
  return smallInteger(parameters.next(derTag.integer))
}

/**
 * Opens an EncryptedPrivateKeyInfo. Source: RFC 5958 §3, and {@link decryptWithPassword}.
 * @returns the PrivateKeyInfo, or noise when a wrong password happens to leave good padding
 * @throws {CoffretError} as {@link decryptWithPassword}
 */
export function decryptPkcs8(
  der: Uint8Array,
  password: Password,
  work = new WorkBudget(),
): Uint8Array {
  const outer = new DerReader(der).enter(derTag.sequence)
  const { content } = outer.next(derTag.sequence)
  const data = outer.next(derTag.octetString).content
  const rounds = nativeRounds(new DerReader(content))
  if (rounds !== undefined && password) return decryptNatively(der, rounds, password, work)
  return decryptWithPassword(new DerReader(content), { data, password, work })
}

/** OpenSSL's old derivation: MD5, one round, the first 8 bytes of the vector as salt. */
function deriveWithMd5(password: string, iv: Uint8Array, length: number): Uint8Array {
  let key = Buffer.alloc(0)
  let block = Buffer.alloc(0)
  while (key.length < length) {
    const hash = createHash('md5').update(block).update(password, 'utf8')
    block = hash.update(iv.subarray(0, 8)).digest()
    key = Buffer.concat([key, block])
  }
  return key.subarray(0, length)
}

/**
 * Opens the body of a PEM block with a `DEK-Info` header.
 * Source: RFC 1421 §4.6.1.3 and the page openssl-PEM_read_bio_PrivateKey(3), "PEM encryption format".
 * @param dekInfo for example `AES-256-CBC,` and the vector in hexadecimal
 * @throws {CoffretError} as {@link decryptPkcs8}
 */
export function decryptTraditional(
  der: Uint8Array,
  dekInfo: string,
  password: Password,
): Uint8Array {
  const [name = '', hex = ''] = dekInfo.split(',', 2).map((part) => part.trim())
  const cipher = ciphersByName[name.toUpperCase()]
  const iv = Buffer.from(hex, 'hex')
  if (cipher === undefined || iv.length !== cipher.ivLength) {
    throw new CoffretError('unsupported', 'cipher or vector of the DEK-Info header')
  }
  return decryptBlocks(cipher, deriveWithMd5(password ?? '', iv, cipher.keyLength), iv, der)
}
