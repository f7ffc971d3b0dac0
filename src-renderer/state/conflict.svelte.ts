import { SvelteMap } from 'svelte/reactivity'
import type { JsonObject } from '../../src-main/contract/json'
import type { VersionState } from '../../src-main/contract/model'
import { merged, mergeLines, type Side } from './merge'

/** A version that takes part in a conflict. */
export interface Party {
  readonly version: number
  readonly data: JsonObject
}

/** Two people saved from the same version: what each changed, and what is chosen. */
export class Conflict {
  readonly lines
  readonly #sides = new SvelteMap<string, Side>()

  constructor(
    readonly base: Party,
    readonly theirs: Party & { readonly state: VersionState },
    readonly mine: JsonObject,
  ) {
    this.lines = mergeLines(base.data, theirs.data, mine)
    for (const { key, proposed } of this.lines) this.#sides.set(key, proposed)
  }

  get theirVersion(): number {
    return this.theirs.version
  }

  sideOf(key: string): Side {
    return this.#sides.get(key) ?? 'theirs'
  }

  take(key: string, side: Side): void {
    this.#sides.set(key, side)
  }

  /** What would be saved. */
  get result(): JsonObject {
    return merged(this.theirs.data, this.mine, this.#sides)
  }
}
