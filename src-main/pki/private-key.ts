import { type KeyObject, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { CoffretError } from '../contract/errors'
import { derElement } from './ber'
import type { Certificate } from './certificate-info'
import { DerReader, derTag, smallInteger } from './der'
import { decryptPkcs8, decryptTraditional } from './encrypted-key'
import { fingerprint } from './fingerprint'
import type { Password } from './key-derivation'
import { privateKeyKind } from './key-kind'
import { WorkBudget } from './work-budget'

/** How a file holds a private key. `other`: it says that it is one, in a form that we do not read. */
export type KeyForm = 'pkcs1' | 'sec1' | 'pkcs8' | 'encrypted-pkcs8' | 'traditional' | 'other'

/** A private key as it was found. */
export interface StoredKey {
  readonly form: KeyForm
  readonly der: Uint8Array
  /** The header of a `traditional` one. */
  readonly dekInfo?: string
  /** Of an `other` one that can be told: what it is, for example `OpenSSH`. */
  readonly type?: string
  /** Of a key in a PKCS#12 file: that of the file. */
  readonly password?: Password
}

/** A private key that Node has read and Coffret can use. */
export interface OpenedKey {
  readonly key: KeyObject
  /** As in `CertificateInfo.keyType`. */
  readonly type: string
  /** SHA-256 of the SubjectPublicKeyInfo. */
  readonly publicKeyFingerprint: string
}

/** A private key of a kind that Coffret cannot use. */
export interface OtherKey {
  /** As in `CertificateInfo.keyType`, or `OpenSSH`. */
  readonly otherType: string
}

/** An RSAPrivateKey is nine integers at least; other lists of integers are public keys and parameters. */
const leastIntegers = 9

function isPkcs1(key: Uint8Array): boolean {
  const fields = new DerReader(key).enter(derTag.sequence).remaining()
  const integers = fields.filter(({ tag }) => tag === derTag.integer)
  return integers.length >= leastIntegers
}

/**
 * The form of a private key, from its DER alone: labels and file names lie.
 * Source: RFC 8017 appendix A.1.2, RFC 5915 §3, RFC 5958 §2 and §3.
 * @returns undefined when it is none
 */
export function keyForm(der: Uint8Array): Exclude<KeyForm, 'traditional' | 'other'> | undefined {
  try {
    const outer = new DerReader(der)
    const reader = outer.enter(derTag.sequence)
    outer.end()
    const first = reader.next()
    const second = reader.next()
    if (first.tag === derTag.sequence && second.tag === derTag.octetString) {
      const scheme = new DerReader(first.content).nextTag
      return scheme === derTag.oid ? 'encrypted-pkcs8' : undefined
    }
    if (first.tag !== derTag.integer) return undefined
    if (second.tag === derTag.octetString) return 'sec1'
    if (second.tag === derTag.integer) return isPkcs1(der) ? 'pkcs1' : undefined
    return second.tag === derTag.sequence && reader.nextTag === derTag.octetString
      ? 'pkcs8'
      : undefined
  } catch {
    return undefined
  }
}

/** Whether a password is needed to open it. */
export function isEncrypted({ form }: StoredKey): boolean {
  return form === 'encrypted-pkcs8' || form === 'traditional'
}

/**
 * A key as version 1 of PKCS#8. Version 2 has the public half behind it, as Rust and Bouncy Castle
 * write it, and neither runtime reads that.
 * Source: RFC 5958 §2.
 */
function firstVersion(der: Uint8Array): Uint8Array {
  const fields = new DerReader(der).enter(derTag.sequence)
  if (smallInteger(fields.next(derTag.integer)) !== 1) return der
  const zero = derElement(derTag.integer, Uint8Array.of(0))
  const parts = [fields.next(derTag.sequence).whole, fields.next(derTag.octetString).whole]
  const whole = Buffer.concat([zero, ...parts])
  try {
    return derElement(derTag.sequence, whole)
  } finally {
    whole.fill(0)
  }
}

type PlainForm = 'pkcs1' | 'sec1' | 'pkcs8'

/** The key in the clear, to be wiped by the caller when it was decrypted. */
function plainDer(stored: StoredKey, password: Password, work: WorkBudget) {
  const { form, der, dekInfo } = stored
  if (form === 'encrypted-pkcs8') {
    return { der: decryptPkcs8(der, password, work), form: 'pkcs8' as const }
  }
  if (form === 'traditional') {
    const plain = decryptTraditional(der, dekInfo ?? '', password)
    const found = keyForm(plain)
    if (found === undefined || found === 'encrypted-pkcs8') {
      throw new CoffretError('wrong_password', 'the password does not open the key')
    }
    return { der: plain, form: found }
  }
  if (form === 'other') throw new CoffretError('invalid', 'private key is damaged')
  return { der, form }
}

/** What the runtime reads, and nothing is left of a copy. */
function keyObject(der: Uint8Array, form: PlainForm): KeyObject {
  const readable = form === 'pkcs8' ? firstVersion(der) : der
  const key = Buffer.from(readable.buffer, readable.byteOffset, readable.length)
  try {
    return createPrivateKey({ key, format: 'der', type: form })
  } finally {
    if (readable !== der) readable.fill(0)
  }
}

/** @throws {Error} of any kind when it is damaged */
function readPlain(der: Uint8Array, form: PlainForm): OpenedKey | OtherKey {
  const { type, isSupported } = privateKeyKind(der, form)
  if (!isSupported) return { otherType: type }
  const key = keyObject(der, form)
  const publicKeyDer = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return { key, type, publicKeyFingerprint: fingerprint(publicKeyDer) }
}

/**
 * Opens a private key, and says what it is when it is of a kind that Coffret cannot use.
 * @param password ignored when the key is not encrypted, or came with its own
 * @param work what the key may still ask for
 * @throws {CoffretError} `wrong_password`; `unsupported` for an encryption or a cost that we do not
 * take; `invalid` when it is damaged
 */
export function readPrivateKey(
  stored: StoredKey,
  password: string,
  work = new WorkBudget(),
): OpenedKey | OtherKey {
  if (stored.type !== undefined) return { otherType: stored.type }
  const own = stored.password
  const { der, form } = plainDer(stored, own === undefined ? password : own, work)
  try {
    return readPlain(der, form)
  } catch (cause) {
    // Wrong passwords leave good padding once in 256 times; what comes out is then no key.
    const isNoise = isEncrypted(stored) && keyForm(der) === undefined
    throw isNoise
      ? new CoffretError('wrong_password', 'the password does not open the key', { cause })
      : new CoffretError('invalid', 'private key is damaged', { cause })
  } finally {
    if (isEncrypted(stored)) der.fill(0)
  }
}

/**
 * Opens a private key that Coffret can use.
 * @throws {CoffretError} as {@link readPrivateKey}, and `unsupported` for another kind or size
 */
export function openPrivateKey(
  stored: StoredKey,
  password: string,
  work = new WorkBudget(),
): OpenedKey {
  const read = readPrivateKey(stored, password, work)
  if ('key' in read) return read
  throw new CoffretError('unsupported', `private key of type ${read.otherType}`)
}

/** What is signed. It says what it is, so that a signature is of no use elsewhere. */
const proof = Buffer.from('Coffret: this private key belongs to this certificate')

/**
 * Whether what the key signs, the certificate verifies. Comparing public numbers is not enough: a
 * damaged or forged key file carries the right public half beside a wrong private one.
 */
export function provesCertificate(key: KeyObject, certificate: Certificate): boolean {
  const digest = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  try {
    return verify(digest, proof, certificate.x509.publicKey, sign(digest, proof, key))
  } catch {
    return false
  }
}
