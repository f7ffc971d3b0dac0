import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { CredentialId, fullScope, type CredentialSummary } from '../../src-main/contract/access'
import type { EpochMs } from '../../src-main/contract/model'
import type { LocalVault } from '../../src-main/vault/local-vault'
import { StandingClock, newVault } from './new-vault'
import { changing } from './raw-file'
import { request } from './rotating'
import { again, mergeInto, twoCopies, unlocked } from './two-copies'

const sha256 = (text: string) => new Uint8Array(createHash('sha256').update(text).digest())
const authority = { certificate: new Uint8Array([1, 2]), privateKey: new Uint8Array([3, 4, 5]) }
const certificateId = CredentialId.parse('41111111-1111-4111-8111-111111111111')
const serialNumber = '41111111111141118111111111111111'

function token(vault: LocalVault, name: string): CredentialSummary {
  return vault.credentials.add({ kind: 'token', hash: sha256(name), name, scope: fullScope })
}

function certificate(vault: LocalVault, name: string, id = certificateId): CredentialSummary {
  const expiresAt = 1_900_000_000_000 as EpochMs
  const made = { id, name, hash: sha256(name), scope: fullScope, expiresAt }
  return vault.credentials.add({ kind: 'certificate', ...made })
}

/** An authority, a token, a revoked token and a revoked certificate. */
function fill(vault: LocalVault): void {
  vault.authority.keep(authority)
  token(vault, 'good')
  vault.credentials.revoke(token(vault, 'revoked').id)
  vault.credentials.revoke(certificate(vault, 'certificate').id)
}

const namesOf = (vault: LocalVault) => vault.credentials.list().map(({ name }) => name)

test('another data key leaves who may call as it is', async () => {
  const { vault, open } = await newVault()
  fill(vault)
  const before = { list: vault.credentials.list(), revoked: vault.authority.revocations() }
  const given = request(vault)
  expect(await vault.rotation.start(given)).toEqual({})
  const opened = open()
  await opened.unlockWithRecoveryWords(given.words)
  for (const one of [vault, opened]) {
    expect(one.credentials.list()).toEqual(before.list)
    expect(one.credentials.find('token', sha256('good'))).toMatchObject({ name: 'good' })
    expect(one.authority.find()).toEqual(authority)
    expect(one.authority.revocations()).toEqual(before.revoked)
  }
  expect(before.revoked).toMatchObject({ number: 2, revoked: [{ serialNumber }] })
})

test('a repaired vault lets the same callers in', async () => {
  const { vault, file } = await newVault()
  fill(vault)
  const saved = `${file}.saved.coffret`
  expect(await vault.run('repair', { file: saved })).toMatchObject({ lostCount: 0 })
  const copy = await unlocked(saved, new StandingClock())
  expect(copy.credentials.list()).toEqual(vault.credentials.list())
  expect(copy.authority.find()).toEqual(authority)
  expect(copy.authority.revocations()).toEqual(vault.authority.revocations())
})

test.each([
  [8, 'credential'],
  [9, 'authority'],
])('damage of kind %i is told as %s, and repaired without it', async (kind, what) => {
  const { vault, file } = await newVault()
  fill(vault)
  const one = `rowid = (SELECT max(rowid) FROM records WHERE kind = ${kind})`
  changing(file)(`UPDATE records SET body = zeroblob(92) WHERE ${one}`)
  expect(await vault.run('verify', undefined)).toMatchObject({
    problemCount: 1,
    problems: [{ what }],
  })
  const saved = `${file}.saved.coffret`
  expect(await vault.run('repair', { file: saved })).toMatchObject({ lost: [{ what }] })
  const copy = await unlocked(saved, new StandingClock())
  expect(copy.credentials.list()).toHaveLength(kind === 8 ? 2 : 3)
  expect(await copy.run('verify', undefined)).toMatchObject({ problemCount: 0 })
})

test('a record that was taken away is damage', async () => {
  const { vault, file } = await newVault()
  fill(vault)
  changing(file)('DELETE FROM records WHERE kind = 9')
  expect(await vault.run('verify', undefined)).toMatchObject({ problems: [{ what: 'authority' }] })
  expect(() => vault.authority.find()).toThrow(expect.objectContaining({ code: 'corrupt' }))
})

test('merging ends what the other copy has ended, and gives nobody access', async () => {
  const copies = await twoCopies(async (vault) => {
    vault.authority.keep(authority)
    for (const name of ['both', 'ended in b', 'removed in a']) token(vault, name)
    certificate(vault, 'certificate')
  })
  const { a, b } = copies
  const idOf = (vault: LocalVault, name: string) =>
    vault.credentials.list().find((one) => one.name === name)!.id
  b.credentials.revoke(idOf(b, 'ended in b'))
  b.credentials.revoke(certificateId)
  a.credentials.remove(idOf(a, 'removed in a'))
  token(b, 'new in b')
  const own = await again(a)
  await mergeInto(own, b.file, false)
  expect(own.credentials.list()).toEqual(a.credentials.list())
  for (let times = 0; times < 2; times += 1) {
    await mergeInto(own, b.file)
    expect(namesOf(own).sort()).toEqual(['both', 'certificate', 'ended in b'])
    const ended = own.credentials.list().filter(({ revokedAt }) => revokedAt !== undefined)
    expect(ended.map(({ name }) => name).sort()).toEqual(['certificate', 'ended in b'])
    expect(own.authority.revocations()).toMatchObject({ number: 2, revoked: [{ serialNumber }] })
  }
})

test('the other copy never brings its authority along', async () => {
  const { a, b } = await twoCopies()
  b.authority.keep(authority)
  await mergeInto(a, b.file)
  expect(a.authority.find()).toBeUndefined()
})

test('of two who make an authority the first one counts', async () => {
  const { vault, unlock } = await newVault()
  const other = await unlock()
  expect(vault.authority.keep(authority)).toEqual(authority)
  const late = { certificate: new Uint8Array([9]), privateKey: new Uint8Array([9]) }
  expect(other.authority.keep(late)).toEqual(authority)
  expect(other.authority.find()).toEqual(authority)
})

test('what was revoked once is listed once, also when it is removed then', async () => {
  const { vault, clock } = await newVault()
  vault.authority.keep(authority)
  certificate(vault, 'certificate')
  expect(vault.authority.revocations()).toEqual({ number: 1, revoked: [] })
  vault.credentials.revoke(certificateId)
  const revoked = [{ serialNumber, revokedAt: clock.now() }]
  expect(vault.authority.revocations()).toEqual({ number: 2, revoked })
  clock.advance(1000)
  vault.credentials.revoke(certificateId)
  vault.credentials.remove(certificateId)
  expect(vault.authority.revocations()).toEqual({ number: 2, revoked })
})
