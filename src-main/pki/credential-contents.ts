import type { CredentialReport } from '../contract/calls'
import { CoffretError } from '../contract/errors'
import { type Certificate, parseCertificate } from './certificate-info'
import { DerReader, derTag } from './der'
import { type OtherContents, otherContents } from './other-contents'
import type { PemBlock } from './pem'
import { isPkcs12, readPkcs12 } from './pkcs12-reader'
import { certificatesOfPkcs7 } from './pkcs7'
import { type StoredKey, keyForm } from './private-key'
import type { WorkBudget } from './work-budget'

/** What is said of a file. */
export type FileReport = CredentialReport['files'][number]
type Found = FileReport['found'][number]
type Problem = NonNullable<FileReport['problem']>

/** What one file, or one block of it, holds. */
export interface Contents {
  readonly certificates: readonly Certificate[]
  readonly keys: readonly StoredKey[]
  /** What holds them, where that is worth a word. */
  readonly containers: readonly Found[]
  readonly problems: readonly Problem[]
  /** What else there is: worth a word when there is nothing better. */
  readonly others: readonly OtherContents[]
  readonly friendlyName?: string | undefined
  readonly entries?: readonly FileReport[]
  /** A PKCS#12 file that the password does not open. */
  readonly isClosed?: boolean
}

/** With what files are opened. */
export interface Opening {
  /** Undefined or empty when none was given. */
  readonly password: string | undefined
  readonly work: WorkBudget
}

/** Of what holds nothing. */
export const nothing: Contents = {
  ...{ certificates: [], keys: [], containers: [] },
  ...{ problems: [], others: [] },
}
const damaged: Contents = { ...nothing, problems: ['damaged'] }

/** A certificate in a bag is DER and nothing else; one that is none damages the file, not the rest. */
function certificatesOf(ders: readonly Uint8Array[]): Contents {
  const all = ders.map((der) => readCertificate(der) ?? damaged)
  return merged(all)
}

function readCertificate(der: Uint8Array): Contents | undefined {
  try {
    return { ...nothing, certificates: [parseCertificate(der)] }
  } catch {
    return undefined
  }
}

function readContainer(der: Uint8Array, { password, work }: Opening): Contents {
  const container: Contents = { ...nothing, containers: ['pkcs12'] }
  try {
    const { certificates, keys, friendlyName } = readPkcs12(der, password, work)
    return { ...merged([container, certificatesOf(certificates)]), keys, friendlyName }
  } catch (error) {
    if (!(error instanceof CoffretError)) throw error
    if (error.code === 'wrong_password') return { ...container, isClosed: true }
    return { ...container, problems: [error.code === 'unsupported' ? 'unsupported' : 'damaged'] }
  }
}

/** Keys in forms of their own, which no content tells: Coffret says what they are. */
const otherKeys: Readonly<Record<string, string>> = {
  'OPENSSH PRIVATE KEY': 'OpenSSH',
  'DSA PRIVATE KEY': 'DSA',
}

/** A key in a block that says that it is one. */
function labelledKey(der: Uint8Array, { label, dekInfo }: Omit<PemBlock, 'der'>): StoredKey {
  const type = otherKeys[label]
  if (type !== undefined) return { form: 'other', der, type }
  return dekInfo === undefined
    ? { form: keyForm(der) ?? 'other', der }
    : { form: 'traditional', der, dekInfo }
}

/** A DER file whose first length is not that of the file: cut, or with something behind it. */
function isCut([tag, size = 0, ...rest]: readonly number[], length: number): boolean {
  if (tag !== derTag.sequence || size < 0x81 || size > 0x84) return false
  const digits = rest.slice(0, size - 0x80)
  return digits.reduce((sum, byte) => sum * 256 + byte, 0) !== length - 2 - digits.length
}

/** What is in DER, whatever it is. */
function readDer(der: Uint8Array, opening: Opening): Contents {
  const form = keyForm(der)
  if (form) return { ...nothing, keys: [{ form, der }] }
  if (isPkcs12(der)) return readContainer(der, opening)
  const certificate = readCertificate(der)
  if (certificate) return certificate
  const list = certificatesOfPkcs7(der)
  if (list) return certificatesOf(list)
  if (isCut([...der.subarray(0, 6)], der.length)) return damaged
  const other = otherContents(der)
  return { ...nothing, others: other === undefined ? [] : [other] }
}

/** Recognized by content: the label counts only for what its content does not tell. */
function readBlock({ der, ...header }: PemBlock, opening: Opening): Contents {
  const { label } = header
  const saysKey = label.endsWith('PRIVATE KEY')
  const saysCertificate = label.endsWith('CERTIFICATE')
  if (der === undefined) return saysKey || saysCertificate ? damaged : nothing
  if (saysKey) return { ...nothing, keys: [labelledKey(der, header)] }
  const contents = readDer(withoutTrust(der, label), opening)
  const { certificates, keys, containers } = contents
  const isFound = certificates.length + keys.length + containers.length > 0
  return saysCertificate && !isFound ? damaged : contents
}

/** What a file holds that is no archive. @param blocks what stands in it as PEM */
export function readContents(
  bytes: Uint8Array,
  blocks: readonly PemBlock[],
  opening: Opening,
): Contents {
  if (blocks.length === 0) return readDer(bytes, opening)
  return merged(blocks.map((block) => readBlock(block, opening)))
}

/** OpenSSL writes its trust settings behind a TRUSTED CERTIFICATE. */
function withoutTrust(der: Uint8Array, label: string): Uint8Array {
  if (!label.startsWith('TRUSTED')) return der
  try {
    return new DerReader(der).next(derTag.sequence).whole
  } catch {
    return der
  }
}

/** Of several parts, all that they hold. */
export function merged(parts: readonly Contents[]): Contents {
  return {
    certificates: parts.flatMap(({ certificates }) => certificates),
    keys: parts.flatMap(({ keys }) => keys),
    containers: parts.flatMap(({ containers }) => containers),
    problems: parts.flatMap(({ problems }) => problems),
    others: parts.flatMap(({ others }) => others),
    friendlyName: parts.find(({ friendlyName }) => friendlyName)?.friendlyName,
    isClosed: parts.some(({ isClosed }) => isClosed),
  }
}
