import { CoffretError } from '../contract/errors'

/**
 * What may be logged of an error: its class, our own code and message, and where it was thrown. The message of
 * a foreign error is left out, since it may quote what it choked on (`JSON.parse` does).
 */
export function describeError(where: string, error: unknown): string {
  if (error instanceof CoffretError) return `${where}: ${error.code}: ${error.message}`
  if (!(error instanceof Error)) return `${where}: ${typeof error} thrown`
  // The stack begins with the message, of which a line may look like a frame.
  const [, afterMessage] = (error.stack ?? '').split(error.message || error.name, 2)
  const frames = (afterMessage ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return [`${where}: ${error.name}${systemCode(error)}`, ...frames].join('\n')
}

/** The name of a system error, such as `ENOENT`. */
function systemCode(error: Error): string {
  const code = 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? ` ${code}` : ''
}

/** Writes an error to the log, without values. */
export function report(where: string, error: unknown): void {
  console.error(describeError(where, error))
}
