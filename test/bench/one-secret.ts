import { readFileSync } from 'node:fs'
import { SecretPath } from '../../src-main/contract/model'
import { systemClock, systemRandom } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'
import { dataOf, mount } from './fixture'

/**
 * A program that opens a vault with the passphrase on its standard input and reads or adds one secret:
 * what a command line does. Arguments: `read` or `add`, file, path.
 */
async function main(): Promise<void> {
  const [action, file = '', at = ''] = process.argv.slice(2)
  const passphrase = new Uint8Array(readFileSync(0))
  const vault = LocalVault.open({ file, clock: systemClock, random: systemRandom })
  await vault.unlockWithPassphrase(passphrase)
  passphrase.fill(0)
  const store = vault.store(mount)
  const path = SecretPath.parse(at)
  if (action === 'add') await store.write(path, { mode: 'create', data: dataOf(0, 1) })
  else process.stdout.write((await store.readVersion(path)).data ?? '')
  vault.close()
}

void main()
