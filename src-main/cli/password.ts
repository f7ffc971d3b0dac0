import { CoffretError } from '../contract/errors'
import { missingPassword } from './failure'
import { isPrompted } from './password-source'
import type { Terminal } from './ports'
import { readSecretFile } from './secret-file'

/** What is asked for, and the option that answers it without a terminal. */
export interface PasswordRequest {
  readonly question: string
  readonly option: string
  /** What the option says: a file, `-` for the standard input, or nothing. */
  readonly file: string | undefined
}

/** As PKCS#12 takes it: text. @throws CoffretError `invalid` */
function textOf(bytes: Uint8Array, option: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new CoffretError('invalid', `${option}: a password is UTF-8`, { cause })
  } finally {
    bytes.fill(0)
  }
}

/**
 * A password, exactly as it was written: one final line end is not part of it.
 * @throws CoffretError `invalid`, `not_found`, `storage`, `cancelled`
 */
export async function readPassword(request: PasswordRequest, terminal: Terminal): Promise<string> {
  const { question, option, file } = request
  if (file !== undefined && !isPrompted(file, terminal)) {
    return textOf(readSecretFile(file, 'password'), option)
  }
  if (terminal.canAsk) return textOf(await terminal.askHidden(question), option)
  const message = `there is no terminal to ask for a password: give ${option}`
  throw new CoffretError('invalid', message, { field: missingPassword })
}

/** The password of something new: typed twice, since nobody sees it. @throws as {@link readPassword} */
export async function readNewPassword(
  request: PasswordRequest,
  terminal: Terminal,
): Promise<string> {
  const password = await readPassword(request, terminal)
  if (!isPrompted(request.file, terminal)) return password
  if (password === '') throw new CoffretError('invalid', 'an empty password is not accepted')
  if ((await readPassword({ ...request, question: 'Once more: ' }, terminal)) === password) {
    return password
  }
  throw new CoffretError('invalid', 'the two passwords differ: nothing was made')
}
