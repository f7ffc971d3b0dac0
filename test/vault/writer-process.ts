import { MountName, SecretData, SecretPath } from '../../src-main/contract/model'
import { systemClock, systemRandom } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'

/**
 * A program that writes to a vault until it has written enough or is killed. It says a line for each
 * write that was acknowledged. Arguments: file, recovery words, path, count.
 */
const [file = '', words = '', at = '', count = '0'] = process.argv.slice(2)
const vault = LocalVault.open({ file, clock: systemClock, random: systemRandom })
await vault.unlockWithRecoveryWords(words)
const store = vault.store(MountName.parse('secret'))
for (let n = 1; n <= Number(count); n += 1) {
  // Large enough for several pages, so that a kill may fall between two of them.
  const data = SecretData.parse(JSON.stringify({ n, filler: 'x'.repeat(9000) }))
  const { version } = await store.write(SecretPath.parse(at), { mode: 'upsert', data })
  process.stdout.write(`${version?.version}\n`)
}
vault.close()
