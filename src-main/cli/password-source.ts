import { CoffretError } from '../contract/errors'
import type { Terminal } from './ports'
import { readSecretFile, standardInput } from './secret-file'

/** Nobody types a password where it is shown: a standard input that is the terminal is asked as a prompt. */
export const isPrompted = (file: string | undefined, terminal: Terminal): boolean =>
  file === undefined || (file === standardInput && terminal.canAsk)

/**
 * Of several passwords only one can come from there: the first would take all of it.
 * @throws CoffretError `invalid` with the field `usage`
 */
export function checkOneInput(...files: readonly (string | undefined)[]): void {
  if (files.filter((file) => file === standardInput).length < 2) return
  const message = 'only one password can come from the standard input'
  throw new CoffretError('invalid', message, { field: 'usage' })
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
 * @throws CoffretError what the work throws, and as {@link checkOneInput}
 */
export async function withPasswords<T>(
  questions: readonly PossiblePassword[],
  terminal: Terminal,
  work: (passwords: readonly (Uint8Array | undefined)[]) => Promise<T>,
): Promise<T> {
  checkOneInput(...questions.map(({ file }) => file))
  const known = questions.map(({ file }) =>
    file === undefined || isPrompted(file, terminal) ? undefined : readSecretFile(file, 'password'),
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
