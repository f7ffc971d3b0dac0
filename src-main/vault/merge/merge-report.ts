import { maxNamed, type MergeReport } from '../../contract/check-calls'
import { compareBytes } from '../../kv/byte-order'
import type { Place } from '../../kv/merge-places'

type Named = MergeReport['places'][number]

/** Counts what a merge does, and names the first of it. */
export class MergeTally {
  readonly #counts = {
    added: 0,
    changed: 0,
    conflicts: 0,
    moved: 0,
    unchanged: 0,
    versions: 0,
    beside: 0,
    drafts: 0,
    mounts: 0,
    unreadable: 0,
  }
  readonly #places: Named[] = []

  count(what: keyof MergeTally['counts'], by = 1): void {
    this.#counts[what] += by
  }

  name({ mount, path }: Place, what: Named['what']): void {
    if (this.#places.length < maxNamed) this.#places.push({ mount, path, what })
  }

  get counts(): Readonly<Omit<MergeReport, 'places'>> {
    return this.#counts
  }

  get report(): MergeReport {
    const places = [...this.#places].sort((a, b) => compareBytes(pathOf(a), pathOf(b)))
    return { ...this.#counts, places }
  }
}

function pathOf({ mount = '', path = '' }: Named): string {
  return `${mount}/${path}`
}
