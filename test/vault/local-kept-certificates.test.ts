import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { KeptCertificateId, type CertificateFacts } from '../../src-main/contract/kept-certificate'
import type { EpochMs } from '../../src-main/contract/model'
import { systemRandom } from '../../src-main/env'
import { mergeKeptCertificates } from '../../src-main/vault/kept-certificate-records'
import {
  LocalKeptCertificates,
  maxKeptCertificates,
} from '../../src-main/vault/local-kept-certificates'
import type { LocalVault } from '../../src-main/vault/local-vault'
import { newUnlocked } from './new-unlocked'
import { StandingClock, newVault } from './new-vault'
import { changing } from './raw-file'
import { request } from './rotating'
import { again, mergeInto, twoCopies, unlocked } from './two-copies'

const factsOf = (n: number): CertificateFacts => ({
  ...{ subject: `CN=canary-subject ${n}`, issuer: 'CN=root', keyType: 'EC P-256' },
  sha256Fingerprint: Array.from({ length: 32 }, () => n.toString(16).padStart(2, '0'))
    .join(':')
    .toUpperCase(),
  validFrom: 1_600_000_000_000 as EpochMs,
  validTo: 1_800_000_000_000 as EpochMs,
  clientAuth: true,
})
const kept12 = {
  bytes: new TextEncoder().encode('canary-file'),
  password: 'canary-password-of-it',
}
const keep = (vault: LocalVault, n: number, name = `one ${n}`) =>
  vault.keptCertificates.keep({ name, facts: factsOf(n), file: kept12 })
const failing = (code: string) => expect.objectContaining({ code }) as unknown
const unknown = KeptCertificateId.parse('41111111-1111-4111-8111-111111111111')

test('certificates are listed by name, and no list has a key', async () => {
  const { vault, clock } = await newVault()
  keep(vault, 1, 'b')
  const a = keep(vault, 2, 'a')
  expect(a).toEqual({ ...factsOf(2), id: a.id, name: 'a', addedAt: clock.now() })
  expect(vault.keptCertificates.list().map(({ name }) => name)).toEqual(['a', 'b'])
  expect(JSON.stringify(vault.keptCertificates.list())).not.toMatch(
    /canary-(file|password)|Y2FuYXJ5/,
  )
  expect(vault.keptCertificates.fileOf(a.id)).toEqual(kept12)
  vault.lock()
  expect(() => vault.keptCertificates.list()).toThrow(failing('locked'))
})

test('R-02: nothing of them is to be seen in the file, nor left of what was removed', async () => {
  const { vault, file, unlock } = await newVault()
  const { id } = keep(vault, 1)
  vault.close()
  expect(readFileSync(file).toString('latin1')).not.toMatch(/canary|Y2FuYXJ5/)
  const opened = await unlock()
  opened.keptCertificates.remove(id)
  expect(opened.keptCertificates.list()).toEqual([])
  for (const gone of [
    () => opened.keptCertificates.fileOf(id),
    () => opened.keptCertificates.rename(id, 'x'),
    () => opened.keptCertificates.remove(id),
  ]) {
    expect(gone).toThrow(failing('not_found'))
  }
})

test('a renewal takes the place of the old one, whose key is gone then', async () => {
  const { vault } = await newVault()
  const old = keep(vault, 1)
  const renewed = {
    name: 'new',
    facts: factsOf(2),
    file: { ...kept12, password: 'another password' },
  }
  const kept = vault.keptCertificates.keep({ ...renewed, replaces: old.id })
  expect(kept.id).toBe(old.id)
  expect(vault.keptCertificates.list()).toEqual([kept])
  expect(vault.keptCertificates.fileOf(old.id).password).toBe('another password')
  const lost = { ...renewed, facts: factsOf(3), replaces: unknown }
  expect(() => vault.keptCertificates.keep(lost)).toThrow(
    expect.objectContaining({ code: 'not_found', field: 'replaces' }),
  )
})

