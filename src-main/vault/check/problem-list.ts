import { maxNamed, type NamedPlace, type VaultProblem } from '../../contract/check-calls'

/** Problems as they are found: all are counted, the first are named. */
export class ProblemList {
  readonly named: VaultProblem[] = []
  #count = 0

  add(what: VaultProblem['what'], { mount, path, version }: NamedPlace = {}): void {
    this.#count += 1
    if (this.named.length >= maxNamed) return
    this.named.push({
      what,
      ...(mount === undefined ? {} : { mount }),
      ...(path === undefined ? {} : { path }),
      ...(version === undefined ? {} : { version }),
    })
  }

  get count(): number {
    return this.#count
  }
}
