import { call } from '../bridge'
import type { CallInput } from '../../src-main/contract/calls'
import type { WorkId } from '../../src-main/contract/compare-calls'
import type { StepResult } from '../../src-main/contract/connection-test'
import { isStopped, newWork } from './works.svelte'

/** Trying a connection step by step: one at a time. */
export class ConnectionTest {
  steps = $state.raw<readonly StepResult[]>([])
  isRunning = $state(false)
  isDone = $state(false)
  error = $state.raw<unknown>()
  #work: WorkId | undefined

  readonly isGood = $derived(this.isDone && this.steps.every(({ outcome }) => outcome !== 'failed'))

  async run(of: Omit<CallInput<'domain.test'>, 'work'>): Promise<void> {
    if (this.isRunning) return
    const work = newWork()
    this.#work = work
    this.steps = []
    this.isRunning = true
    this.isDone = false
    this.error = undefined
    try {
      const steps = await call('domain.test', { ...of, work })
      if (work !== this.#work) return
      this.steps = steps
      this.isDone = true
    } catch (error) {
      if (work !== this.#work) return
      if (!isStopped(error)) this.error = error
    }
    this.isRunning = false
  }

  /** Hears how a step ended. */
  hear({ work, result }: { readonly work: string; readonly result: StepResult }): void {
    if (this.isRunning && work === this.#work) this.steps = [...this.steps, result]
  }

  /** The form is another: what was found is not of it. */
  forget(): void {
    if (this.isRunning && this.#work !== undefined) void call('domain.cancel', { work: this.#work })
    // What is heard of it from here on is not waited for.
    this.#work = undefined
    this.isRunning = false
    this.steps = []
    this.isDone = false
    this.error = undefined
  }
}
