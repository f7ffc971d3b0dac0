import { copyFileSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import type { Page } from '@playwright/test'
import { SecretData, SecretPath } from '../../src-main/contract/model'
import { systemClock as clock, systemRandom as random } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'
import { expect, lookAt, test } from '../support/coffret-test'
import { giveToApp, launchCoffret, type RunningCoffret } from '../support/electron-app'
import {
  answerDialogs,
  createSecret,
  createVault,
  openSecret,
  passphrase,
  unlock,
  vaultFile,
} from '../support/window-steps'

/** Makes a vault with two secrets, closes the app, and does something to its file. */
async function closedAfter(
  coffret: RunningCoffret,
  change: (file: string) => Promise<void> | void,
) {
  const file = vaultFile(coffret)
  await createVault(coffret.page)
  await createSecret(coffret.page, 'prod/db', '{"password":"first"}')
  await createSecret(coffret.page, 'prod/api', '{"token":"first"}')
  await coffret.close()
  await change(file)
  return { file, again: await launchCoffret({ profile: coffret.profile }) }
}

/** Another copy of a vault, in which a secret got a version and another one was made. */
async function conflictedCopy(file: string): Promise<string> {
  const copy = join(file, '..', 'personal (conflicted copy).coffret')
  copyFileSync(file, copy)
  const vault = LocalVault.open({ file: copy, clock, random })
  await vault.unlockWithPassphrase(new TextEncoder().encode(passphrase))
  const [store] = vault.stores()
  const data = SecretData.parse('{"password":"from the other copy"}')
  await store?.write(SecretPath.parse('prod/db'), { mode: 'upsert', data })
  await store?.write(SecretPath.parse('prod/new'), { mode: 'upsert', data })
  vault.close()
  giveToApp(copy)
  return copy
}

async function openCheck(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Vault settings of/ }).click()
  await page.getByRole('tab', { name: 'Check' }).click()
}

test('a vault is verified, and another copy is merged into it after a look', async ({
  coffret,
}) => {
  let copy = ''
  const { again } = await closedAfter(coffret, async (file) => {
    copy = await conflictedCopy(file)
  })
  try {
    const { page, app } = again
    const before = readFileSync(copy)
    await unlock(page)
    await openCheck(page)
    await lookAt(page, '90-check')
    await page.getByRole('button', { name: 'Verify', exact: true }).click()
    await expect(page.getByText('Everything is in order.')).toBeVisible()
    await lookAt(page, '91-check-whole')
    await answerDialogs(app, copy)
    await page.getByRole('button', { name: 'Choose the other copy…' }).click()
    await expect(page.getByText('1 secret that only the other copy has')).toBeVisible()
    await lookAt(page, '92-merge-plan')
    await page.getByRole('button', { name: 'Merge', exact: true }).click()
    await expect(page.getByText('The other copy is merged.')).toBeVisible()
    await lookAt(page, '93-merged')
    await openSecret(page, 'prod/new')
    expect(readFileSync(copy).equals(before)).toBe(true)
  } finally {
    await again.close()
  }
})

test('a damaged value is named, and the rest is saved into a new file', async ({ coffret }) => {
  const { again, file } = await closedAfter(coffret, (file) => {
    const database = new DatabaseSync(file)
    database.exec(
      'UPDATE records SET body = zeroblob(92) WHERE kind = 4 AND rowid = ' +
        '(SELECT min(rowid) FROM records WHERE kind = 4)',
    )
    database.close()
  })
  try {
    const { page, app } = again
    await unlock(page)
    await openCheck(page)
    await page.getByRole('button', { name: 'Verify', exact: true }).click()
    await expect(page.getByText('The value of a version is damaged')).toBeVisible()
    await expect(page.getByText('secret/prod/db v1')).toBeVisible()
    await lookAt(page, '94-check-damaged')
    await answerDialogs(app, file.replace('personal', 'saved'))
    await page.getByRole('button', { name: 'Repair into a new file…' }).click()
    await expect(page.getByText(/The new file is written and verified/)).toBeVisible()
    await lookAt(page, '95-repaired')
  } finally {
    await again.close()
  }
})

test('opening a second file of a vault leads to merging it', async ({ coffret }) => {
  let copy = ''
  const { again } = await closedAfter(coffret, async (file) => {
    copy = await conflictedCopy(file)
  })
  try {
    const { page, app } = again
    await answerDialogs(app, copy)
    await page.getByRole('button', { name: 'Open a vault file' }).click()
    await expect(page.getByText(/listed already, from another file/)).toBeVisible()
    await lookAt(page, '96-second-file')
    await unlock(page)
    await expect(page.getByText('1 secret that only the other copy has')).toBeVisible()
  } finally {
    await again.close()
  }
})

test('a write of another program is shown, and a file that was replaced is opened again', async ({
  coffret,
}) => {
  const { again, file } = await closedAfter(coffret, () => undefined)
  try {
    const { page } = again
    await unlock(page)
    await expect(page.getByText('2 secrets')).toBeVisible()
    const other = LocalVault.open({ file, clock, random })
    await other.unlockWithPassphrase(new TextEncoder().encode(passphrase))
    const data = SecretData.parse('{"password":"x"}')
    await other.stores()[0]?.write(SecretPath.parse('written/elsewhere'), { mode: 'upsert', data })
    other.close()
    await expect(page.getByText('3 secrets')).toBeVisible()
    copyFileSync(file, `${file}.other`)
    giveToApp(`${file}.other`)
    renameSync(`${file}.other`, file)
    await expect(page.getByText(/has replaced the file of personal/)).toBeVisible()
    await lookAt(page, '97-replaced')
    await page.getByRole('button', { name: 'Open again' }).click()
    await unlock(page)
    await expect(page.getByText('3 secrets')).toBeVisible()
  } finally {
    await again.close()
  }
})
