import type { CoffretBridge } from '../src-main/contract/bridge'
import type { CallInput, CallName, CallOutput } from '../src-main/contract/calls'
import { CoffretError } from '../src-main/contract/errors'
import type { AppEvent } from '../src-main/contract/events'
import { RemoteFailure } from '../src-main/contract/remote-failure'

declare global {
  interface Window {
    readonly coffret: CoffretBridge
  }
}

/** The input of a call; none for the calls that take nothing. */
type Input<N extends CallName> = undefined extends CallInput<N> ? [] : [input: CallInput<N>]

/**
 * Asks main. Byte arrays in the input are overwritten once they are sent.
 * @throws CoffretError with the code that main gave
 */
export async function call<N extends CallName>(
  name: N,
  ...[input]: Input<N>
): Promise<CallOutput<N>> {
  const answer = window.coffret.call(name, input as CallInput<N>)
  wipe(input)
  const result = await answer
  if (result.ok) return result.value
  const { code, message, field, reason } = result.error
  const options = field === undefined ? {} : { field }
  if (reason !== undefined) throw new RemoteFailure(code, reason, message, options)
  throw new CoffretError(code, message, options)
}

/** Hears what main tells, until the returned function is called. */
export function listen(listener: (event: AppEvent) => void): () => void {
  return window.coffret.listen(listener)
}

/** Where a dropped or chosen file lies; empty when that is not known. */
export function pathOf(file: File): string {
  // Electron before 29 says it in the file.
  if ('path' in file && typeof file.path === 'string') return file.path
  return window.coffret.pathOf(file)
}

/** The bridge has copied its arguments when `call` returns. JavaScript cannot promise that no other copy is left. */
function wipe(input: unknown): void {
  if (typeof input !== 'object' || input === null) return
  for (const value of Object.values(input)) {
    if (value instanceof Uint8Array) value.fill(0)
    else if (isPlain(value)) wipe(value)
  }
}

/** Files to inspect are kept for the next call; only keys are wiped. */
function isPlain(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
