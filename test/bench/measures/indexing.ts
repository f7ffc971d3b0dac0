import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { searchThreads } from '../../../src-main/vault/search/search-threads'
import type { VaultSearch } from '../../../src-main/vault/search/vault-search'
import type { Result } from '../result'
import { median, percentile, timed } from '../timing'
import { openVault, type Workplace } from '../workplace'
import { goalsAt } from './versus'

/** What somebody types; each beginning of it is one search. */
const typed = ['credential-0421', 'team-007 production', 'password', 'host-0999', 'nothing like it']

/** How many hits a search lists. */
const limit = 100

/** How often this thread is looked at, in milliseconds. */
const lookMs = 5

interface Watched {
  readonly tookMs: number
  readonly blockedMs: number
  readonly cpuSeconds: number
}

/** The search index: its building in a worker, what that does to this thread, and searching. */
export async function measureIndexing(place: Workplace, programs: string): Promise<Result[]> {
  const { size, effort } = place.options
  const kept = await place.vault({ size, versions: 3 })
  const threads = searchThreads(join(programs, 'search-worker.cjs'))
  const rounds: Watched[] = []
  const keystrokes: number[] = []
  for (let round = 0; round < Math.ceil(5 * effort); round += 1) {
    const vault = await openVault(kept, { search: threads })
    const build = async () => {
      const { secrets } = await vault.search.build()
      if (secrets !== size) throw new Error('bench: the index is not whole')
    }
    rounds.push(await watched(build))
    keystrokes.push(...(await search(vault.search)))
    vault.close()
  }
  const at = `${size.toLocaleString('en')} × 3`
  return [
    {
      measure: `index, ${at}, built in a worker`,
      unit: 's',
      value: median(rounds.map(({ tookMs }) => tookMs / 1000)),
      ...goalsAt(size, { atMost: 5 }),
    },
    {
      measure: `index, ${at}, its processor time`,
      unit: 's',
      value: median(rounds.map(({ cpuSeconds }) => cpuSeconds)),
    },
    {
      measure: `index, ${at}, longest block of the main thread, at most`,
      unit: 'ms',
      value: Math.max(...rounds.map(({ blockedMs }) => blockedMs)),
      ...goalsAt(size, { atMost: 50 }),
    },
    {
      measure: `search, ${at}, a keystroke`,
      unit: 'ms',
      value: median(keystrokes),
      ...goalsAt(size, { atMost: 16 }),
    },
    { measure: `search, ${at}, 95 of 100`, unit: 'ms', value: percentile(keystrokes, 0.95) },
  ]
}

/**
 * How long some work of other threads took, what processor time it cost, and the longest that it can have
 * blocked this thread: the most that this thread was active between two looks, which a block of it
 * puts off. Being kept from the processor by other threads counts while it is active.
 */
async function watched(work: () => Promise<unknown>): Promise<Watched> {
  let before = performance.eventLoopUtilization()
  let blockedMs = 0
  const look = () => {
    const now = performance.eventLoopUtilization()
    blockedMs = Math.max(blockedMs, performance.eventLoopUtilization(now, before).active)
    before = now
  }
  const timer = setInterval(look, lookMs)
  const cpu = process.cpuUsage()
  const tookMs = await timed(work)
  const { user, system } = process.cpuUsage(cpu)
  look()
  clearInterval(timer)
  return { tookMs, blockedMs, cpuSeconds: (user + system) / 1e6 }
}

/** Searches for all that was typed after each key, from asking to having the answer here. */
async function search(index: VaultSearch): Promise<number[]> {
  const samples: number[] = []
  for (const text of typed) {
    for (let length = 1; length <= text.length; length += 1) {
      const request = { text: text.slice(0, length), limit }
      samples.push(await timed(() => index.query(request)))
    }
  }
  return samples
}
