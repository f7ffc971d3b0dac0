/**
 * Every way in which Coffret says no. The list is closed: each translation of it (IPC, HTTP, words)
 * `satisfies Record<FailureCode, …>`, so a new code does not compile until every reader knows it.
 */
export const failureCodes = [
  /** The input breaks a rule; the message names the field. */
  'invalid',
  /** No such secret, version, mount, vault or file. */
  'not_found',
  /** Something is already there: a secret to create, a file, a mount. */
  'exists',
  /** The check-and-set number is not the current version. */
  'cas_mismatch',
  /** A check-and-set number is required and was not given. */
  'cas_required',
  /** The input is larger than allowed; the message gives the limit. */
  'too_large',
  /** The vault is locked. */
  'locked',
  /** The passphrase or recovery key opens no key slot. */
  'wrong_passphrase',
  /** The password does not open the key or PKCS#12 file. */
  'wrong_password',
  /** Something read from disk does not authenticate, or is damaged. */
  'corrupt',
  /** The file is no Coffret vault. */
  'not_a_vault',
  /** The file was written by a newer Coffret. */
  'newer_format',
  /** The file asks for key derivation outside the accepted bounds. */
  'kdf_bounds',
  /** The file or its folder cannot be written. */
  'not_writable',
  /** The file is an older or another copy than this machine knows; writing waits for a decision. */
  'stale',
  /** Another program holds the file. */
  'busy',
  /** The disk failed or is full; the old state is intact. */
  'storage',
  /** A server cannot be reached, or is not the one that is trusted. */
  'unreachable',
  /** The private key does not belong to the certificate. */
  'key_mismatch',
  /** The caller has no right to do this. */
  'forbidden',
  /** The store cannot do this (see its capabilities). */
  'unsupported',
  /** The person or the program gave up. */
  'cancelled',
  /** A fault of ours. */
  'internal',
] as const

/** One of {@link failureCodes}. */
export type FailureCode = (typeof failureCodes)[number]

/** Whether a text is one of {@link failureCodes}. */
export function isFailureCode(text: unknown): text is FailureCode {
  return (failureCodes as readonly unknown[]).includes(text)
}

/**
 * The one error of Coffret. The message is for engineers: lower case, what was expected and what
 * came, never a value, key, token or passphrase. Words for people are in `src-renderer/words.ts`.
 */
export class CoffretError extends Error {
  override readonly name = 'CoffretError'

  constructor(
    readonly code: FailureCode,
    message: string,
    options?: { cause?: unknown; field?: string },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause })
    if (options?.field !== undefined) this.field = options.field
  }

  /** The input field at fault, when there is one. */
  readonly field?: string
}
