import { readFileSync } from 'node:fs'
import { CoffretError } from '../contract/errors'
import { withoutLineEnd } from './passphrase'
import type { Terminal } from './ports'

/** No password is longer, in bytes. */
const maxBytes = 1024

/**
 * A password from a file, without one final line end; `-` is the standard input. The receiver wipes it.
 * @throws CoffretError `not_found`, `storage`, `invalid` beyond 1,024 bytes
 */
export function readPasswordFile(file: string): Uint8Array {
  let bytes: Buffer
  try {
    bytes = readFileSync(file === '-' ? 0 : file)
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException
    const failure = code === 'ENOENT' ? 'not_found' : 'storage'
    throw new CoffretError(failure, `the password file cannot be read: ${code}`, { cause })
  }
  const password = Uint8Array.from(withoutLineEnd(bytes))
  bytes.fill(0)
  if (password.length <= maxBytes) return password
  password.fill(0)
  throw new CoffretError('invalid', `the password is longer than ${maxBytes} bytes`)
}

/** A password that may be needed: where it comes from, and the field of the refusal without it. */
export interface PossiblePassword {
  readonly field: string
  readonly file: string | undefined
  /** What a person is asked. */
  readonly question: string
}

/**
 * Does work that may need passwords: those of files at once, the others by asking once it turns out that
 * they are needed.
 * @param work gets the passwords in the order of the questions, and wipes them
 * @throws CoffretError what the work throws
 */
export async function withPasswords<T>(
  questions: readonly PossiblePassword[],
  terminal: Terminal,
  work: (passwords: readonly (Uint8Array | undefined)[]) => Promise<T>,
): Promise<T> {
  const known = questions.map(({ file }) =>
    file === undefined ? undefined : readPasswordFile(file),
  )
  try {
    for (;;) {
      try {
        return await work(known.map((one) => one && Uint8Array.from(one)))
      } catch (error) {
        const index = questions.findIndex(({ field }) => isAskedFor(error, field))
        const question = questions[index]
        if (!question || known[index] !== undefined || !terminal.canAsk) throw error
        known[index] = await terminal.askHidden(question.question)
      }
    }
  } finally {
    for (const one of known) one?.fill(0)
  }
}

const isAskedFor = (error: unknown, field: string): boolean =>
  error instanceof CoffretError && error.code === 'wrong_password' && error.field === field
