import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FolderPath } from '../../src-main/contract/model'
import { searchThreads } from '../../src-main/vault/search/search-threads'
import { largeFolder, mount, pathOf } from './fixture'
import { indexAt } from './measures/writing'
import { openVault } from './workplace'

/** What {@link main} says, in bytes. */
export interface MemoryReport {
  /** What is resident of a process that has loaded the engine and opened nothing. */
  readonly baseline: number
  /** The same with the vault open and the index built, with the thread that keeps it. */
  readonly resident: number
  /** JavaScript objects of the main thread. */
  readonly heap: number
  /** The most that was resident at any time. */
  readonly peak: number
}

/**
 * A program that opens a vault, uses it, builds its index, and says what memory that takes. Arguments: file, size; the
 * recovery words come on its standard input. To be run with `--expose-gc`.
 */
async function main(): Promise<void> {
  const [file = '', size = '0'] = process.argv.slice(2)
  const words = readFileSync(0, 'utf8')
  const baseline = settled().rss
  const vault = await openVault(
    { file, words },
    { search: searchThreads(join(__dirname, 'search-worker.cjs')) },
  )
  const store = vault.store(mount)
  for (let round = 0; round < 1000; round += 1) {
    await store.readVersion(pathOf(indexAt(round, Number(size)), Number(size)))
  }
  await store.list(FolderPath.parse(largeFolder))
  const { secrets } = await vault.search.build()
  if (secrets !== Number(size)) throw new Error('bench: the index is not whole')
  await vault.search.query({ text: 'production', limit: 100 })
  const { rss, heapUsed } = settled()
  const report: MemoryReport = {
    baseline,
    resident: rss,
    heap: heapUsed,
    peak: process.resourceUsage().maxRSS * 1024,
  }
  process.stdout.write(JSON.stringify(report))
  vault.close()
}

function settled(): NodeJS.MemoryUsage {
  globalThis.gc?.()
  return process.memoryUsage()
}

void main()
