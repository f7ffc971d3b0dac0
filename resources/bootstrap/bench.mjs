import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprintOf, nameOf } from './fingerprint.mjs'
import { withLock } from './lock.mjs'
import { runMain } from './main.mjs'
import { cacheFolder, projectFolder } from './places.mjs'
import { run } from './run.mjs'
import { buildBench } from './steps/bench-build.mjs'
import { install } from './steps/install.mjs'
import { keepassxc } from './steps/keepassxc.mjs'

/** What a vault in the cache was made by. */
const sources = ['src-main/vault', 'src-main/kv', 'src-main/crypto', 'test/bench/fixture.ts']

// npm run bench [-- --only open,write --size 10000 --json FILE]; see test/bench/options.ts
await runMain(async () => {
  await withLock(projectFolder, install)
  const args = process.argv.slice(2)
  const isPartial = args.some((arg) => arg.startsWith('--only'))
  const compares = !isPartial || args.some((arg) => arg.includes('keepassxc'))
  const found = compares ? await keepassxc() : undefined
  const programs = await buildBench()
  try {
    // Two runs at once would measure each other.
    return await withLock('bench', async () => {
      const own = ['--cache', join(cacheFolder(), 'bench')]
      own.push('--key', nameOf(fingerprintOf(projectFolder, sources)))
      if (found !== undefined) own.push('--keepassxc', found)
      const all = [join(programs, 'bench.cjs'), ...own, ...args]
      return (await run(process.execPath, all, { show: true })).code
    })
  } finally {
    rmSync(programs, { recursive: true, force: true })
  }
})
