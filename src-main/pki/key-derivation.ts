import { createHash, pbkdf2Sync, scryptSync } from 'node:crypto'
import { CoffretError } from '../contract/errors'
import { DerReader, derTag, oidText, smallInteger } from './der'
import { type Pkcs12Derivation, derivePkcs12Now, digestLength } from './pkcs12-kdf'
import type { WorkBudget } from './work-budget'

/**
 * A password as text, or `null` for the absence of one, which PKCS#12 tells from the empty text.
 * Everything else takes `null` for the empty text.
 */
export type Password = string | null

/** The most PBKDF2 iterations that a file may ask of us: the limit of the JDK. About one second. */
const maxIterations = 5_000_000

/** The most scrypt memory that a file may ask of us, and the most of it times its passes. */
const maxScryptBytes = 64 * 1024 * 1024
const maxScryptWork = 4 * maxScryptBytes

/** Salts are 8 to 64 bytes wherever they are met. */
const maxSaltBytes = 1024

/** A round in JavaScript takes five to six times as long as one of Node's own PBKDF2. */
const costOfSlowRound = 5

type Digest = 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512'

/** The digests of HMAC by their object identifier. Source: RFC 8018 appendix B.1. */
const digestsByHmac: Readonly<Record<string, Digest>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
}

function unsupported(what: string): never {
  throw new CoffretError('unsupported', `encrypted credential: ${what}`)
}

function checkSalt(salt: Uint8Array): Uint8Array {
  return salt.length <= maxSaltBytes ? salt : unsupported(`salt of ${salt.length} bytes`)
}

function checkIterations(iterations: number): number {
  return iterations >= 1 && iterations <= maxIterations
    ? iterations
    : unsupported(`${iterations} iterations, at most ${maxIterations} are accepted`)
}

/**
 * The digest that an AlgorithmIdentifier of HMAC names.
 * @throws {CoffretError} `unsupported` for another algorithm
 */
export function hmacDigest(algorithm: DerReader): Digest {
  const id = oidText(algorithm.next(derTag.oid))
  return digestsByHmac[id] ?? unsupported(`digest ${id}`)
}

/**
 * PBKDF2 with the parameters of a file. Source: RFC 8018 §5.2 and appendix A.2, where HMAC-SHA-1 is
 * the default.
 * @param parameters PBKDF2-params
 * @param length in bytes; when the file names a length too, it must be this one
 * @throws {CoffretError} `unsupported` for another digest or more work than is accepted, before
 * anything is derived
 */
export function deriveWithPbkdf2(
  parameters: DerReader,
  password: Password,
  length: number,
  work: WorkBudget,
): Uint8Array {
  const salt = checkSalt(parameters.next(derTag.octetString).content)
  const iterations = checkIterations(smallInteger(parameters.next(derTag.integer)))
  const named = parameters.optional(derTag.integer)
  if (named && smallInteger(named) !== length) unsupported('key length of another cipher')
  const algorithm = parameters.optional(derTag.sequence)
  const digest = algorithm ? hmacDigest(new DerReader(algorithm.content)) : 'sha1'
  const blocks = Math.ceil(length / digestLength[digest])
  work.take(iterations * blocks * (digestLength[digest] > 32 ? 2 : 1))
  return pbkdf2Sync(password ?? '', salt, iterations, length, digest)
}

/**
 * scrypt with the parameters of a file. Source: RFC 7914 §7.1.
 * @param parameters scrypt-params
 * @throws {CoffretError} as {@link deriveWithPbkdf2}
 */
export function deriveWithScrypt(
  parameters: DerReader,
  password: Password,
  length: number,
  work: WorkBudget,
): Uint8Array {
  const salt = checkSalt(parameters.next(derTag.octetString).content)
  const cost = smallInteger(parameters.next(derTag.integer))
  const blockSize = smallInteger(parameters.next(derTag.integer))
  const parallelization = smallInteger(parameters.next(derTag.integer))
  const named = parameters.optional(derTag.integer)
  if (named && smallInteger(named) !== length) unsupported('key length of another cipher')
  const bytes = 128 * cost * blockSize
  const isPowerOfTwo = cost > 1 && Number.isInteger(Math.log2(cost))
  const isBounded = bytes <= maxScryptBytes && bytes * parallelization <= maxScryptWork
  if (!isPowerOfTwo || blockSize < 1 || parallelization < 1 || !isBounded) {
    unsupported('scrypt parameters outside the accepted bounds')
  }
  work.take(Math.ceil(((bytes * parallelization) / maxScryptWork) * maxIterations))
  const options = { cost, blockSize, parallelization, maxmem: 2 * maxScryptBytes }
  return scryptSync(password ?? '', salt, length, options)
}

/** What PKCS#12 derives from: its salt and rounds, from `pkcs-12PbeParams` or MacData. */
export interface Pkcs12Cost {
  readonly salt: Uint8Array
  readonly iterations: number
}

/**
 * The derivation of PKCS#12 with the parameters of a file.
 * @throws {CoffretError} as {@link deriveWithPbkdf2}
 */
export function deriveAsPkcs12(
  { salt, iterations }: Pkcs12Cost,
  password: Password,
  use: Pick<Pkcs12Derivation, 'purpose' | 'digest' | 'length'>,
  work: WorkBudget,
): Uint8Array {
  const rounds = checkIterations(iterations) * Math.ceil(use.length / digestLength[use.digest])
  const checked = checkSalt(salt)
  work.take(rounds * costOfSlowRound)
  return derivePkcs12Now({ ...use, salt: checked, iterations, password })
}

/**
 * PBKDF1. Source: RFC 8018 §5.1.
 * @param length at most 16 with MD5, 20 with SHA-1
 * @throws {CoffretError} as {@link deriveWithPbkdf2}
 */
export function deriveWithPbkdf1(
  { salt, iterations }: Pkcs12Cost,
  password: Password,
  use: { readonly digest: 'md5' | 'sha1'; readonly length: number },
  work: WorkBudget,
): Uint8Array {
  const rounds = checkIterations(iterations)
  const checked = checkSalt(salt)
  work.take(rounds * costOfSlowRound)
  const hash = (): ReturnType<typeof createHash> => createHash(use.digest)
  let block = hash()
    .update(password ?? '', 'utf8')
    .update(checked)
    .digest()
  for (let round = 1; round < iterations; round++) block = hash().update(block).digest()
  return block.subarray(0, use.length)
}
