import { systemClock, systemRandom } from '../../src-main/env'
import { FolderPath, MountName, SecretData, SecretPath } from '../../src-main/contract/model'
import { LocalVault } from '../../src-main/vault/local-vault'
import { expect, lookAt, test } from '../support/coffret-test'
import {
  contentMode,
  createSecret,
  createVault,
  passphrase,
  setValue,
  vaultFile,
} from '../support/window-steps'

test('a save over a version that came meanwhile opens the conflict screen', async ({
  coffret,
  page,
}) => {
  await createVault(page)
  await createSecret(page, 'app/db', '{"login":"admin","password":"one","host":"a"}')
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await contentMode(page, 'Key/value')
  await setValue(page, 'password', 'mine')

  // Another program, on the same file.
  const vault = LocalVault.open({
    file: vaultFile(coffret),
    clock: systemClock,
    random: systemRandom,
  })
  const path = SecretPath.parse('app/db')
  try {
    await vault.unlockWithPassphrase(Buffer.from(passphrase))
    const store = vault.store(MountName.parse('secret'))
    expect((await store.list(FolderPath.parse('app'))).items).toHaveLength(1)
    const theirs = SecretData.parse('{"login":"root","password":"theirs","host":"a"}')
    await store.write(path, { mode: 'update', data: theirs, cas: 1 })

    await page.getByRole('button', { name: 'Review changes' }).click()
    await page.getByRole('button', { name: 'Save as version 2' }).click()
    await expect(page.getByRole('heading', { name: 'Somebody saved before you' })).toBeVisible()
    await page.getByLabel('Take mine for password').check()
    await page.getByLabel('Take theirs for login').check()
    await lookAt(page, '17-conflict')
    await page.getByRole('button', { name: 'Save as version 3' }).click()
    await expect(page.getByText('Saved as version 3')).toBeVisible()

    const merged = await store.readVersion(path)
    expect(JSON.parse(merged.data ?? '')).toEqual({ login: 'root', password: 'mine', host: 'a' })
    expect((await store.readVersion(path, merged.metadata.version)).metadata.version).toBe(3)
  } finally {
    vault.close()
  }
})
