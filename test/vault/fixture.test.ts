import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { FolderPath, SecretPath, VersionNumber } from '../../src-main/contract/model'
import { systemRandom } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'
import { formatVersion } from '../../src-main/vault/layout'
import { passphraseOf, writeFixture } from './fixture-content'
import { StandingClock, kvMount, secretMount, temporaryFolder } from './new-vault'

const folder = fileURLToPath(new URL('fixtures/', import.meta.url))
const fixture = (version: number) => join(folder, `format-${version}.coffret`)
const path = (text: string) => SecretPath.parse(text)

// Only for a new format: a fixture that was released is never written again.
if (process.env['COFFRET_NEW_FIXTURE'] === '1') {
  const file = fixture(formatVersion)
  rmSync(file, { force: true })
  const words = await writeFixture(file)
  writeFileSync(join(folder, `format-${formatVersion}.words.txt`), `${words.join(' ')}\n`)
}

/** A copy, since a vault is opened for writing. */
function opened(version: number): LocalVault {
  const file = join(temporaryFolder(), 'fixture.coffret')
  copyFileSync(fixture(version), file)
  const vault = LocalVault.open({
    file,
    clock: new StandingClock(1_700_000_100_000),
    random: systemRandom,
  })
  onTestFinished(() => vault.close())
  return vault
}

test('V-01: there is a fixture of every format so far', () => {
  const versions = Array.from({ length: formatVersion }, (_, at) => at + 1)
  expect(versions.filter((version) => !existsSync(fixture(version)))).toEqual([])
})

test.each(['passphrase', 'recovery words'])(
  'V-01: the fixture of format 1 opens with its %s, with the same content for ever',
  async (way) => {
    const vault = opened(1)
    if (way === 'passphrase') await vault.unlockWithPassphrase(passphraseOf())
    else {
      const words = readFileSync(join(folder, 'format-1.words.txt'), 'utf8').trim()
      await vault.unlock({ kind: 'recovery', words })
    }
    const store = vault.store(secretMount)
    const all = await store.listAll()
    expect(all.items.map((item) => item.path)).toEqual([
      'big',
      'prod/database/MySQL',
      'prod/Ünïcode 🔑',
    ])
    const metadata = await store.readMetadata(path('prod/database/MySQL'))
    expect(metadata.currentVersion).toBe(4)
    expect(metadata.customMetadata).toEqual([
      ['owner', 'ops'],
      ['réseau', 'privé'],
    ])
    expect(metadata.versions.map((version) => version.destroyed)).toEqual([
      true,
      false,
      false,
      false,
    ])
    const at = async (version: number) =>
      store.readVersion(path('prod/database/MySQL'), VersionNumber.parse(version))
    expect((await at(1)).state).toBe('deleted')
    expect((await at(2)).data).toBe(
      '{"login":"admin","n":2,"exact":1.0,"big":123456789012345678901}',
    )
    expect((await at(3)).state).toBe('deactivated')
    expect((await at(4)).data).toBe(
      '{"login":"admin","n":4,"exact":1.0,"big":123456789012345678901}',
    )
    expect((await store.readVersion(path('big'))).data).toHaveLength(40_013)
    expect((await store.list(FolderPath.parse('prod'))).items).toHaveLength(2)
    expect((await vault.store(kvMount).readVersion(path('plain'))).data).toBe('{"ttl":"1h"}')
    expect((await store.bin().list()).map((item) => item.path)).toEqual(['old/deleted'])
    expect(vault.drafts.open(store.id, 'unsaved')?.text).toBe('{"half":')
    expect((await store.readConfig()).maxVersions).toBe(7)
  },
)
