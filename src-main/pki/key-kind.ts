import { type DerElement, DerReader, constructed, derTag, oidText, smallInteger } from './der'

/** What a key is, read from its DER so that both runtimes say the same. */
export interface KeyKind {
  /** `RSA 2048`, `EC P-256`, `Ed25519`, …; an object identifier when it is none that we know. */
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

/** Curves and kinds that are only called by their names. */
const otherCurves: Readonly<Record<string, string>> = {
  '1.2.840.10045.3.1.1': 'P-192',
  '1.3.132.0.33': 'P-224',
  '1.3.132.0.10': 'secp256k1',
  '1.3.36.3.3.2.8.1.1.7': 'brainpoolP256r1',
  '1.3.36.3.3.2.8.1.1.11': 'brainpoolP384r1',
  '1.3.36.3.3.2.8.1.1.13': 'brainpoolP512r1',
}
const otherKinds: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.10': 'RSA-PSS',
  '1.2.840.113549.1.3.1': 'DH',
  '1.2.840.10040.4.1': 'DSA',
  '1.3.101.110': 'X25519',
  '1.3.101.111': 'X448',
  '1.3.101.113': 'Ed448',
  '2.16.840.1.101.3.4.3.17': 'ML-DSA-44',
  '2.16.840.1.101.3.4.3.18': 'ML-DSA-65',
  '2.16.840.1.101.3.4.3.19': 'ML-DSA-87',
}

function rsaBits({ content: modulus }: DerElement): number {
  const first = modulus.findIndex((byte) => byte !== 0)
  if (first < 0) return 0
  return (modulus.length - first) * 8 - Math.clz32(modulus[first] ?? 0) + 24
}

function rsaKind(modulus: DerElement): KeyKind {
  const bits = rsaBits(modulus)
  return { type: `RSA ${bits}`, isSupported: bits >= 2048 && bits <= 8192 }
}

/** @param parameters a curve by its identifier, or written out */
function curveKind(parameters: DerElement): KeyKind {
  const curve = parameters.tag === derTag.oid ? oidText(parameters) : 'explicit'
  const name = curves[curve] ?? otherCurves[curve] ?? curve
  return { type: `EC ${name}`, isSupported: curve in curves }
}

/** @param ofRsa what an RSA key is */
function kindOf(algorithm: DerReader, ofRsa: () => KeyKind): KeyKind {
  const type = oidText(algorithm.next(derTag.oid))
  if (type === rsa) return ofRsa()
  if (type === ec) return curveKind(algorithm.next())
  if (type === ed25519) return { type: 'Ed25519', isSupported: true }
  return { type: otherKinds[type] ?? type, isSupported: false }
}

/**
 * What kind of key a SubjectPublicKeyInfo holds.
 * Source: RFC 5280 §4.1.2.7, RFC 3279, RFC 5480, RFC 8410.
 * @throws {CoffretError} `invalid` when it is none
 */
export function publicKeyKind(spki: Uint8Array): KeyKind {
  const reader = new DerReader(spki).enter(derTag.sequence)
  const algorithm = reader.enter(derTag.sequence)
  // The first byte of a bit string counts its unused bits.
  const key = reader.next(derTag.bitString).content.subarray(1)
  return kindOf(algorithm, () =>
    rsaKind(new DerReader(key).enter(derTag.sequence).next(derTag.integer)),
  )
}

/**
 * The modulus of an RSAPrivateKey stands behind its version, which is 1 for more primes than two: NSS,
 * BoringSSL and Windows read no such key. Source: RFC 8017 appendix A.1.2.
 */
function rsaPrivateKind(key: DerReader): KeyKind {
  const fields = key.enter(derTag.sequence)
  const version = smallInteger(fields.next(derTag.integer))
  const kind = rsaKind(fields.next(derTag.integer))
  return version === 0 ? kind : { type: `${kind.type}, multi-prime`, isSupported: false }
}

/**
 * What kind of key a private key in the clear is. Neither runtime is asked: each knows some kinds
 * that the other does not, and what is not known to it cannot be told from what is damaged.
 * Source: RFC 8017 appendix A.1.2, RFC 5915 §3, RFC 5958 §2.
 * @throws {CoffretError} `invalid` when it is none
 */
export function privateKeyKind(der: Uint8Array, form: 'pkcs1' | 'sec1' | 'pkcs8'): KeyKind {
  if (form === 'pkcs1') return rsaPrivateKind(new DerReader(der))
  const fields = new DerReader(der).enter(derTag.sequence)
  fields.next(derTag.integer)
  if (form === 'sec1') {
    fields.next(derTag.octetString)
    // Without its curve nobody knows what the number is of.
    return fields.nextTag === constructed(0)
      ? curveKind(fields.enter(constructed(0)).next())
      : { type: 'EC', isSupported: false }
  }
  const algorithm = fields.enter(derTag.sequence)
  return kindOf(algorithm, () =>
    rsaPrivateKind(new DerReader(fields.next(derTag.octetString).content)),
  )
}
