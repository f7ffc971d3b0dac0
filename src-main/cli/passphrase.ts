import { timingSafeEqual } from 'node:crypto'
import { CoffretError } from '../contract/errors'
import { isPrompted } from './password-source'
import type { Terminal } from './ports'
import { readSecretFile } from './secret-file'

/** Where a passphrase comes from. */
export interface PassphraseSource {
  /** A file, `-` for the standard input; without it the terminal is asked. */
  readonly passphraseFile?: string | undefined
}

/**
 * The passphrase of a vault, in NFC. The receiver wipes it.
 * @throws CoffretError `invalid`, `not_found`, `storage`, `cancelled`
 */
export async function readPassphrase(
  { passphraseFile }: PassphraseSource,
  terminal: Terminal,
): Promise<Uint8Array> {
  if (passphraseFile !== undefined && !isPrompted(passphraseFile, terminal)) {
    return normalized(readSecretFile(passphraseFile, 'passphrase'))
  }
  return normalized(await terminal.askHidden('Passphrase: '))
}

/** The passphrase of a new vault: typed twice, since nobody sees it. @throws as {@link readPassphrase} */
export async function readNewPassphrase(
  { passphraseFile }: PassphraseSource,
  terminal: Terminal,
): Promise<Uint8Array> {
  if (passphraseFile !== undefined && !isPrompted(passphraseFile, terminal)) {
    return normalized(readSecretFile(passphraseFile, 'passphrase'))
  }
  const first = normalized(await terminal.askHidden('New passphrase: '))
  const second = normalized(await terminal.askHidden('Once more: '))
  const isSame = first.length === second.length && timingSafeEqual(first, second)
  second.fill(0)
  if (isSame) return first
  first.fill(0)
  throw new CoffretError('invalid', 'the two passphrases differ: nothing was made')
}

/**
 * Brings text into NFC, as the window does. What is ASCII stays as it is, and so never becomes a string,
 * which could not be wiped; nor does what is no UTF-8.
 */
export function normalized(bytes: Uint8Array): Uint8Array {
  if (bytes.every((byte) => byte < 0x80)) return bytes
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const same = new TextEncoder().encode(text.normalize('NFC'))
    bytes.fill(0)
    return same
  } catch {
    return bytes
  }
}
