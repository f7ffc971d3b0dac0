import { webcrypto } from 'node:crypto'
import type * as x509 from '@peculiar/x509'
import type { EpochMs } from '../contract/model'
import type { RandomBytes } from '../env'

/** The library that puts certificates together. It is known by the files of the authority only. */
export type X509Library = typeof x509

/** A key that signs, in the form that the library takes. It cannot be read out. */
export type SigningKey = webcrypto.CryptoKey

/** How every authority of ours signs. */
export const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Its type comes from the DOM, where there is one; it is the same thing. */
type LibraryCrypto = NonNullable<Parameters<X509Library['X509CrlGenerator']['create']>[1]>

/** Loads the library when it is first needed: it costs a fifth of a second. */
export async function loadLibrary(): Promise<X509Library> {
  // It looks for this in the global `Reflect` while it is loaded, so this one comes first.
  await import('reflect-metadata')
  const library = await import('@peculiar/x509')
  // Its own choice is the global of browsers, which Electron 25 does not have in its main process.
  library.cryptoProvider.set(webcrypto as LibraryCrypto)
  return library
}

/** @param pkcs8 an EC P-256 key; it stays the caller's to wipe */
export function importSigningKey(pkcs8: Uint8Array): Promise<SigningKey> {
  return webcrypto.subtle.importKey('pkcs8', pkcs8, signingAlgorithm, false, ['sign'])
}

/**
 * A serial number: 16 bytes that are a positive INTEGER of exactly this length, and as a text a
 * UUID of version 4, because OKMS uses the number of a certificate as the id of the credential.
 * @returns 32 hexadecimal digits in upper case, as in `CertificateInfo.serialNumber`
 */
export function newSerialNumber(random: RandomBytes): string {
  const bytes = Buffer.from(random(16))
  const keep = (place: number, mask: number, set: number): void => {
    bytes[place] = ((bytes[place] ?? 0) & mask) | set
  }
  keep(0, 0x3f, 0x40)
  keep(6, 0x0f, 0x40)
  keep(8, 0x3f, 0x80)
  return bytes.toString('hex').toUpperCase()
}

/** One certificate to be signed. */
export interface CertificateToWrite {
  readonly serialNumber: string
  /** Its attributes, the least specific first: the name or object identifier and the text of each. */
  readonly subject: readonly (readonly [type: string, text: string])[]
  /** Whole seconds are used. */
  readonly validFrom: EpochMs
  readonly validTo: EpochMs
  /** SubjectPublicKeyInfo. */
  readonly publicKeyDer: Uint8Array
  /** Those besides the identifiers of both keys. */
  extensions(library: X509Library): x509.Extension[]
}

/** Who signs. */
export interface Signer {
  /** Its name in DER; undefined when it signs its own certificate. */
  readonly subjectDer: Uint8Array | undefined
  readonly publicKeyDer: Uint8Array
  readonly signingKey: SigningKey
}

/** Certificates count in seconds; a fraction would be written in a form that RFC 5280 forbids. */
export const wholeSecond = (time: EpochMs): Date => new Date(Math.floor(time / 1000) * 1000)

/** Writes a certificate: its DER. Source: RFC 5280 §4.1; key identifiers of §4.2.1.1 and §4.2.1.2. */
export async function writeCertificate(
  signer: Signer,
  certificate: CertificateToWrite,
): Promise<Uint8Array> {
  const library = await loadLibrary()
  const { serialNumber, subject, validFrom, validTo } = certificate
  const publicKey = Uint8Array.from(certificate.publicKeyDer)
  const signerKey = Uint8Array.from(signer.publicKeyDer)
  // UTF8String for all: the library would take a string type by what is in the text.
  const subjectName = new library.Name(
    subject.map(([type, text]) => ({ [type]: [{ utf8String: text }] })),
  )
  const written = await library.X509CertificateGenerator.create({
    serialNumber,
    subject: subjectName,
    issuer: signer.subjectDer ? new library.Name(Uint8Array.from(signer.subjectDer)) : subjectName,
    notBefore: wholeSecond(validFrom),
    notAfter: wholeSecond(validTo),
    publicKey,
    signingKey: signer.signingKey,
    signingAlgorithm,
    extensions: [
      ...certificate.extensions(library),
      await library.SubjectKeyIdentifierExtension.create(publicKey),
      await library.AuthorityKeyIdentifierExtension.create(signerKey),
    ],
  })
  return new Uint8Array(written.rawData)
}
