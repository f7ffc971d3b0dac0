import { CoffretError } from '../contract/errors'
import { type BlockCipher, blockCiphers, decryptBlocks } from './cipher-block-chaining'
import { type DerReader, derTag, oidText, smallInteger } from './der'
import {
  type Password,
  type Pkcs12Cost,
  deriveAsPkcs12,
  deriveWithPbkdf1,
  deriveWithPbkdf2,
  deriveWithScrypt,
} from './key-derivation'
import { purpose } from './pkcs12-kdf'
import type { WorkBudget } from './work-budget'

// Keys and PKCS#12 files are opened here and not by Node, for three reasons: a file that asks for
// 2^31 iterations is refused before deriving; a wrong password and an unknown algorithm are told
// apart; and Electron's BoringSSL and Node's OpenSSL each know some that the other does not.

const pbes2 = '1.2.840.113549.1.5.13'
const pbkdf2 = '1.2.840.113549.1.5.12'
const scrypt = '1.3.6.1.4.1.11591.4.11'

/** Of PBES2. Source: RFC 8018 appendix B.2, RFC 3565. */
const ciphers: Readonly<Record<string, BlockCipher>> = {
  '2.16.840.1.101.3.4.1.2': blockCiphers.aes128,
  '2.16.840.1.101.3.4.1.22': blockCiphers.aes192,
  '2.16.840.1.101.3.4.1.42': blockCiphers.aes256,
  '1.2.840.113549.3.7': blockCiphers.tripleDes,
  '1.3.14.3.2.7': blockCiphers.des,
}

/** Of PKCS#12, with SHA-1. Source: RFC 7292 appendix C; RC4 is left out, nobody has it. */
const pkcs12Schemes: Readonly<Record<string, BlockCipher>> = {
  '1.2.840.113549.1.12.1.3': blockCiphers.tripleDes,
  '1.2.840.113549.1.12.1.4': blockCiphers.twoKeyTripleDes,
  '1.2.840.113549.1.12.1.5': blockCiphers.rc2With128,
  '1.2.840.113549.1.12.1.6': blockCiphers.rc2With40,
}

/** PBES1. Source: RFC 8018 §6.1 and appendix A.3; with MD2 there are none. */
const pbes1Schemes: Readonly<Record<string, { digest: 'md5' | 'sha1'; cipher: BlockCipher }>> = {
  '1.2.840.113549.1.5.3': { digest: 'md5', cipher: blockCiphers.des },
  '1.2.840.113549.1.5.6': { digest: 'md5', cipher: blockCiphers.rc2With64 },
  '1.2.840.113549.1.5.10': { digest: 'sha1', cipher: blockCiphers.des },
  '1.2.840.113549.1.5.11': { digest: 'sha1', cipher: blockCiphers.rc2With64 },
}

function unsupported(what: string): never {
  throw new CoffretError('unsupported', `encrypted credential: ${what}`)
}

/** How the bytes were encrypted, and what it costs to know. */
interface Request {
  readonly data: Uint8Array
  readonly password: Password
  readonly work: WorkBudget
}

function readCost(parameters: DerReader): Pkcs12Cost {
  const salt = parameters.next(derTag.octetString).content
  return { salt, iterations: smallInteger(parameters.next(derTag.integer)) }
}

function openPbes2(parameters: DerReader, { data, password, work }: Request): Uint8Array {
  const derivation = parameters.enter(derTag.sequence)
  const encryption = parameters.enter(derTag.sequence)
  const cipherId = oidText(encryption.next(derTag.oid))
  const cipher = ciphers[cipherId] ?? unsupported(`cipher ${cipherId}`)
  const iv = encryption.next(derTag.octetString).content
  const method = oidText(derivation.next(derTag.oid))
  const cost = derivation.enter(derTag.sequence)
  const key =
    method === pbkdf2
      ? deriveWithPbkdf2(cost, password, cipher.keyLength, work)
      : method === scrypt
        ? deriveWithScrypt(cost, password, cipher.keyLength, work)
        : unsupported(`key derivation ${method}`)
  return decryptBlocks(cipher, key, iv, data)
}

function openPkcs12Scheme(cipher: BlockCipher, cost: Pkcs12Cost, request: Request): Uint8Array {
  const { data, password, work } = request
  const part = (use: 'key' | 'iv', length: number): Uint8Array =>
    deriveAsPkcs12(cost, password, { purpose: purpose[use], digest: 'sha1', length }, work)
  return decryptBlocks(cipher, part('key', cipher.keyLength), part('iv', cipher.ivLength), data)
}

/**
 * Decrypts what was encrypted with a password.
 * Source: RFC 8018 §6 (PBES1, PBES2), RFC 7914 §7 (scrypt), RFC 7292 appendix C.
 * @param algorithm the content of an AlgorithmIdentifier
 * @returns the bytes, or noise when a wrong password happens to leave good padding
 * @throws {CoffretError} `wrong_password`; `unsupported` for an algorithm or cost we do not take,
 * before anything is derived; `invalid` when it is not DER
 */
export function decryptWithPassword(algorithm: DerReader, request: Request): Uint8Array {
  const scheme = oidText(algorithm.next(derTag.oid))
  const parameters = algorithm.enter(derTag.sequence)
  if (scheme === pbes2) return openPbes2(parameters, request)
  const ofPkcs12 = pkcs12Schemes[scheme]
  if (ofPkcs12) return openPkcs12Scheme(ofPkcs12, readCost(parameters), request)
  const { digest, cipher } = pbes1Schemes[scheme] ?? unsupported(`scheme ${scheme}`)
  const { password, work, data } = request
  const derived = deriveWithPbkdf1(readCost(parameters), password, { digest, length: 16 }, work)
  return decryptBlocks(cipher, derived.subarray(0, 8), derived.subarray(8), data)
}