test('the very same certificate is kept once, but may be kept anew in its own place', async () => {
  const { vault } = await newVault()
  const { id } = keep(vault, 1)
  expect(() => keep(vault, 1, 'other')).toThrow(failing('exists'))
  const again = { name: 'again', facts: factsOf(1), file: kept12, replaces: id }
  expect(vault.keptCertificates.keep(again).name).toBe('again')
  expect(vault.keptCertificates.rename(id, 'renamed').name).toBe('renamed')
  expect(vault.keptCertificates.find(id).name).toBe('renamed')
})

test('one that an early version kept in PEM is read, renamed and taken over', async () => {
  const { unlocked } = await newUnlocked()
  const environment = { clock: new StandingClock(), random: systemRandom }
  const book = new LocalKeptCertificates(() => unlocked, environment)
  const shown = { ...factsOf(1), id: unknown, name: 'early', addedAt: factsOf(1).validFrom }
  const pair = { certificates: 'canary-chain', privateKey: 'canary-key' }
  const text = new TextEncoder().encode(JSON.stringify({ ...shown, ...pair }))
  unlocked.write(({ records }) => mergeKeptCertificates(records, [text]))
  expect(book.list()).toEqual([shown])
  expect(book.rename(unknown, 'later')).toEqual({ ...shown, name: 'later' })
  const { bytes, password } = book.fileOf(unknown)
  expect(new TextDecoder().decode(bytes)).toBe('canary-key\ncanary-chain')
  expect(password).toBeUndefined()
  book.keep({ name: 'anew', facts: factsOf(1), file: kept12, replaces: unknown })
  expect(book.fileOf(unknown)).toEqual(kept12)
})

test(`there are at most ${maxKeptCertificates}`, async () => {
  const { vault } = await newVault()
  for (let n = 0; n < maxKeptCertificates; n += 1) keep(vault, n)
  expect(() => keep(vault, maxKeptCertificates)).toThrow(failing('invalid'))
})

test('another data key and a repair leave them as they are', async () => {
  const { vault, open, file } = await newVault()
  const kept = keep(vault, 1)
  const given = request(vault)
  expect(await vault.rotation.start(given)).toEqual({})
  const opened = open()
  await opened.unlockWithRecoveryWords(given.words)
  expect(opened.keptCertificates.list()).toEqual([kept])
  expect(opened.keptCertificates.fileOf(kept.id)).toEqual(kept12)
  const another = await newVault()
  keep(another.vault, 1)
  const saved = `${file}.saved.coffret`
  expect(await another.vault.run('repair', { file: saved })).toMatchObject({ lostCount: 0 })
  const copy = await unlocked(saved, new StandingClock())
  expect(copy.keptCertificates.list()).toEqual(another.vault.keptCertificates.list())
})

test('damage is told, and repaired without it', async () => {
  const { vault, file } = await newVault()
  keep(vault, 1)
  keep(vault, 2)
  const one = 'rowid = (SELECT max(rowid) FROM records WHERE kind = 15)'
  changing(file)(`UPDATE records SET body = zeroblob(92) WHERE ${one}`)
  const problems = [{ what: 'keptCertificate' }]
  expect(await vault.run('verify', undefined)).toMatchObject({ problemCount: 1, problems })
  const saved = `${file}.saved.coffret`
  expect(await vault.run('repair', { file: saved })).toMatchObject({ lost: problems })
  const copy = await unlocked(saved, new StandingClock())
  expect(copy.keptCertificates.list()).toHaveLength(1)
  expect(await copy.run('verify', undefined)).toMatchObject({ problemCount: 0 })
})

test('merging brings in those that are missing, each once, and changes none', async () => {
  const { a, b } = await twoCopies(async (vault) => void keep(vault, 1, 'both'))
  const both = b.keptCertificates.list()[0]!
  b.keptCertificates.rename(both.id, 'renamed in b')
  keep(b, 2, 'new in b')
  keep(b, 3, 'kept in a and b')
  keep(a, 3, 'kept twice')
  const own = await again(a)
  await mergeInto(own, b.file, false)
  expect(own.keptCertificates.list()).toEqual(a.keptCertificates.list())
  for (let times = 0; times < 2; times += 1) {
    await mergeInto(own, b.file)
    const names = own.keptCertificates.list().map(({ name }) => name)
    expect(names).toEqual(['both', 'kept twice', 'new in b'])
  }
})
