import type { CredentialReport } from '../contract/calls'
import { type Certificate, parseCertificate } from './certificate-info'
import { DerReader, derTag } from './der'
import { type PemBlock, findPemBlocks, maxPemBlocks } from './pem'
import { type StoredKey, isEncrypted, keyForm } from './private-key'

/** A file as it was dropped or chosen. */
export interface CredentialFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** What one file holds. */
interface Contents {
  readonly certificates: readonly Certificate[]
  readonly keys: readonly StoredKey[]
  readonly isDamaged: boolean
}

/** What a set of files holds, each certificate and key once. */
export interface Credentials {
  readonly files: CredentialReport['files']
  readonly certificates: readonly Certificate[]
  readonly keys: readonly StoredKey[]
}

type FileReport = CredentialReport['files'][number]

/** The largest file that is looked into, in bytes. */
const maxFileBytes = 1_048_576

/** Recognized by content: the label counts only for what its content does not tell. */
function readBlock(der: Uint8Array | undefined, label: string, dekInfo?: string): Contents {
  const nothing: Contents = { certificates: [], keys: [], isDamaged: false }
  const saysKey = label.endsWith('PRIVATE KEY')
  const saysCertificate = label.endsWith('CERTIFICATE')
  if (der === undefined) return { ...nothing, isDamaged: saysKey || saysCertificate }
  if (saysKey && dekInfo !== undefined) {
    return { ...nothing, keys: [{ form: 'traditional', der, dekInfo }] }
  }
  const form = keyForm(der)
  if (form) return { ...nothing, keys: [{ form, der }] }
  if (saysKey) return { ...nothing, keys: [{ form: 'other', der }] }
  try {
    // OpenSSL writes its trust settings behind a TRUSTED CERTIFICATE.
    const exact = label.startsWith('TRUSTED') ? new DerReader(der).next(derTag.sequence).whole : der
    return { ...nothing, certificates: [parseCertificate(exact)] }
  } catch {
    return { ...nothing, isDamaged: saysCertificate }
  }
}

function readContents(blocks: readonly PemBlock[], bytes: Uint8Array): Contents {
  const parts =
    blocks.length > 0
      ? blocks.map(({ der, label, dekInfo }) => readBlock(der, label, dekInfo))
      : [readBlock(bytes, '')]
  return {
    certificates: parts.flatMap(({ certificates }) => certificates),
    keys: parts.flatMap(({ keys }) => keys),
    isDamaged: parts.some(({ isDamaged }) => isDamaged),
  }
}

function problemOf({ certificates, keys, isDamaged }: Contents): FileReport['problem'] {
  if (isDamaged) return 'damaged'
  return certificates.length + keys.length === 0 ? 'not-a-credential' : undefined
}

function report(name: string, contents: Contents): FileReport {
  const problem = problemOf(contents)
  const found = [
    ...contents.certificates.map(() => 'certificate' as const),
    ...contents.keys.map((key) => (isEncrypted(key) ? 'encrypted-private-key' : 'private-key')),
  ] as const
  return { name, found: [...new Set(found)], ...(problem && { problem }) }
}

/** Each once: people drop the chain together with files that are already in it. */
function distinct<T extends { readonly der: Uint8Array }>(all: readonly T[]): T[] {
  const byContent = new Map(all.map((one) => [Buffer.from(one.der).toString('base64'), one]))
  return [...byContent.values()]
}

/**
 * Looks into files. It never throws: what is wrong with a file stands in its report. A file of more
 * than 1 MiB, or with which the set would hold more than {@link maxPemBlocks} blocks, is left out
 * as too large.
 */
export function readCredentialFiles(files: readonly CredentialFile[]): Credentials {
  const contents: Contents[] = []
  let blockCount = 0
  const reports = files.map(({ name, bytes }): FileReport => {
    if (bytes.length === 0) return { name, found: [], problem: 'empty' }
    if (bytes.length > maxFileBytes) return { name, found: [], problem: 'too-large' }
    const blocks = findPemBlocks(bytes)
    if (blockCount + blocks.length > maxPemBlocks) return { name, found: [], problem: 'too-large' }
    blockCount += blocks.length
    const content = readContents(blocks, bytes)
    contents.push(content)
    return report(name, content)
  })
  return {
    files: reports,
    certificates: distinct(contents.flatMap(({ certificates }) => certificates)),
    keys: distinct(contents.flatMap(({ keys }) => keys)),
  }
}
