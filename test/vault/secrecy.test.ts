import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { StoreId, CustomMetadata, SecretData, SecretPath } from '../../src-main/contract/model'
import { Database } from '../../src-main/vault/database'
import { kvMount, newVault, passphrase, secretMount } from './new-vault'

const path = (text: string) => SecretPath.parse(text)

/** A text in every form in which a search of the disk would find it. */
function forms(text: string): Buffer[] {
  const utf8 = Buffer.from(text)
  // In base64 a text looks different at each of three offsets; the ends depend on what is around.
  const base64 = [0, 1, 2].map((shift) => {
    const coded = Buffer.concat([Buffer.alloc(shift), utf8]).toString('base64')
    return Buffer.from(coded.slice(shift === 0 ? 0 : 4, -4))
  })
  const hex = utf8.toString('hex')
  return [
    utf8,
    Buffer.from(text, 'utf16le'),
    Buffer.from(hex),
    Buffer.from(hex.toUpperCase()),
    ...base64,
  ]
}

test('the forms are found where they are', () => {
  const text = 'canary-value-55d1'
  const found = forms(text).map((form) => form.length > 8)
  expect(found).not.toContain(false)
  const inBase64 = Buffer.from(Buffer.from(`{"x":"${text}"}`).toString('base64'))
  expect(forms(text).some((form) => inBase64.includes(form))).toBe(true)
})

test('no path, key name, value, metadata, draft, passphrase or word is in the file', async () => {
  const { vault, file, recoveryWords } = await newVault()
  const store = vault.store(secretMount)
  const canaries = {
    path: 'canary-folder-81aa/canary-secret-f2c4',
    key: 'canary-key-77b0',
    value: 'canary-value-55d1',
    word: 'canary-word-1b2c',
    plain: 'canary-plain-90fe',
    draft: 'canary-draft-3e4d',
    moved: 'canary-moved-6a6a',
  }
  const journal: Buffer[] = []
  /** A write whose journal is looked at while it lies on the disk. */
  const during = (sql: () => void) => {
    const database = Database.open(file, 50)
    database.write(() => {
      sql()
      database.run('UPDATE records SET body = body || zeroblob(0)')
      database.run('UPDATE names SET body = body || zeroblob(0)')
      if (existsSync(`${file}-journal`)) journal.push(readFileSync(`${file}-journal`))
    })
    database.close()
  }
  const data = SecretData.parse(JSON.stringify({ [canaries.key]: canaries.value }))
  const customMetadata = CustomMetadata.parse([['owner', canaries.word]])
  await store.write(path(canaries.path), { mode: 'create', data, settings: { customMetadata } })
  await store.write(path(canaries.path), { mode: 'update', data })
  await vault.store(kvMount).write(path(canaries.plain), { mode: 'create', data })
  await store.transfer({
    from: path(canaries.path),
    to: path(canaries.moved),
    kind: 'secret',
    keepSource: true,
  })
  const draftOf = { store: StoreId.parse(`${vault.id}/secret`), baseVersion: 0 }
  vault.drafts.keep({ ...draftOf, path: canaries.draft, text: canaries.value })
  during(() => undefined)
  expect(journal).toHaveLength(1)
  const searched = [readFileSync(file), ...journal]
  const secrets = [
    ...Object.values(canaries).flatMap((canary) => canary.split('/')),
    new TextDecoder().decode(passphrase),
    recoveryWords.join(' '),
  ]
  for (const secret of secrets) {
    for (const form of forms(secret)) {
      expect(
        searched.some((bytes) => bytes.includes(form)),
        secret,
      ).toBe(false)
    }
  }
})

test('equal names, values and secrets look different each time', async () => {
  const { vault, file } = await newVault()
  const store = vault.store(secretMount)
  const data = SecretData.parse('{"same":"value"}')
  for (const at of ['a/same', 'b/same', 'same']) {
    await store.write(path(at), { mode: 'create', data })
  }
  const database = Database.open(file, 50)
  for (const column of ['name FROM names', 'body FROM names', 'body FROM records']) {
    const cells = database
      .all(`SELECT ${column}`)
      .map((row) => Buffer.from(Object.values(row)[0] as Uint8Array).toString('hex'))
    expect(new Set(cells).size).toBe(cells.length)
  }
  database.close()
})

test('values of one padded length take the same room', async () => {
  const { vault, file } = await newVault()
  const store = vault.store(secretMount)
  const lengths = async (value: string) => {
    await store.write(path('x'), {
      mode: 'upsert',
      data: SecretData.parse(JSON.stringify({ value })),
    })
    const database = Database.open(file, 50)
    const row = database.get(
      'SELECT length(body) AS n FROM records WHERE kind = 4 ORDER BY version DESC',
    )
    database.close()
    return row?.['n']
  }
  expect(await lengths('a')).toBe(await lengths('x'.repeat(40)))
  // Compression would make these differ.
  expect(await lengths('a'.repeat(900))).toBe(await lengths('q8!Z'.repeat(225)))
})
