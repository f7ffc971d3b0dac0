import { CoffretError, type FailureCode } from '../contract/errors'

/**
 * How a command ends: 0 when it did what it was told, 1 when it could not, 2 when it was told wrongly, 3
 * when a password or passphrase is missing or not the one.
 */
export const exitCodes = { done: 0, failed: 1, usage: 2, wrongPassword: 3 } as const

/** What `--help` says of how a command ends, and what it prints. */
export const outcomeNote = `
Exit codes: 0 done, 1 it could not be done, 2 it was asked for wrongly, 3 a password or passphrase is wrong
or missing. With --json there is one line of JSON, also for a failure: {"error":{"code":…,"message":…}}.`

/** What to do about a failure, where that is more than its message says. */
const advice: Partial<Readonly<Record<FailureCode, string>>> = {
  wrong_passphrase: 'check the passphrase; a passphrase file loses one final line end',
  not_a_vault: 'name a file that `coffret vault create` or the app has made',
  newer_format: 'install the current version of Coffret',
  stale: 'open the vault in the app, which shows what differs',
  corrupt: 'open the vault in the app, which checks and repairs it',
}

/** The same where it is a browser's certificate database that fails. */
const storeAdvice: Partial<Readonly<Record<FailureCode, string>>> = {
  busy: 'close the browser and try again; if it stays so, the database may be damaged',
  corrupt: 'the browser makes a new one once cert9.db and key4.db are moved away',
}

const portAdvice = 'end that program, or listen elsewhere: --listen 127.0.0.1:0 takes any free port'

/** The field of a failure for want of a password or passphrase. */
export const missingPassword = 'missingPassword'

/** What option gives the password that a store or a file wants. */
const passwordAdvice: Readonly<Record<string, string>> = {
  databasePassword: 'give it with --database-password-file',
  keyPassword: 'give it with --key-password-file',
}

/** The exit code for what a command threw. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof CoffretError)) return exitCodes.failed
  const { code, field } = error
  if (field === 'usage') return exitCodes.usage
  const isClosed = code === 'wrong_password' || code === 'wrong_passphrase'
  return isClosed || field === missingPassword ? exitCodes.wrongPassword : exitCodes.failed
}

/** A failure for programs, as `--json` prints it: one line, a code of the closed list and the message. */
export interface FailureJson {
  readonly error: { readonly code: FailureCode; readonly message: string }
}

/** What a command threw, for programs. */
export function failureJson(error: unknown): FailureJson {
  if (error instanceof CoffretError) return { error: { code: error.code, message: error.message } }
  return { error: { code: 'internal', message: 'a fault of Coffret' } }
}

/** One line for the standard error output: what happened, and what to do. */
export function failureText(error: unknown): string {
  if (!(error instanceof CoffretError)) {
    return `coffret: a fault of Coffret: ${error instanceof Error ? error.message : 'unknown'}`
  }
  const isPort = error.code === 'busy' && error.field === 'port'
  const general = error.field === 'store' ? storeAdvice : advice
  const asked = error.code === 'wrong_password' ? passwordAdvice[error.field ?? ''] : undefined
  const help = isPort ? portAdvice : (asked ?? general[error.code])
  return `coffret: ${error.message}${help === undefined ? '' : ` (${help})`}`
}
