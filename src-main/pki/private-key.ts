import { type KeyObject, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { CoffretError } from '../contract/errors'
import type { Certificate } from './certificate-info'
import { DerReader, derTag } from './der'
import { decryptPkcs8, decryptTraditional } from './encrypted-key'
import type { Password } from './key-derivation'
import { fingerprint, publicKeyKind } from './public-key'
import { WorkBudget } from './work-budget'

/** How a file holds a private key. `other`: it says that it is one, in a form that we do not read. */
export type KeyForm = 'pkcs1' | 'sec1' | 'pkcs8' | 'encrypted-pkcs8' | 'traditional' | 'other'

/** A private key as it was found. */
export interface StoredKey {
  readonly form: KeyForm
  readonly der: Uint8Array
  /** The header of a `traditional` one. */
  readonly dekInfo?: string
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
    if (second.tag === derTag.integer) return 'pkcs1'
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

/** The key in a form that Node reads, to be wiped by the caller when it was decrypted. */
function plainDer({ form, der, dekInfo }: StoredKey, password: Password, work: WorkBudget) {
  if (form === 'encrypted-pkcs8') {
    return { der: decryptPkcs8(der, password, work), type: 'pkcs8' as const }
  }
  if (form === 'traditional') {
    const plain = decryptTraditional(der, dekInfo ?? '', password)
    const type = keyForm(plain)
    if (type === undefined || type === 'encrypted-pkcs8') {
      throw new CoffretError('wrong_password', 'the password does not open the key')
    }
    return { der: plain, type }
  }
  if (form === 'other') throw new CoffretError('unsupported', 'private key in an unknown form')
  return { der, type: form }
}

function readKey(stored: StoredKey, password: string, work: WorkBudget): KeyObject {
  const own = stored.password
  const { der, type } = plainDer(stored, own === undefined ? password : own, work)
  try {
    return createPrivateKey({
      key: Buffer.from(der.buffer, der.byteOffset, der.length),
      format: 'der',
      type,
    })
  } catch (cause) {
    // Wrong passwords leave good padding once in 256 times; what comes out is then no key.
    if (isEncrypted(stored) && keyForm(der) === undefined) {
      throw new CoffretError('wrong_password', 'the password does not open the key', { cause })
    }
    throw new CoffretError('unsupported', 'private key is damaged or of another kind', { cause })
  } finally {
    if (isEncrypted(stored)) der.fill(0)
  }
}

/**
 * Opens a private key.
 * @param password ignored when the key is not encrypted, or came with its own
 * @param work what the key may still ask for
 * @throws {CoffretError} `wrong_password`; `unsupported` for a kind, size, form or cost we do not
 * take, or a damaged key
 */
export function openPrivateKey(
  stored: StoredKey,
  password: string,
  work = new WorkBudget(),
): OpenedKey {
  try {
    const key = readKey(stored, password, work)
    const publicKeyDer = createPublicKey(key).export({ format: 'der', type: 'spki' })
    const { type, isSupported } = publicKeyKind(publicKeyDer)
    if (!isSupported) throw new CoffretError('unsupported', `private key of type ${type}`)
    return { key, type, publicKeyFingerprint: fingerprint(publicKeyDer) }
  } catch (cause) {
    if (cause instanceof CoffretError && cause.code !== 'invalid') throw cause
    throw new CoffretError('unsupported', 'private key is damaged', { cause })
  }
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
