import type { CredentialReport } from '../contract/calls'
import { CoffretError } from '../contract/errors'
import type { Certificate } from './certificate-info'
import {
  type Contents,
  type FileReport,
  type Opening,
  merged,
  nothing,
  readContents,
} from './credential-contents'
import { findPemBlocks, maxPemBlocks } from './pem'
import { type StoredKey, isEncrypted } from './private-key'
import { WorkBudget } from './work-budget'
import { isZip, readZip } from './zip'

/** A file as it was dropped or chosen. */
export interface CredentialFile {
  readonly name: string
  readonly bytes: Uint8Array
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

/** The largest file that is looked into, in bytes. */
const maxFileBytes = 1_048_576

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
    if (bytes.length === 0) return problem('empty')
    if (bytes.length > maxFileBytes) return problem('too-large')
    if (isZip(bytes)) return isInArchive ? problem('nested-archive') : this.#readArchive(bytes)
    const blocks = findPemBlocks(bytes)
    if (this.#count + blocks.length > maxPemBlocks) return problem('too-many')
    const contents = readContents(bytes, blocks, this.opening)
    const held = contents.certificates.length + contents.keys.length
    this.#count += Math.max(blocks.length, held)
    return this.#count > maxPemBlocks ? problem('too-many') : contents
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
        problems: all.problems.filter((one) => one !== 'empty'),
        entries: entries.map((one) => one.report),
      }
    } catch (error) {
      if (!(error instanceof CoffretError)) throw error
      return problem(error.code === 'wrong_password' ? 'encrypted-archive' : 'unsafe-archive')
    }
  }
}

/** Of a file that is not looked into. */
function problem(what: NonNullable<FileReport['problem']>): Contents {
  return { ...nothing, problems: [what] }
}

function report(name: string, contents: Contents): FileReport {
  const { certificates, keys, entries } = contents
  const isNothing = certificates.length + keys.length === 0 && !contents.isClosed
  const other = contents.others[0] ?? 'not-a-credential'
  const first = contents.problems[0] ?? (isNothing ? other : undefined)
  const found: FileReport['found'] = [
    ...contents.containers,
    ...certificates.map(() => 'certificate' as const),
    ...keys.map((key) => (isEncrypted(key) ? 'encrypted-private-key' : 'private-key')),
  ]
  return {
    name,
    found: [...new Set(found)],
    ...(first && { problem: first }),
    ...(entries && { entries }),
  }
}

/**
 * Looks into files, into PKCS#12 files and into archives of them. It never throws: what is wrong with
 * a file stands in its report. A file of more than 1 MiB is left out, and so is one with which the
 * set would hold more than {@link maxPemBlocks} blocks, certificates and keys.
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
