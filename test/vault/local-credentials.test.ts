import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { CredentialId, Scope, fullScope } from '../../src-main/contract/access'
import type { EpochMs } from '../../src-main/contract/model'
import { isGood } from '../../src-main/kv/credential-book'
import { maxCredentials, useGrainMs } from '../../src-main/vault/local-credentials'
import { Database } from '../../src-main/vault/database'
import { newVault } from './new-vault'
import { changing, reading } from './raw-file'

const sha256 = (text: string) => new Uint8Array(createHash('sha256').update(text).digest())
const token = (name: string) => ({
  kind: 'token' as const,
  hash: sha256(name),
  name,
  scope: fullScope,
})
const readProd = Scope.parse({ prefixes: ['secret/prod'], rights: ['list', 'readData'] })

test('a credential is found by its hash, with what it may do', async () => {
  const { vault, clock, unlock } = await newVault()
  const expiresAt = (clock.now() + 1000) as EpochMs
  const made = vault.credentials.add({ ...token('ci'), scope: readProd, expiresAt })
  const other = await unlock()
  for (const { credentials } of [vault, other]) {
    expect(credentials.find('token', sha256('ci'))).toEqual(made)
    expect(credentials.find('token', sha256('c'))).toBeUndefined()
    expect(credentials.find('certificate', sha256('ci'))).toBeUndefined()
  }
  expect(made).toEqual({
    ...{ id: made.id, kind: 'token', name: 'ci', scope: readProd },
    ...{ createdAt: clock.now(), expiresAt },
  })
})

test('the list has the newest first, and of a certificate the fingerprint', async () => {
  const { vault, clock } = await newVault()
  const id = CredentialId.parse('41111111-1111-4111-8111-111111111111')
  vault.credentials.add(token('first'))
  clock.advance(1)
  vault.credentials.add({ ...token('second'), kind: 'certificate', id })
  const [second, first] = vault.credentials.list()
  expect(first).toMatchObject({ name: 'first', kind: 'token' })
  expect(first).not.toHaveProperty('fingerprint')
  expect(second).toMatchObject({ id, name: 'second', kind: 'certificate' })
  expect(second?.fingerprint?.replaceAll(':', '').toLowerCase()).toBe(
    Buffer.from(sha256('second')).toString('hex'),
  )
})

test('one is good until it expires or is revoked', async () => {
  const { vault, clock } = await newVault()
  const expiresAt = (clock.now() + 10) as EpochMs
  const made = vault.credentials.add({ ...token('ci'), expiresAt })
  expect(isGood(made, (expiresAt - 1) as EpochMs)).toBe(true)
  expect(isGood(made, expiresAt)).toBe(false)
  expect(isGood({ ...made, revokedAt: clock.now() }, clock.now())).toBe(false)
})

test('what one process revokes or removes is known to the other with its next request', async () => {
  const { vault, clock, unlock } = await newVault()
  const other = await unlock()
  const [a, b] = [vault.credentials.add(token('a')), vault.credentials.add(token('b'))]
  expect(other.credentials.find('token', sha256('a'))).toEqual(a)
  vault.credentials.revoke(a.id)
  expect(other.credentials.find('token', sha256('a'))?.revokedAt).toBe(clock.now())
  expect(other.credentials.find('token', sha256('b'))).toEqual(b)
  other.credentials.remove(b.id)
  expect(vault.credentials.find('token', sha256('b'))).toBeUndefined()
  expect(vault.credentials.list()).toHaveLength(1)
})

test('revoking again changes nothing; what is not there is not found', async () => {
  const { vault, clock } = await newVault()
  const { id } = vault.credentials.add(token('a'))
  vault.credentials.revoke(id)
  const before = vault.credentials.list()
  clock.advance(1000)
  vault.credentials.revoke(id)
  expect(vault.credentials.list()).toEqual(before)
  vault.credentials.remove(id)
  const notFound = expect.objectContaining({ code: 'not_found' })
  expect(() => vault.credentials.remove(id)).toThrow(notFound)
  expect(() => vault.credentials.revoke(id)).toThrow(notFound)
})

