import { vi } from 'vitest'
import type { CallInput, CallName, CallOutput } from '../../src-main/contract/calls'
import type { FailureCode } from '../../src-main/contract/errors'
import type { Result } from '../../src-main/contract/result'
import type { StoreSummary } from '../../src-main/contract/model'

/** A call that waits for its answer. */
interface Held {
  readonly name: CallName
  readonly input: unknown
  readonly give: (result: Result<unknown>) => void
}

type Answers = { readonly [N in CallName]?: (input: CallInput<N>) => CallOutput<N> }

/** Main as the window hears it: calls without an answer here wait until the test gives one, in any order. */
export function holdMain(answers: Answers = {}) {
  const waiting: Held[] = []
  const call = (name: CallName, input: never): Promise<Result<unknown>> => {
    const known = answers[name] as ((input: never) => unknown) | undefined
    if (known !== undefined) return Promise.resolve({ ok: true, value: known(input) })
    return new Promise((give) => waiting.push({ name, input, give }))
  }
  vi.stubGlobal('window', { coffret: { call } })

  const asked = (name: CallName) => waiting.filter((one) => one.name === name)
  const give = async (name: CallName, at: number, result: Result<unknown>) => {
    await allHeard()
    const held = asked(name)[at]
    if (held === undefined) throw new Error(`${name} was not asked ${at + 1} times`)
    held.give(result)
    await allHeard()
  }
  return {
    /** What the calls of a name were given, as they came. */
    inputs: <N extends CallName>(name: N) => asked(name).map(({ input }) => input as CallInput<N>),
    /** Answers a call of a name; 0 is the one that came first. */
    answer: <N extends CallName>(name: N, at: number, value: CallOutput<N>) =>
      give(name, at, { ok: true, value }),
    /** Refuses it. */
    fail: (name: CallName, at: number, code: FailureCode) =>
      give(name, at, { ok: false, error: { code, message: 'refused by the test' } }),
  }
}

/** Everything that follows from what is known by now has happened. */
export function allHeard(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** A store as it is listed. */
export function storeOf(change: Partial<StoreSummary> = {}): StoreSummary {
  const id = '3f2a8a5e-97a1-4c30-8f0e-7a3a5f0f5a10/secret'
  const known = { id, label: 'secret', kind: 'domain', status: 'ready' }
  return { ...known, capabilities: ['write', 'versions'], ...change } as StoreSummary
}
