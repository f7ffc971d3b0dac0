import { createDecipheriv, createHash, createPrivateKey, pbkdf2Sync, scryptSync } from 'node:crypto'
import { CoffretError } from '../contract/errors'
import { DerReader, derTag, oidText, smallInteger } from './der'

// The keys are opened here and not by `createPrivateKey`, for three reasons: a file that asks for
// 2^31 iterations is refused before deriving; a wrong password and an unknown algorithm are told
// apart; and Electron's BoringSSL knows neither scrypt nor HMAC-SHA-512 there.

/** The most PBKDF2 iterations that a file may ask of us: the limit of the JDK. About one second. */
const maxIterations = 5_000_000

/** The same for the derivation of PKCS#12, which runs five times to get a 3DES key and vector. */
const maxOldIterations = 1_000_000

/** The most scrypt memory that a file may ask of us, and the most of it times its passes. */
const maxScryptBytes = 64 * 1024 * 1024
const maxScryptWork = 4 * maxScryptBytes

interface Cipher {
  readonly name: 'aes-128-cbc' | 'aes-192-cbc' | 'aes-256-cbc' | 'des-ede3-cbc'
  readonly keyLength: number
  readonly ivLength: number
}

const aes = (bits: 128 | 192 | 256): Cipher => ({
  name: `aes-${bits}-cbc`,
  keyLength: bits / 8,
  ivLength: 16,
})
const tripleDes: Cipher = { name: 'des-ede3-cbc', keyLength: 24, ivLength: 8 }

const ciphersById: Readonly<Record<string, Cipher>> = {
  '2.16.840.1.101.3.4.1.2': aes(128),
  '2.16.840.1.101.3.4.1.22': aes(192),
  '2.16.840.1.101.3.4.1.42': aes(256),
  '1.2.840.113549.3.7': tripleDes,
}

const ciphersByName: Readonly<Record<string, Cipher>> = {
  'AES-128-CBC': aes(128),
  'AES-192-CBC': aes(192),
  'AES-256-CBC': aes(256),
  'DES-EDE3-CBC': tripleDes,
}

const digestsById: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
}

const pbes2 = '1.2.840.113549.1.5.13'
const pbkdf2 = '1.2.840.113549.1.5.12'
const scrypt = '1.3.6.1.4.1.11591.4.11'
const tripleDesWithSha1 = '1.2.840.113549.1.12.1.3'

function unsupported(what: string): never {
  throw new CoffretError('unsupported', `encrypted key: ${what}`)
}

function checkIterations(iterations: number, most: number): void {
  if (iterations < 1 || iterations > most) {
    unsupported(`${iterations} iterations, at most ${most} are accepted`)
  }
}

function decrypt(cipher: Cipher, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  if (iv.length !== cipher.ivLength) unsupported(`initialization vector of ${iv.length} bytes`)
  try {
    const decipher = createDecipheriv(cipher.name, key, iv)
    return Buffer.concat([decipher.update(data), decipher.final()])
  } catch (cause) {
    throw new CoffretError('wrong_password', 'the password does not open the key', { cause })
  }
}

function deriveWithPbkdf2(parameters: DerReader, password: string, length: number): Uint8Array {
  const salt = parameters.next(derTag.octetString).content
  const iterations = smallInteger(parameters.next(derTag.integer))
  parameters.optional(derTag.integer)
  const algorithm = parameters.optional(derTag.sequence)
  const id = algorithm ? oidText(new DerReader(algorithm.content).next(derTag.oid)) : undefined
  // Source: RFC 8018 appendix A.2, where HMAC-SHA-1 is the default.
  const digest = id === undefined ? 'sha1' : (digestsById[id] ?? unsupported(`digest ${id}`))
  checkIterations(iterations, maxIterations)
  return pbkdf2Sync(password, salt, iterations, length, digest)
}

function deriveWithScrypt(parameters: DerReader, password: string, length: number): Uint8Array {
  const salt = parameters.next(derTag.octetString).content
  const cost = smallInteger(parameters.next(derTag.integer))
  const blockSize = smallInteger(parameters.next(derTag.integer))
  const parallelization = smallInteger(parameters.next(derTag.integer))
  const bytes = 128 * cost * blockSize
  const isPowerOfTwo = cost > 1 && Number.isInteger(Math.log2(cost))
  const isBounded = bytes <= maxScryptBytes && bytes * parallelization <= maxScryptWork
  if (!isPowerOfTwo || blockSize < 1 || parallelization < 1 || !isBounded) {
    unsupported('scrypt parameters outside the accepted bounds')
  }
  const options = { cost, blockSize, parallelization, maxmem: 2 * maxScryptBytes }
  return scryptSync(password, salt, length, options)
}

/** The one scheme of PKCS#12 itself that both runtimes open. Source: RFC 7292 appendix C. */
function decryptOldPkcs8(der: Uint8Array, algorithm: DerReader, password: string): Uint8Array {
  const parameters = algorithm.enter(derTag.sequence)
  parameters.next(derTag.octetString)
  checkIterations(smallInteger(parameters.next(derTag.integer)), maxOldIterations)
  try {
    const key = {
      key: Buffer.from(der),
      format: 'der',
      type: 'pkcs8',
      passphrase: password,
    } as const
    return createPrivateKey(key).export({ format: 'der', type: 'pkcs8' })
  } catch (cause) {
    throw new CoffretError('wrong_password', 'the password does not open the key', { cause })
  }
}

/**
 * Opens an EncryptedPrivateKeyInfo. Source: RFC 5958 §3, RFC 8018 §6.2, RFC 7914 §7.
 * @returns the PrivateKeyInfo, or noise when a wrong password happens to leave good padding
 * @throws {CoffretError} `wrong_password`; `unsupported` for an algorithm or cost we do not take;
 * `invalid` when it is not DER
 */
export function decryptPkcs8(der: Uint8Array, password: string): Uint8Array {
  const outer = new DerReader(der).enter(derTag.sequence)
  const algorithm = outer.enter(derTag.sequence)
  const data = outer.next(derTag.octetString).content
  const scheme = oidText(algorithm.next(derTag.oid))
  if (scheme === tripleDesWithSha1) return decryptOldPkcs8(der, algorithm, password)
  if (scheme !== pbes2) return unsupported(`scheme ${scheme}`)

  const parameters = algorithm.enter(derTag.sequence)
  const derivation = parameters.enter(derTag.sequence)
  const encryption = parameters.enter(derTag.sequence)
  const cipherId = oidText(encryption.next(derTag.oid))
  const cipher = ciphersById[cipherId] ?? unsupported(`cipher ${cipherId}`)
  const iv = encryption.next(derTag.octetString).content
  const method = oidText(derivation.next(derTag.oid))
  const cost = derivation.enter(derTag.sequence)
  const key =
    method === pbkdf2
      ? deriveWithPbkdf2(cost, password, cipher.keyLength)
      : method === scrypt
        ? deriveWithScrypt(cost, password, cipher.keyLength)
        : unsupported(`key derivation ${method}`)
  return decrypt(cipher, key, iv, data)
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
export function decryptTraditional(der: Uint8Array, dekInfo: string, password: string): Uint8Array {
  const [name = '', hex = ''] = dekInfo.split(',', 2).map((part) => part.trim())
  const cipher = ciphersByName[name.toUpperCase()] ?? unsupported('cipher of the DEK-Info header')
  const iv = Buffer.from(hex, 'hex')
  if (iv.length !== cipher.ivLength) return unsupported('vector of the DEK-Info header')
  return decrypt(cipher, deriveWithMd5(password, iv, cipher.keyLength), iv, der)
}
