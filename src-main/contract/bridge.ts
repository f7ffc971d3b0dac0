import type { CallInput, CallName, CallOutput } from './calls'
import type { AppEvent } from './events'
import type { Result } from './result'

/** What the preload puts at `window.coffret`: three functions, no channel names, no Electron objects. */
export interface CoffretBridge {
  /** Asks main. It never rejects: a failure is in the result. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>>
  /** Hears events until the returned function is called. */
  listen(listener: (event: AppEvent) => void): () => void
  /** Where a file lies that a person dropped or chose; empty for one that the page made itself. */
  pathOf(file: File): string
}
