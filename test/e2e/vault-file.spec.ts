import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { expect, lookAt, test } from '../support/coffret-test'
import { launchCoffret, type RunningCoffret } from '../support/electron-app'
import {
  createSecret,
  createVault,
  foundIn,
  mysql,
  passphrase,
  unlock,
  vaultFile,
} from '../support/window-steps'

/** Everything of the secret that must not be read off the disk. */
const markers = [
  'database',
  'MySQL',
  'login',
  'my_secret_password',
  '1.1.1.1',
  'projectmarker',
  'teammarker',
  passphrase,
]

test('nothing of a secret can be found on the disk', async ({ coffret, page }) => {
  await createVault(page)
  await createSecret(page, mysql.path, mysql.json.replace('"admin"', '"projectmarker"'))
  await createSecret(page, 'teammarker/one', '{"projectmarker":"my_secret_password"}')
  await coffret.close()
  const files = readdirSync(coffret.profile, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  expect(files).toContain(vaultFile(coffret))
  const found = files.flatMap((file) => foundIn(file, markers).map((marker) => ({ file, marker })))
  expect(found).toEqual([])
})

test('the search above would find what is there', () => {
  const file = join(test.info().outputDir, 'plain')
  test.info().outputPath('plain')
  writeFileSync(
    file,
    Buffer.from('x'.repeat(7) + Buffer.from('abmy_secret_password').toString('base64')),
  )
  expect(foundIn(file, markers)).toEqual(['my_secret_password'])
})

/** Makes a vault, closes the app, does something to the file, and starts the app again. */
async function reopened(
  coffret: RunningCoffret,
  change: (file: string) => void,
): Promise<{ coffret: RunningCoffret; before: Buffer; file: string }> {
  const file = vaultFile(coffret)
  await createVault(coffret.page)
  await coffret.close()
  change(file)
  const before = readFileSync(file)
  return { coffret: await launchCoffret({ profile: coffret.profile }), before, file }
}

const cases: readonly [name: string, change: (file: string) => void, words: RegExp][] = [
  [
    'a damaged file',
    (file) => {
      const database = new DatabaseSync(file)
      database.exec('UPDATE header SET mac = zeroblob(32)')
      database.close()
    },
    /damaged/,
  ],
  [
    'a file of a newer format',
    (file) => {
      const database = new DatabaseSync(file)
      database.exec('PRAGMA user_version = 99')
      database.close()
    },
    /newer Coffret/,
  ],
  [
    'a file that is no vault',
    (file) => writeFileSync(file, 'not a vault at all'),
    /no Coffret vault/,
  ],
  ['a file that cannot be written', (file) => chmodSync(file, 0o400), /cannot be written/],
]

for (const [name, change, words] of cases) {
  test(`${name} is said in its own words, and not changed`, async ({ coffret }) => {
    const again = await reopened(coffret, change)
    try {
      const { page } = again.coffret
      const field = page.getByLabel('Passphrase', { exact: true })
      // Before that the page asks for nothing, and says nothing.
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      if (await field.isVisible()) await unlock(page)
      await expect(page.getByText(words).first()).toBeVisible()
      expect(readFileSync(again.file).equals(again.before)).toBe(true)
    } finally {
      await again.coffret.close()
    }
  })
}

test('a wrong passphrase is said as such, and the right one still opens', async ({ coffret }) => {
  const again = await reopened(coffret, () => undefined)
  try {
    const { page } = again.coffret
    await unlock(page, 'not the passphrase')
    await expect(page.getByText(/does not open this vault/)).toBeVisible()
    await lookAt(page, '06-unlock-refused')
    expect(readFileSync(again.file).equals(again.before)).toBe(true)
    await unlock(page)
    await expect(page.getByText('No secrets yet')).toBeVisible()
  } finally {
    await again.coffret.close()
  }
})

test('a file that another program holds is said as such', async ({ coffret }) => {
  const again = await reopened(coffret, () => undefined)
  // Another process: locks of one process do not keep itself out.
  const holder = spawn(process.execPath, [
    '-e',
    `const { DatabaseSync } = require('@photostructure/sqlite')
     new DatabaseSync(process.argv[1]).exec('BEGIN EXCLUSIVE')
     console.log('held')
     setInterval(() => {}, 1000)`,
    again.file,
  ])
  try {
    await once(holder.stdout, 'data')
    const { page } = again.coffret
    await unlock(page)
    await expect(page.getByText(/Another program is using the vault file/)).toBeVisible()
    expect(readFileSync(again.file).equals(again.before)).toBe(true)
  } finally {
    holder.kill()
    await again.coffret.close()
  }
})
