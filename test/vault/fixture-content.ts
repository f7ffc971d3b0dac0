import { SecretData, SecretPath, VersionNumber } from '../../src-main/contract/model'
import { systemRandom } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'
import { StandingClock, cheapKdf, kvMount, secretMount } from './new-vault'

/** The passphrase of the fixtures, with a letter that Unicode writes in two ways. */
export function passphraseOf(): Uint8Array {
  return new TextEncoder().encode('fixture é passphrase'.normalize('NFC'))
}

/** Writes a vault with one of everything. @returns its recovery words */
export async function writeFixture(file: string): Promise<string[]> {
  const clock = new StandingClock()
  const options = { file, clock, random: systemRandom, passphrase: passphraseOf(), kdf: cheapKdf }
  const { vault, recoveryWords } = await LocalVault.create(options)
  const store = vault.store(secretMount)
  const path = (text: string) => SecretPath.parse(text)
  const write = async (at: string, data: string) => {
    await store.write(path(at), { mode: 'upsert', data: SecretData.parse(data) })
    clock.advance(1000)
  }
  for (const n of [1, 2, 3, 4]) {
    await write(
      'prod/database/MySQL',
      `{"login":"admin","n":${n},"exact":1.0,"big":123456789012345678901}`,
    )
  }
  const mysql = path('prod/database/MySQL')
  await store.setState(mysql, [VersionNumber.parse(1)], 'deleted')
  await store.setState(mysql, [VersionNumber.parse(3)], 'deactivated')
  const customMetadata = [
    ['owner', 'ops'],
    ['réseau', 'privé'],
  ] as const
  await store.write(mysql, { mode: 'update', settings: { customMetadata } })
  await write('prod/Ünïcode 🔑', '{"schlüssel":"wörd"}')
  await write('big', `{"filler":"${'x'.repeat(40_000)}"}`)
  await write('old/deleted', '{"gone":"soon"}')
  await store.bin().discard({ kind: 'secret', path: path('old/deleted') })
  const plain = { mode: 'create', data: SecretData.parse('{"ttl":"1h"}') } as const
  await vault.store(kvMount).write(path('plain'), plain)
  vault.drafts.keep({ store: store.id, path: 'unsaved', baseVersion: 0, text: '{"half":' })
  await store.writeConfig({ maxVersions: 7 })
  vault.close()
  return recoveryWords
}