test('a hash is there once, and a vault has at most 1,000', async () => {
  const { vault } = await newVault()
  vault.credentials.add(token('0'))
  const code = (name: string) => expect.objectContaining({ code: name })
  expect(() => vault.credentials.add(token('0'))).toThrow(code('exists'))
  expect(() => vault.credentials.add({ ...token('0'), kind: 'certificate' })).toThrow(
    code('exists'),
  )
  expect(maxCredentials).toBe(1000)
})

test('a locked vault finds nobody', async () => {
  const { vault } = await newVault()
  vault.credentials.add(token('a'))
  vault.credentials.find('token', sha256('a'))
  vault.lock()
  const locked = expect.objectContaining({ code: 'locked' })
  expect(() => vault.credentials.find('token', sha256('a'))).toThrow(locked)
  expect(() => vault.credentials.list()).toThrow(locked)
})

test('the file has neither a name nor a hash', async () => {
  const { vault, file } = await newVault()
  vault.credentials.add(token('canary-name'))
  const rows = reading(file)('SELECT id, body FROM records WHERE kind = 8')
  expect(rows).toHaveLength(1)
  const bytes = Buffer.concat([rows[0]!['id'] as Uint8Array, rows[0]!['body'] as Uint8Array])
  expect(bytes.includes('canary-name')).toBe(false)
  expect(bytes.includes(Buffer.from(sha256('canary-name').subarray(0, 8)))).toBe(false)
})

test('a credential that was put back from an older copy of the file is damage', async () => {
  const { vault, file, unlock } = await newVault()
  const { id } = vault.credentials.add(token('a'))
  const [before] = reading(file)('SELECT body FROM records WHERE kind = 8')
  vault.credentials.revoke(id)
  const other = await unlock()
  const change = changing(file)
  change('UPDATE records SET body = ? WHERE kind = 8', before!['body']!)
  const corrupt = expect.objectContaining({ code: 'corrupt' })
  expect(() => other.credentials.find('token', sha256('a'))).toThrow(corrupt)
  expect(() => other.credentials.list()).toThrow(corrupt)
})

/** What is written of last uses, as another process sees it. */
async function used() {
  const made = await newVault()
  const { credentials } = made.vault
  const { id } = credentials.add(token('a'))
  const use = () => {
    credentials.find('token', sha256('a'))
    credentials.touch(id)
  }
  const other = await made.unlock()
  return { ...made, credentials, id, use, written: () => other.credentials.list()[0]?.usedAt }
}

test('a last use is shown at once, and written when the vault is locked', async () => {
  const { vault, clock, credentials, use, written } = await used()
  use()
  expect(credentials.list()[0]?.usedAt).toBe(clock.now())
  expect(written()).toBeUndefined()
  vault.lock()
  expect(written()).toBe(clock.now())
})

test('last uses cost one write in a minute', async () => {
  const { vault, clock, use, written } = await used()
  const generation = () => reading(vault.file)('SELECT body FROM state')[0]?.['body']
  const before = generation()
  for (let ms = 0; ms < useGrainMs; ms += 1000) {
    use()
    clock.advance(1000)
  }
  expect(generation()).toEqual(before)
  use()
  expect(written()).toBe(clock.now())
})

test('a use is nobody’s failure while another program writes, and is written later', async () => {
  const { vault, clock, use, written } = await used()
  use()
  clock.advance(useGrainMs)
  const database = Database.open(vault.file, 50)
  database.write(use)
  expect(written()).toBeUndefined()
  clock.advance(useGrainMs)
  use()
  expect(written()).toBe(clock.now())
  database.close()
})

test('a use of what was removed meanwhile is nothing', async () => {
  const { vault, credentials, id, use, unlock } = await used()
  use()
  const other = await unlock()
  other.credentials.remove(id)
  credentials.touch(id)
  vault.lock()
  expect(other.credentials.list()).toEqual([])
})
