import { basename } from 'node:path'
import type { CredentialReport } from '../contract/calls'
import { CoffretError, type FailureCode } from '../contract/errors'
import type { CredentialThreads } from '../pki/credential-threads'
import { problemText } from './credential-text'
import { readAtMost } from './descriptors'
import { readPassword } from './password'
import { isPrompted } from './password-source'
import type { Terminal } from './ports'

/** The largest file that is read, in bytes. */
const maxFileBytes = 1_048_576

/** A file that somebody named. */
export interface NamedFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** What files hold, and the password that opened them. */
export interface OpenedFiles {
  readonly files: NamedFile[]
  readonly report: CredentialReport
  readonly password: string | undefined
}

/** @throws CoffretError `not_found`, `too_large`, `storage` */
export const readFiles = (paths: readonly string[]): NamedFile[] =>
  paths.map((path) => ({ name: basename(path), bytes: readAtMost(path, maxFileBytes) }))

/**
 * Looks into files, with a password: that of a file at once, else it is asked for, when it is needed and
 * somebody is there.
 * @param option names the option that tells of the password
 * @throws CoffretError `not_found`, `too_large`, `storage`, `invalid`, `cancelled`; not for what is in the files
 */
export async function openFiles(
  paths: readonly string[],
  { file, option }: { readonly file: string | undefined; readonly option: string },
  {
    terminal,
    credentials,
  }: { readonly terminal: Terminal; readonly credentials: CredentialThreads },
): Promise<OpenedFiles> {
  const files = readFiles(paths)
  const request = { question: 'Password of the key or PKCS#12 file: ', option, file }
  const isGiven = !isPrompted(file, terminal)
  const given = isGiven ? await readPassword(request, terminal) : undefined
  const report = await credentials.inspect({ files, password: given })
  const isAskedFor = !isGiven && terminal.canAsk && report.problems.includes('key-encrypted')
  if (!isAskedFor) return { files, report, password: given }
  const password = await readPassword(request, terminal)
  return { files, report: await credentials.inspect({ files, password }), password }
}

const codes: Partial<Readonly<Record<CredentialReport['problems'][number], FailureCode>>> = {
  'key-mismatch': 'key_mismatch',
  'wrong-password': 'wrong_password',
  'key-encrypted': 'wrong_password',
  'unsupported-key': 'unsupported',
}

/**
 * Why no credential can be made of files; undefined for a key with its certificate, and nothing else in
 * the way. Every file counts: one that was named for its chain and holds none is not passed over.
 * @param option what would tell of a missing password
 */
export function failureOf(report: CredentialReport, option: string): CoffretError | undefined {
  const text = problemText(report)
  if (text === '') return undefined
  // Of a file that stayed closed, nobody knows whether it lacks anything else.
  const problem = report.problems.find((one) => codes[one] !== undefined)
  const advice = problem === 'key-encrypted' ? `: give ${option}` : ''
  const { mismatch } = report
  const prints = mismatch ? ` (certificate ${mismatch.certificate}, key ${mismatch.key})` : ''
  return new CoffretError((problem && codes[problem]) ?? 'invalid', `${text}${advice}${prints}`)
}
