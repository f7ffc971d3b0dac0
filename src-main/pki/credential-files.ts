import type { CredentialReport } from '../contract/calls'
import { CoffretError } from '../contract/errors'
import { type Certificate, parseCertificate } from './certificate-info'
import { DerReader, derTag } from './der'
import { type PemBlock, findPemBlocks, maxPemBlocks } from './pem'
import { isPkcs12, readPkcs12 } from './pkcs12-reader'
import { type StoredKey, isEncrypted, keyForm } from './private-key'
import { WorkBudget } from './work-budget'
import { isZip, readZip } from './zip'

/** A file as it was dropped or chosen. */
export interface CredentialFile {
  readonly name: string
  readonly bytes: Uint8Array
}

type FileReport = CredentialReport['files'][number]
type Found = FileReport['found'][number]
type Problem = NonNullable<FileReport['problem']>

/** What one file, or one block of it, holds. */
interface Contents {
  readonly certificates: readonly Certificate[]
  readonly keys: readonly StoredKey[]
  /** What holds them, where that is worth a word. */
  readonly containers: readonly Found[]
  readonly problems: readonly Problem[]
  readonly friendlyName?: string | undefined
  readonly entries?: readonly FileReport[]
  /** A PKCS#12 file that the password does not open. */
  readonly isClosed?: boolean
}

/** What a set of files holds, each certificate and key once. */
export interface Credentials {
  readonly files: CredentialReport['files']
  readonly certificates: readonly Certificate[]
  readonly keys: readonly StoredKey[]
  /** Of the first PKCS#12 file that has one. */
  readonly friendlyName: string | undefined
  /** A PKCS#12 file among them is closed to the password. */
  readonly isClosed: boolean
}

/** With what files are opened. */
interface Opening {
  /** Undefined or empty when none was given. */
  readonly password: string | undefined
  readonly work: WorkBudget
}

/** The largest file that is looked into, in bytes. */
const maxFileBytes = 1_048_576

const nothing: Contents = { certificates: [], keys: [], containers: [], problems: [] }
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

/** Recognized by content: the label counts only for what its content does not tell. */
function readBlock(
  der: Uint8Array | undefined,
  label: string,
  opening: Opening,
  dekInfo?: string,
): Contents {
  const saysKey = label.endsWith('PRIVATE KEY')
  const saysCertificate = label.endsWith('CERTIFICATE')
  if (der === undefined) return saysKey || saysCertificate ? damaged : nothing
  if (saysKey && dekInfo !== undefined) {
    return { ...nothing, keys: [{ form: 'traditional', der, dekInfo }] }
  }
  const form = keyForm(der)
  if (form) return { ...nothing, keys: [{ form, der }] }
  if (saysKey) return { ...nothing, keys: [{ form: 'other', der }] }
  if (isPkcs12(der)) return readContainer(der, opening)
  return readCertificate(withoutTrust(der, label)) ?? (saysCertificate ? damaged : nothing)
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
function merged(parts: readonly Contents[]): Contents {
  return {
    certificates: parts.flatMap(({ certificates }) => certificates),
    keys: parts.flatMap(({ keys }) => keys),
    containers: parts.flatMap(({ containers }) => containers),
    problems: parts.flatMap(({ problems }) => problems),
    friendlyName: parts.find(({ friendlyName }) => friendlyName)?.friendlyName,
    isClosed: parts.some(({ isClosed }) => isClosed),
  }
}

/** Each once: people drop the chain together with files that are already in it. */
function distinct<T extends { readonly der: Uint8Array }>(all: readonly T[]): T[] {
  const byContent = new Map(all.map((one) => [Buffer.from(one.der).toString('base64'), one]))
  return [...byContent.values()]
}

/** Looks into the files of one set, and counts what it has seen: ordering many costs their square. */
class SetReader {
  #count = 0

  constructor(private readonly opening: Opening) {}

  read(bytes: Uint8Array, isInArchive = false): Contents {
    if (bytes.length === 0) return { ...nothing, problems: ['empty'] }
    if (bytes.length > maxFileBytes) return { ...nothing, problems: ['too-large'] }
    if (isZip(bytes)) return isInArchive ? unsafeArchive : this.#readArchive(bytes)
    const blocks = findPemBlocks(bytes)
    if (this.#count + blocks.length > maxPemBlocks) return { ...nothing, problems: ['too-large'] }
    const contents = this.#readBlocks(blocks, bytes)
    const held = contents.certificates.length + contents.keys.length
    this.#count += Math.max(blocks.length, held)
    return this.#count > maxPemBlocks ? { ...nothing, problems: ['too-large'] } : contents
  }

  #readBlocks(blocks: readonly PemBlock[], bytes: Uint8Array): Contents {
    if (blocks.length === 0) return readBlock(bytes, '', this.opening)
    const { opening } = this
    return merged(blocks.map(({ der, label, dekInfo }) => readBlock(der, label, opening, dekInfo)))
  }

  #readArchive(bytes: Uint8Array): Contents {
    try {
      const entries = readZip(bytes).map(({ name, bytes: entry }) => {
        const contents = this.read(entry, true)
        return { contents, report: report(name, contents) }
      })
      const all = merged(entries.map(({ contents }) => contents))
      return {
        ...all,
        containers: ['archive', ...all.containers],
        problems: all.problems.filter((problem) => problem !== 'empty'),
        entries: entries.map((one) => one.report),
      }
    } catch (error) {
      if (!(error instanceof CoffretError)) throw error
      return unsafeArchive
    }
  }
}

const unsafeArchive: Contents = { ...nothing, problems: ['unsafe-archive'] }

function report(name: string, contents: Contents): FileReport {
  const { certificates, keys, entries } = contents
  const isNothing = certificates.length + keys.length === 0 && !contents.isClosed
  const problem = contents.problems[0] ?? (isNothing ? ('not-a-credential' as const) : undefined)
  const found: Found[] = [
    ...contents.containers,
    ...certificates.map(() => 'certificate' as const),
    ...keys.map((key) => (isEncrypted(key) ? 'encrypted-private-key' : 'private-key')),
  ]
  return {
    name,
    found: [...new Set(found)],
    ...(problem && { problem }),
    ...(entries && { entries }),
  }
}

/**
 * Looks into files, into PKCS#12 files and into archives of them. It never throws: what is wrong with
 * a file stands in its report. A file of more than 1 MiB, or with which the set would hold more than
 * {@link maxPemBlocks} blocks, certificates and keys, is left out as too large.
 * @param password of PKCS#12 files; undefined or empty when none was given
 * @param work what all of them together may ask for
 */
export function readCredentialFiles(
  files: readonly CredentialFile[],
  password?: string,
  work = new WorkBudget(),
): Credentials {
  const reader = new SetReader({ password, work })
  const contents = files.map(({ name, bytes }) => ({ name, contents: reader.read(bytes) }))
  const all = merged(contents.map((one) => one.contents))
  return {
    files: contents.map((one) => report(one.name, one.contents)),
    certificates: distinct(all.certificates),
    keys: distinct(all.keys),
    friendlyName: all.friendlyName,
    isClosed: all.isClosed === true,
  }
}
