import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { systemRandom } from '../../src-main/env'
import { Database } from '../../src-main/vault/database'
import { UnlockedVault, deriveKeys } from '../../src-main/vault/unlocked-vault'
import { layOutVault, prepareVault } from '../../src-main/vault/vault-creation'
import { createVaultFile } from '../../src-main/vault/vault-file'
import { StandingClock, cheapKdf, passphrase, temporaryFolder } from './new-vault'

/** A new vault under its stores, without what opens and locks it. It closes when the test ends. */
export async function newUnlocked() {
  const environment = { clock: new StandingClock(), random: systemRandom }
  const { header, dataKey } = await prepareVault({ ...environment, passphrase, kdf: cheapKdf })
  const file = join(temporaryFolder(), 'unlocked.coffret')
  createVaultFile(file)
  const database = Database.onEmptyFile(file, 50)
  onTestFinished(() => database.close())
  layOutVault(database, header, dataKey, environment)
  const keys = deriveKeys(dataKey, header.vaultId)
  const unlocked = UnlockedVault.enter(database, header.vaultId, keys, environment)
  return { unlocked, file, vaultId: header.vaultId }
}
