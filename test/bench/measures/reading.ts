import { FolderPath } from '../../../src-main/contract/model'
import { dataOf, largeFolder, largeFolderSize, mount, pathOf } from '../fixture'
import type { Result } from '../result'
import { alternate, median, percentile, timed } from '../timing'
import { openVault, readThrough, type Workplace } from '../workplace'
import { goalsAt, versusSmall } from './versus'
import { indexAt } from './writing'

/** Reading the current version of a secret by its path. */
export async function measureReading(place: Workplace): Promise<Result[]> {
  const { size, small, effort } = place.options
  const actionOn = async (count: number) => {
    const kept = await place.vault({ size: count, versions: 3 })
    readThrough(kept.file)
    const vault = await openVault(kept)
    const store = vault.store(mount)
    const read = async (round: number) => {
      const index = indexAt(round, count)
      const path = pathOf(index, count)
      let data: string | undefined
      const took = await timed(async () => {
        data = (await store.readVersion(path)).data
      })
      if (data !== dataOf(index, 3)) throw new Error('bench: a value is not what was written')
      return took
    }
    return { read, close: () => vault.close() }
  }
  const [less, more] = [await actionOn(small), await actionOn(size)]
  // As many as a program does that runs for a while: the first thousands still wait for Node's compiler.
  const rounds = Math.ceil(10_000 * effort)
  // One after the other: a program has one vault open, and there is no ratio to hold.
  const { small: ofSmall } = await alternate(rounds, { small: less.read })
  const { large: ofLarge } = await alternate(rounds, { large: more.read })
  const samples = { small: ofSmall, large: ofLarge }
  less.close()
  more.close()
  const goals = { atMost: 0.3 }
  const p95 = (all: readonly number[]) => percentile(all, 0.95)
  return [
    ...versusSmall('read by path', 'ms', { size, small }, median, samples, goals),
    ...versusSmall('read by path, 95 of 100', 'ms', { size, small }, p95, samples, {}),
  ]
}

/** Listing the large folder. */
export async function measureListing(place: Workplace): Promise<Result[]> {
  const { size, effort } = place.options
  const vault = await openVault(await place.vault({ size, versions: 3 }))
  const store = vault.store(mount)
  const folder = FolderPath.parse(largeFolder)
  const children = largeFolderSize(size)
  const list = async () => {
    let found = 0
    const took = await timed(async () => {
      found = (await store.list(folder)).items.length
    })
    if (found !== children) throw new Error('bench: a list is not whole')
    return took
  }
  const { samples } = await alternate(Math.ceil(60 * effort), { samples: list })
  vault.close()
  const measure = `list a folder of ${children.toLocaleString('en')}`
  return [
    { measure, unit: 'ms', value: median(samples), ...goalsAt(size, { atMost: 40 }) },
    { measure: `${measure}, 95 of 100`, unit: 'ms', value: percentile(samples, 0.95) },
  ]
}
