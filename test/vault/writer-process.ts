import { setTimeout } from 'node:timers/promises'
import { MountName, SecretData, SecretPath } from '../../src-main/contract/model'
import { systemClock, systemRandom } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'

/**
 * A program that writes to a vault until it has written enough or is killed. It begins when its input
 * ends, and says a line for each write that was acknowledged: its number, the version that it made, and a
 * dot, without which it was cut off.
 * Arguments: file, recovery words, path, first number, count, how many are asked for at once. A `#` in the
 * path stands for one of five.
 */
const [file = '', words = '', at = '', ...numbers] = process.argv.slice(2)
const [first = 1, count = 0, atOnce = 1] = numbers.map(Number)
for await (const chunk of process.stdin) void chunk
const sharesTurns = atOnce > 1
const vault = LocalVault.open({ file, clock: systemClock, random: systemRandom, sharesTurns })
await vault.unlockWithRecoveryWords(words)
const store = vault.store(MountName.parse('secret'))
for (let n = first; n < first + count; n += atOnce) {
  await Promise.all(Array.from({ length: atOnce }, (_, more) => write(n + more)))
  // SQLite gives turns to nobody: without a pause one program may write all of its before the others.
  await setTimeout(n % 3)
}
vault.close()

async function write(n: number): Promise<void> {
  // Up to several pages, so that a kill may fall between two of them.
  const data = SecretData.parse(JSON.stringify({ n, filler: 'x'.repeat((n * 1733) % 9000) }))
  const path = SecretPath.parse(at.replace('#', String(n % 5)))
  const { version } = await store.write(path, { mode: 'upsert', data })
  process.stdout.write(`${n} ${version?.version} .\n`)
}
