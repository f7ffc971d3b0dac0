import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MountName } from '../../src-main/contract/model'
import { systemRandom } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'
import { describeSecretStore, type StoreUnderTest } from '../conformance/secret-store'
import { StandingClock, cheapKdf, kvMount, passphrase, secretMount } from './new-vault'

function makeStore(mount: MountName) {
  return async (): Promise<StoreUnderTest> => {
    const folder = mkdtempSync(join(tmpdir(), 'coffret-test-'))
    const clock = new StandingClock()
    const { vault } = await LocalVault.create({
      file: join(folder, 'test.coffret'),
      passphrase,
      clock,
      random: systemRandom,
      kdf: cheapKdf,
    })
    return {
      store: vault.store(mount),
      advance: (ms) => clock.advance(ms),
      close: () => {
        vault.close()
        rmSync(folder, { recursive: true })
      },
    }
  }
}

const plain = ['write', 'rename', 'drafts', 'exactText', 'anyName', 'emptyData', 'bin'] as const

describeSecretStore('the versioned mount of a local vault', makeStore(secretMount), [
  ...plain,
  'versions',
  'cas',
  'metadata',
  'settings',
  'states',
  'emptySecrets',
])

describeSecretStore('the plain mount of a local vault', makeStore(kvMount), plain)
