import { type KeyObject, createPublicKey, verify } from 'node:crypto'
import { CoffretError } from '../contract/errors'
import { type DerElement, DerReader, constructed, derTag, oidText } from './der'
import { stringText } from './distinguished-name'
import { findPemBlocks } from './pem'
import { publicKeyKind } from './key-kind'

/** What a certificate signing request is read for. The rest of it is not looked at. */
export interface CertificateRequest {
  /** SubjectPublicKeyInfo, proved by the signature. */
  readonly publicKeyDer: Uint8Array
  /** The most specific one; any text, also one that no certificate may hold. */
  readonly commonName: string | undefined
}

/** A request with an RSA key of 8,192 bits and many names has 4 KiB. */
const maxBytes = 64 * 1024
const pemLabels = ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST']
const commonNameId = '2.5.4.3'

/** The digest of each way to sign. Source: RFC 5758 §3.2, RFC 8017 appendix A.2.4, RFC 8410 §3. */
const digests: Readonly<Record<string, string | null>> = {
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.3.101.112': null,
}

/** Exponents that every runtime takes: BoringSSL refuses more than 33 bits; 1 would sign anything. */
const leastExponent = 3n
const mostExponent = (1n << 33n) - 1n

function refuse(message: string, cause?: unknown): never {
  throw new CoffretError('invalid', message, { field: 'csr', cause })
}

/** The DER, from DER or from a PEM file with one request in it. */
function requestDer(bytes: Uint8Array): Uint8Array {
  if (bytes.length > maxBytes) {
    refuse(`certificate request of ${bytes.length} bytes, expected at most ${maxBytes}`)
  }
  if (bytes[0] === derTag.sequence) return bytes
  const [only, ...others] = findPemBlocks(bytes).filter(({ label }) => pemLabels.includes(label))
  if (others.length > 0) refuse('several certificate requests, expected one')
  return only?.der ?? refuse('no certificate request: neither PEM nor DER of PKCS#10')
}

function readCommonName(subject: DerElement): string | undefined {
  const attributes = new DerReader(subject.content)
    .remaining()
    .flatMap((part) => new DerReader(part.content).remaining())
  const texts = attributes.flatMap((attribute) => {
    const reader = new DerReader(attribute.content)
    const type = oidText(reader.next(derTag.oid))
    return type === commonNameId ? [stringText(reader.next())] : []
  })
  return texts.at(-1)
}

/** The fields of a CertificationRequest. Source: RFC 2986 §4. */
function readFields(der: Uint8Array) {
  const outer = new DerReader(der)
  const request = outer.enter(derTag.sequence)
  outer.end()
  const signed = request.next(derTag.sequence)
  const algorithmFields = request.enter(derTag.sequence)
  const algorithm = oidText(algorithmFields.next(derTag.oid))
  // That of one that is not taken may have any parameters, as RSA-PSS: it is named then.
  if (Object.hasOwn(digests, algorithm)) {
    algorithmFields.optional(derTag.null)
    algorithmFields.end()
  }
  const [unusedBits, ...signature] = request.next(derTag.bitString).content
  if (unusedBits !== 0) refuse('signature of the certificate request is no whole bytes')
  request.end()

  const fields = new DerReader(signed.content)
  fields.next(derTag.integer)
  const subject = fields.next(derTag.sequence)
  const publicKeyDer = fields.next(derTag.sequence).whole
  fields.optional(constructed(0))
  fields.end()
  const commonName = readCommonName(subject)
  const { type, isSupported } = publicKeyKind(publicKeyDer)
  return {
    ...{ signed: signed.whole, algorithm, signature: Uint8Array.from(signature) },
    ...{ publicKeyDer, commonName, type, isSupported },
  }
}

type Fields = ReturnType<typeof readFields>

function parsed<T>(parse: () => T, message: string): T {
  try {
    return parse()
  } catch (cause) {
    return refuse(message, cause)
  }
}

function readKey({ publicKeyDer, type, isSupported }: Fields): KeyObject {
  if (!isSupported) {
    refuse(
      `certificate request for a key of type ${type}, ` +
        'expected RSA 2048 to 8192, EC P-256, P-384, P-521 or Ed25519',
    )
  }
  const key = parsed(
    () => createPublicKey({ key: Buffer.from(publicKeyDer), format: 'der', type: 'spki' }),
    'public key of the certificate request is damaged',
  )
  const exponent = key.asymmetricKeyDetails?.publicExponent ?? leastExponent
  if (exponent < leastExponent || exponent > mostExponent || exponent % 2n === 0n) {
    refuse('public key of the certificate request has an unsafe exponent')
  }
  return key
}

function isProved({ signed, algorithm, signature }: Fields, key: KeyObject): boolean {
  const digest = digests[algorithm]
  if (digest === undefined) {
    refuse(`certificate request signed with ${algorithm}, expected SHA-256, 384, 512 or Ed25519`)
  }
  try {
    return verify(digest, signed, key, signature)
  } catch {
    return false
  }
}

/**
 * Reads a certificate signing request (PKCS#10) and checks that whoever made it has the key.
 * @param bytes PEM or DER, at most 64 KiB
 * @throws {CoffretError} `invalid` when it is none, is larger, its key is of a kind or size that we
 * do not take, or its signature is not by that key
 */
export function readCertificateRequest(bytes: Uint8Array): CertificateRequest {
  const der = requestDer(bytes)
  const fields = parsed(() => readFields(der), 'not a certificate request in PKCS#10')
  const key = readKey(fields)
  if (!isProved(fields, key)) {
    refuse('signature of the certificate request does not verify with its own key')
  }
  const { publicKeyDer, commonName } = fields
  return { publicKeyDer: Uint8Array.from(publicKeyDer), commonName }
}
