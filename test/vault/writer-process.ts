import { setTimeout } from 'node:timers/promises'
import { MountName, SecretData, SecretPath } from '../../src-main/contract/model'
import { systemClock, systemRandom } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'

/**
 * A program that writes to a vault until it has written enough or is killed. It begins when its input
 * ends, and says a line for each write that was acknowledged: its number, the version that it made, and a
 * dot, without which it was cut off.
 * Arguments: file, recovery words, path, first number, count. A `#` in the path stands for one of five.
 */
const [file = '', words = '', at = '', first = '1', count = '0'] = process.argv.slice(2)
for await (const chunk of process.stdin) void chunk
const vault = LocalVault.open({ file, clock: systemClock, random: systemRandom })
await vault.unlockWithRecoveryWords(words)
const store = vault.store(MountName.parse('secret'))
for (let n = Number(first); n < Number(first) + Number(count); n += 1) {
  // Up to several pages, so that a kill may fall between two of them.
  const data = SecretData.parse(JSON.stringify({ n, filler: 'x'.repeat((n * 1733) % 9000) }))
  const path = SecretPath.parse(at.replace('#', String(n % 5)))
  const { version } = await store.write(path, { mode: 'upsert', data })
  process.stdout.write(`${n} ${version?.version} .\n`)
  // SQLite gives turns to nobody: without a pause one program may write all of its before the others.
  await setTimeout(n % 3)
}
vault.close()
