import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  SecretData,
  SecretPath,
  VersionNumber,
  type MountName,
} from '../../src-main/contract/model'
import { systemRandom } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'
import { describeSecretStore, type StoreUnderTest } from '../conformance/secret-store'
import { StandingClock, cheapKdf, kvMount, newVault, passphrase, secretMount } from './new-vault'

function makeStore(mount: MountName, sharesTurns = false) {
  return async (): Promise<StoreUnderTest> => {
    const folder = mkdtempSync(join(tmpdir(), 'coffret-test-'))
    const clock = new StandingClock()
    const { vault } = await LocalVault.create({
      file: join(folder, 'test.coffret'),
      passphrase,
      clock,
      random: systemRandom,
      kdf: cheapKdf,
      sharesTurns,
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

const versioned = [
  ...plain,
  ...(['versions', 'cas', 'metadata', 'settings', 'states', 'emptySecrets'] as const),
]

describeSecretStore('the versioned mount of a local vault', makeStore(secretMount), versioned)

const sharing = makeStore(secretMount, true)

describeSecretStore('the versioned mount of a vault that shares turns', sharing, versioned)

describeSecretStore('the plain mount of a local vault', makeStore(kvMount), plain)

test('metadata and a version at once are what each of them is alone', async () => {
  const { vault } = await newVault()
  const store = vault.store(secretMount)
  const path = SecretPath.parse('folder/secret')
  const missing = expect.objectContaining({ code: 'not_found' })
  await expect(store.readSecret?.(path)).rejects.toThrow(missing)
  await store.write(path, { mode: 'create', settings: { customMetadata: [['a', 'b']] } })
  expect(await store.readSecret?.(path)).toEqual({ metadata: await store.readMetadata(path) })
  for (const n of [1, 2, 3]) {
    await store.write(path, { mode: 'update', data: SecretData.parse(`{"n":${n}}`) })
  }
  await store.setState(path, [VersionNumber.parse(1)], 'deleted')
  await store.setState(path, [VersionNumber.parse(2)], 'deactivated')
  const metadata = await store.readMetadata(path)
  for (const number of [1, 2, 3].map((n) => VersionNumber.parse(n))) {
    const version = await store.readVersion(path, number)
    expect(await store.readSecret?.(path, number)).toEqual({ metadata, version })
  }
  const version = await store.readVersion(path)
  expect(version.data).toBe('{"n":3}')
  expect(await store.readSecret?.(path)).toEqual({ metadata, version })
  expect(await store.readSecret?.(path, 4)).toEqual({ metadata })
})
