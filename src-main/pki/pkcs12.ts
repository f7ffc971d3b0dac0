import { type KeyObject, createCipheriv, createHash, createHmac, pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import type { Pkcs12Profile } from '../contract/calls'
import type { RandomBytes } from '../env'
import * as der from './der-writer'
import { derivePkcs12, digestLength, purpose } from './pkcs12-kdf'

/** What goes into the file. The password is not empty; the caller has checked it. */
export interface Pkcs12Contents {
  readonly key: KeyObject
  /** In DER, the certificate of the key first. */
  readonly certificates: readonly Uint8Array[]
  /** Empty for none. */
  readonly friendlyName: string
  readonly password: string
}

/** Object identifiers of what a PKCS#12 file is made of. */
export const pkcs12Id = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  safeContentsBag: '1.2.840.113549.1.12.10.1.6',
  tripleDesWithSha1: '1.2.840.113549.1.12.1.3',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  hmacWithSha256: '1.2.840.113549.2.9',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const
const id = pkcs12Id

const saltLength = 16
const deriveWithPbkdf2 = promisify(pbkdf2)

/** An AlgorithmIdentifier and what it made of the bytes. */
interface Encrypted {
  readonly algorithm: Uint8Array
  readonly bytes: Uint8Array
}

/** How a profile protects. The MAC costs an attacker as much as the encryption does. */
interface Protection {
  readonly iterations: number
  readonly macDigest: 'sha1' | 'sha256'
  encrypt(plain: Uint8Array, password: string, random: RandomBytes): Promise<Encrypted>
}

const algorithm = (name: string, parameters: Uint8Array): Uint8Array =>
  der.sequence(der.oid(name), parameters)

function encipher(name: string, key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv(name, key, iv)
  return Buffer.concat([cipher.update(plain), cipher.final()])
}

/** Source: RFC 8018 §6.2 and appendix A.2 to A.4; the password as UTF-8. */
const modern: Protection = {
  // .NET refuses a file whose three derivations pass 600,000 together.
  iterations: 150_000,
  macDigest: 'sha256',
  async encrypt(plain, password, random) {
    const salt = random(saltLength)
    const iv = random(16)
    const key = await deriveWithPbkdf2(password, salt, this.iterations, 32, 'sha256')
    const derivation = algorithm(
      id.pbkdf2,
      der.sequence(
        der.octets(salt),
        der.integer(this.iterations),
        algorithm(id.hmacWithSha256, der.nothing()),
      ),
    )
    const cipher = algorithm(id.aes256Cbc, der.octets(iv))
    return {
      algorithm: algorithm(id.pbes2, der.sequence(derivation, cipher)),
      bytes: encipher('aes-256-cbc', key, iv, plain),
    }
  },
}

/** Source: RFC 7292 appendix C, pbeWithSHAAnd3-KeyTripleDES-CBC. */
const compatible: Protection = {
  // What the JDK wrote by default for years, so the systems that need this profile take it.
  iterations: 50_000,
  macDigest: 'sha1',
  async encrypt(plain, password, random) {
    const salt = random(saltLength)
    const { iterations } = this
    const common = { password, salt, iterations, digest: 'sha1' } as const
    const key = await derivePkcs12({ ...common, purpose: purpose.key, length: 24 })
    const iv = await derivePkcs12({ ...common, purpose: purpose.iv, length: 8 })
    return {
      algorithm: algorithm(
        id.tripleDesWithSha1,
        der.sequence(der.octets(salt), der.integer(iterations)),
      ),
      bytes: encipher('des-ede3-cbc', key, iv, plain),
    }
  },
}

const protections: Readonly<Record<Pkcs12Profile, Protection>> = { modern, compatible }

const attribute = (name: string, value: Uint8Array): Uint8Array =>
  der.sequence(der.oid(name), der.setOf(value))

/** Source: RFC 7292 §4.2. */
function safeBag(type: string, value: Uint8Array, attributes: readonly Uint8Array[]): Uint8Array {
  const parts = [der.oid(type), der.explicit(0, value)]
  return der.sequence(...parts, ...(attributes.length > 0 ? [der.setOf(...attributes)] : []))
}

function certificateBag(certificate: Uint8Array, attributes: readonly Uint8Array[]): Uint8Array {
  const value = der.sequence(der.oid(id.x509Certificate), der.explicit(0, der.octets(certificate)))
  return safeBag(id.certificateBag, value, attributes)
}

const dataContent = (bytes: Uint8Array): Uint8Array =>
  der.sequence(der.oid(id.data), der.explicit(0, der.octets(bytes)))

/** Source: RFC 5652 §8. */
function encryptedContent({ algorithm, bytes }: Encrypted): Uint8Array {
  const content = der.sequence(der.oid(id.data), algorithm, der.implicitOctets(0, bytes))
  return der.sequence(
    der.oid(id.encryptedData),
    der.explicit(0, der.sequence(der.integer(0), content)),
  )
}

/** Source: RFC 7292 §4 and appendix A. */
async function macData(
  contents: Uint8Array,
  { macDigest, iterations }: Protection,
  password: string,
  salt: Uint8Array,
): Promise<Uint8Array> {
  const length = digestLength[macDigest]
  const macPurpose = purpose.mac
  const request = { password, salt, iterations, purpose: macPurpose, digest: macDigest, length }
  const key = await derivePkcs12(request)
  const mac = createHmac(macDigest, key).update(contents).digest()
  const digestInfo = der.sequence(algorithm(id[macDigest], der.nothing()), der.octets(mac))
  return der.sequence(digestInfo, der.octets(salt), der.integer(iterations))
}

/**
 * Encrypts a private key: an EncryptedPrivateKeyInfo. The key leaves Node unencrypted for a moment,
 * since BoringSSL cannot export it encrypted; that buffer is overwritten.
 * Source: RFC 5958 §3.
 */
export async function encryptKey(
  key: KeyObject,
  password: string,
  profile: Pkcs12Profile,
  random: RandomBytes,
): Promise<Uint8Array> {
  const plain = key.export({ format: 'der', type: 'pkcs8' })
  const encrypted = await protections[profile]
    .encrypt(plain, password, random)
    .finally(() => plain.fill(0))
  return der.sequence(encrypted.algorithm, der.octets(encrypted.bytes))
}

/**
 * Writes a PKCS#12 file: the certificates encrypted, the key in a shrouded bag of its own, both
 * joined by the same local key id (SHA-1 of the certificate, as everyone does it), a MAC over all.
 * Source: RFC 7292.
 */
export async function writePkcs12(
  contents: Pkcs12Contents,
  profile: Pkcs12Profile,
  random: RandomBytes,
): Promise<Uint8Array> {
  const { password, friendlyName } = contents
  const protection = protections[profile]
  const [leaf = new Uint8Array(), ...authorities] = contents.certificates
  const keyId = createHash('sha1').update(leaf).digest()
  const attributes = [
    ...(friendlyName === '' ? [] : [attribute(id.friendlyName, der.bmpString(friendlyName))]),
    attribute(id.localKeyId, der.octets(keyId)),
  ]
  const certificateBags = der.sequence(
    certificateBag(leaf, attributes),
    ...authorities.map((certificate) => certificateBag(certificate, [])),
  )
  const certificates = await protection.encrypt(certificateBags, password, random)
  const shroudedKey = await encryptKey(contents.key, password, profile, random)
  const keyBags = der.sequence(safeBag(id.shroudedKeyBag, shroudedKey, attributes))

  const safes = der.sequence(encryptedContent(certificates), dataContent(keyBags))
  const mac = await macData(safes, protection, password, random(saltLength))
  return der.sequence(der.integer(3), dataContent(safes), mac)
}
