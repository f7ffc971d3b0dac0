import { X509Certificate } from 'node:crypto'
import type { CertificateInfo } from '../contract/calls'
import { CoffretError } from '../contract/errors'
import { EpochMs } from '../contract/model'
import { type DerElement, DerReader, constructed, derTag, derTime, oidText, primitive } from './der'
import { distinguishedName } from './distinguished-name'
import { fingerprint } from './fingerprint'
import { publicKeyKind } from './key-kind'
import { readSubjectAltNames } from './subject-alt-names'

/** A certificate that both Node's own parser and ours have read. */
export interface Certificate {
  readonly der: Uint8Array
  readonly x509: X509Certificate
  readonly info: CertificateInfo
  /** The names as bytes, for comparing. */
  readonly subjectDer: Uint8Array
  readonly issuerDer: Uint8Array
  /** SubjectPublicKeyInfo. */
  readonly publicKeyDer: Uint8Array
  readonly hasSupportedKey: boolean
}

const extensionId = {
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
}
const anyExtendedKeyUsage = '2.5.29.37.0'
const clientAuthentication = '1.3.6.1.5.5.7.3.2'

/** Values by object identifier. RFC 5280 §4.2 forbids the same extension twice. */
function readExtensions(field: DerElement | undefined): Map<string, Uint8Array> {
  const values = new Map<string, Uint8Array>()
  if (!field) return values
  for (const extension of new DerReader(field.content).enter(derTag.sequence).remaining()) {
    const reader = new DerReader(extension.content)
    const id = oidText(reader.next(derTag.oid))
    reader.optional(derTag.boolean)
    if (values.has(id)) throw new CoffretError('invalid', `certificate has extension ${id} twice`)
    values.set(id, reader.next(derTag.octetString).content)
  }
  return values
}

/** Names of extended key usages. Source: RFC 5280 §4.2.1.12, and those of Microsoft that are met. */
const usageNames: Readonly<Record<string, string>> = {
  [anyExtendedKeyUsage]: 'anyExtendedKeyUsage',
  [clientAuthentication]: 'clientAuth',
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
  '1.3.6.1.4.1.311.20.2.2': 'smartcardLogon',
}

/** The object identifiers of the extension; undefined without it, when any use is allowed. */
function usagesOf(extendedKeyUsage: Uint8Array | undefined): string[] | undefined {
  if (!extendedKeyUsage) return undefined
  return new DerReader(extendedKeyUsage).enter(derTag.sequence).remaining().map(oidText)
}

/** Whether it may identify a client. Source: RFC 5280 §4.2.1.12. */
function isForClients(usages: readonly string[] | undefined): boolean {
  return usages?.some((use) => use === clientAuthentication || use === anyExtendedKeyUsage) ?? true
}

/**
 * Whether its key may sign a handshake, as TLS wants it of a client: OpenSSL refuses it otherwise.
 * Source: RFC 5280 §4.2.1.3, RFC 8446 §4.4.2.2.
 */
function maySign(keyUsage: Uint8Array | undefined): boolean {
  if (!keyUsage) return true
  // The first byte counts unused bits; the first bit is digitalSignature.
  const [, bits = 0] = new DerReader(keyUsage).next(derTag.bitString).content
  return (bits & 0x80) !== 0
}

function isAuthority(basicConstraints: Uint8Array | undefined): boolean {
  if (!basicConstraints) return false
  const flag = new DerReader(basicConstraints).enter(derTag.sequence).optional(derTag.boolean)
  return flag !== undefined && flag.content[0] !== 0
}

/** The fields of a TBSCertificate. Source: RFC 5280 §4.1. */
function readFields(der: Uint8Array) {
  const outer = new DerReader(der)
  const certificate = outer.enter(derTag.sequence)
  outer.end()
  const fields = certificate.enter(derTag.sequence)
  certificate.next(derTag.sequence)
  certificate.next(derTag.bitString)
  certificate.end()

  fields.optional(constructed(0))
  const serialNumber = fields.next(derTag.integer)
  fields.next(derTag.sequence)
  const issuer = fields.next(derTag.sequence)
  const validity = fields.enter(derTag.sequence)
  const validFrom = derTime(validity.next())
  const validTo = derTime(validity.next())
  validity.end()
  const subject = fields.next(derTag.sequence)
  const publicKey = fields.next(derTag.sequence)
  fields.optional(primitive(1))
  fields.optional(primitive(2))
  const extensions = readExtensions(fields.optional(constructed(3)))
  fields.end()
  return { serialNumber, issuer, validFrom, validTo, subject, publicKey, extensions }
}

/** A leading zero byte only keeps the number positive. */
function serialText({ content }: DerElement): string {
  const hex = Buffer.from(content).toString('hex').toUpperCase()
  return hex.length > 2 && hex.startsWith('00') ? hex.slice(2) : hex
}

function parse(der: Uint8Array): Certificate {
  const x509 = new X509Certificate(der)
  const fields = readFields(der)
  const { extensions } = fields
  const key = publicKeyKind(fields.publicKey.whole)
  const alternative = extensions.get(extensionId.subjectAltName)
  const usages = usagesOf(extensions.get(extensionId.extendedKeyUsage))
  const altNames = alternative ? readSubjectAltNames(alternative) : undefined
  const info: CertificateInfo = {
    subject: distinguishedName(fields.subject),
    issuer: distinguishedName(fields.issuer),
    serialNumber: serialText(fields.serialNumber),
    validFrom: EpochMs.parse(fields.validFrom),
    validTo: EpochMs.parse(fields.validTo),
    keyType: key.type,
    sha256Fingerprint: fingerprint(der),
    sha1Fingerprint: fingerprint(der, 'sha1'),
    subjectAltNames: altNames?.names ?? [],
    ...(altNames?.okmsDomainId !== undefined && { okmsDomainId: altNames.okmsDomainId }),
    extendedKeyUsages: usages?.map((use) => usageNames[use] ?? use) ?? [],
    clientAuth: isForClients(usages) && maySign(extensions.get(extensionId.keyUsage)),
    isCa: isAuthority(extensions.get(extensionId.basicConstraints)),
  }
  return {
    der,
    x509,
    info,
    subjectDer: fields.subject.whole,
    issuerDer: fields.issuer.whole,
    publicKeyDer: fields.publicKey.whole,
    hasSupportedKey: key.isSupported,
  }
}

/**
 * Reads one certificate. Node's parser is asked first; ours then reads the fields, because Node's
 * texts differ between the runtimes.
 * @param der one certificate and nothing after it
 * @throws {CoffretError} `invalid` when either refuses
 */
export function parseCertificate(der: Uint8Array): Certificate {
  try {
    return parse(der)
  } catch (cause) {
    throw new CoffretError('invalid', 'not an X.509 certificate in DER', { cause })
  }
}
