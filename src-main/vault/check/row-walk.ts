import { CoffretError } from '../../contract/errors'

/** How many rows are read in one transaction: a few milliseconds, for which writers wait. */
export const rowsAtOnce = 250

/** How many numbers in a row may fail before a table counts as ended. */
const maxGap = 100_000

/** What walks a table. */
export interface RowWalk<T> {
  /** The rows behind a number, in one transaction. @throws CoffretError `corrupt` for a damaged page */
  readonly slice: (after: number, limit: number) => readonly T[]
  readonly each: (row: T) => void
  /** Told once for each stretch that cannot be read. */
  readonly onDamage: () => void
}

/**
 * Walks a table by the numbers of its rows. A page of the database that is damaged costs its rows and not
 * those behind it.
 */
export function walkRows<T extends { readonly number: number }>(walk: RowWalk<T>): void {
  let after = 0
  let gap = 0
  for (;;) {
    const rows = readable(() => walk.slice(after, gap === 0 ? rowsAtOnce : 1))
    if (rows === undefined) {
      if (gap === 1) walk.onDamage()
      // The first failure of many rows at once says only that one of them fails.
      if (gap > 0) after += 1
      gap += 1
      if (gap > maxGap) return
      continue
    }
    const last = rows.at(-1)
    if (last === undefined) return
    gap = 0
    for (const row of rows) walk.each(row)
    after = last.number
  }
}

function readable<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof CoffretError && error.code === 'corrupt') return undefined
    throw error
  }
}
