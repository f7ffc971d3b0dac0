/** How a step goes wrong: nothing happens, or it happens and nobody hears of it. */
export type Death = 'before' | 'after'

/** The end of a program, as its parts see it: after it nothing works. */
class Killed extends Error {}

/**
 * A program that can be killed at any step that changes something: the step is not done, or done without
 * its answer; all that comes later fails.
 */
export class Life {
  #steps = 0
  #end:
    { readonly at: number; readonly how: Death; readonly failure: Error | undefined } | undefined
  #isDead = false

  /** From now on: ends at the given step, counted from 1. */
  endAt(at: number, how: Death): void {
    this.#begin({ at, how, failure: undefined })
  }

  /** From now on: one step fails, and life goes on. */
  failAt(at: number, how: Death, failure: Error): void {
    this.#begin({ at, how, failure })
  }

  /** From now on nothing goes wrong. @returns how many steps there were */
  goOn(): number {
    const steps = this.#steps
    this.#begin(undefined)
    return steps
  }

  /** Whether the end, or the failure, came. */
  get wasHit(): boolean {
    return this.#end !== undefined && this.#steps >= this.#end.at
  }

  /** Does something that changes something. */
  async step<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isDead) throw new Killed('dead')
    this.#steps += 1
    const end = this.#end
    if (end === undefined || this.#steps !== end.at) return work()
    this.#isDead = end.failure === undefined
    if (end.how === 'after') await work()
    throw end.failure ?? new Killed('killed')
  }

  #begin(end: { at: number; how: Death; failure: Error | undefined } | undefined): void {
    this.#steps = 0
    this.#isDead = false
    this.#end = end
  }
}

const changing: readonly unknown[] = [
  ...['write', 'addVersion', 'remove', 'setState', 'discard', 'begin', 'note'],
]

/** The same object, whose changes are steps of a life. */
export function mortal<T extends object>(object: T, life: Life): T {
  return new Proxy(object, {
    get(target, key) {
      const found: unknown = Reflect.get(target, key, target)
      if (typeof found !== 'function') return found
      return (...args: unknown[]) => {
        const call = (): unknown => Reflect.apply(found, target, args)
        if (changing.includes(key)) return life.step(async () => call())
        const result = call()
        return key === 'bin' ? mortal(result as object, life) : result
      }
    },
  })
}
