import { mount } from '../fixture'
import { goalSize } from '../options'
import type { Result } from '../result'
import { domainOf, startServer, ways, type Way } from '../served'
import type { Served } from '../server-program'
import { median } from '../timing'
import type { Workplace } from '../workplace'

/** How many secrets a server has for the goal; a bench of smaller vaults takes a fifth of their size. */
const goalCount = 20_000

interface Listed {
  readonly firstMs: number
  /** Absent where only the first rows were waited for. */
  readonly allMs?: number
}

/**
 * The list of a server's secrets as it arrives, from a client that was not connected: until the first rows
 * can be shown, and until all names are there.
 */
export async function measureRemoteListing(place: Workplace, programs: string): Promise<Result[]> {
  const isGoal = place.options.size === goalSize
  const size = isGoal ? goalCount : Math.ceil(place.options.size / 5)
  const kept = await place.vault({ size, versions: 1 })
  const server = await startServer(programs, { ...kept, file: place.copy(kept.file) })
  const results: Result[] = []
  try {
    for (const way of Object.keys(ways) as Way[]) {
      const lists: Listed[] = []
      const rounds = Math.ceil(9 * place.options.effort)
      for (let round = 0; round < rounds; round += 1) {
        lists.push(await list(way, server.served, round === 0 ? size : 1))
      }
      const at = `${size.toLocaleString('en')} secrets, ${ways[way]}`
      results.push(
        {
          ...{ measure: `first rows of a server's list, ${at}`, unit: 'ms' },
          value: median(lists.map(({ firstMs }) => firstMs)),
          ...(isGoal ? { atMost: 500 } : {}),
        },
        {
          ...{ measure: `all names of a server's list, ${at}`, unit: 'ms' },
          value: lists[0]?.allMs ?? NaN,
          note: 'once',
        },
      )
    }
  } finally {
    server.stop()
  }
  return results
}

/** @param wanted how many rows are waited for */
async function list(way: Way, served: Served, wanted: number): Promise<Listed> {
  const began = performance.now()
  const domain = domainOf(way, served)
  let firstMs: number | undefined
  let found = 0
  for await (const arrival of domain.arrivals({ name: mount, version: 2 })) {
    if (arrival.kind !== 'secrets') break
    firstMs ??= performance.now() - began
    found += arrival.rows.length
    // What is known of each comes later, and is another measure.
    if (found >= wanted) break
  }
  const allMs = performance.now() - began
  domain.close()
  if (firstMs === undefined || found < wanted) throw new Error('bench: a list is not whole')
  return wanted === 1 ? { firstMs } : { firstMs, allMs }
}
