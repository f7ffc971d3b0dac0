import { createHash } from 'node:crypto'
import { DerReader, derTag, oidText } from './der'

/** What a public key is, read from its DER so that both runtimes say the same. */
export interface PublicKeyKind {
  /** `RSA 2048`, `EC P-256`, `Ed25519`; an object identifier when it is none that we know. */
  readonly type: string
  /** Coffret can use it: RSA of 2,048 to 8,192 bits, EC P-256, P-384 and P-521, Ed25519. */
  readonly isSupported: boolean
}

const rsa = '1.2.840.113549.1.1.1'
const ec = '1.2.840.10045.2.1'
const ed25519 = '1.3.101.112'

const curves: Readonly<Record<string, string>> = {
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
}

function rsaBits(key: Uint8Array): number {
  const modulus = new DerReader(key).enter(derTag.sequence).next(derTag.integer).content
  const first = modulus.findIndex((byte) => byte !== 0)
  if (first < 0) return 0
  return (modulus.length - first) * 8 - Math.clz32(modulus[first] ?? 0) + 24
}

/**
 * What kind of key a SubjectPublicKeyInfo holds.
 * Source: RFC 5280 §4.1.2.7, RFC 3279, RFC 5480, RFC 8410.
 * @throws {CoffretError} `invalid` when it is none
 */
export function publicKeyKind(spki: Uint8Array): PublicKeyKind {
  const reader = new DerReader(spki).enter(derTag.sequence)
  const algorithm = reader.enter(derTag.sequence)
  const type = oidText(algorithm.next(derTag.oid))
  // The first byte of a bit string counts its unused bits.
  const key = reader.next(derTag.bitString).content.subarray(1)
  if (type === rsa) {
    const bits = rsaBits(key)
    return { type: `RSA ${bits}`, isSupported: bits >= 2048 && bits <= 8192 }
  }
  if (type === ed25519) return { type: 'Ed25519', isSupported: true }
  if (type !== ec) return { type, isSupported: false }
  const parameters = algorithm.next()
  const curve = parameters.tag === derTag.oid ? oidText(parameters) : 'explicit'
  return { type: `EC ${curves[curve] ?? curve}`, isSupported: curve in curves }
}

/**
 * A digest as people compare it: hexadecimal pairs in upper case, separated by colons.
 * @param digest SHA-1 only for comparing with programs that show no other
 */
export function fingerprint(bytes: Uint8Array, digest: 'sha256' | 'sha1' = 'sha256'): string {
  const hex = createHash(digest).update(bytes).digest('hex').toUpperCase()
  return hex.match(/../g)?.join(':') ?? ''
}
