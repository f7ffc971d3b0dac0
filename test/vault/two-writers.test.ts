import { expect, test } from 'vitest'
import { SecretData, SecretPath, VersionNumber } from '../../src-main/contract/model'
import { newVault, passphrase, secretMount } from './new-vault'

const path = (text: string) => SecretPath.parse(text)
const data = (n: number) => SecretData.parse(`{"n":${n}}`)
const failing = (code: string) => expect.objectContaining({ code })

async function twoConnections() {
  const made = await newVault()
  const second = await made.unlock()
  return { ...made, second, a: made.vault.store(secretMount), b: second.store(secretMount) }
}

test('what one writes the other reads at once, and no version is lost', async () => {
  const { a, b } = await twoConnections()
  await a.writeConfig({ maxVersions: 100 })
  for (let n = 1; n <= 40; n += 1) {
    const [writer, reader] = n % 2 === 0 ? [a, b] : [b, a]
    const { version } = await writer.write(path('shared/x'), { mode: 'upsert', data: data(n) })
    expect(version?.version).toBe(n)
    expect((await reader.readVersion(path('shared/x'))).data).toBe(data(n))
  }
  for (let n = 1; n <= 40; n += 1) {
    expect((await a.readVersion(path('shared/x'), VersionNumber.parse(n))).data).toBe(data(n))
  }
})

test('a stale check-and-set number of the other is refused', async () => {
  const { a, b } = await twoConnections()
  await a.write(path('x'), { mode: 'create', data: data(1) })
  await b.write(path('x'), { mode: 'update', data: data(2), cas: 1 })
  const stale = a.write(path('x'), { mode: 'update', data: data(3), cas: 1 })
  await expect(stale).rejects.toThrow(failing('cas_mismatch'))
})

test('folders that the other moves or empties are followed', async () => {
  const { a, b } = await twoConnections()
  await a.write(path('f/g/x'), { mode: 'create', data: data(1) })
  await b.transfer({ from: path('f'), to: path('h'), kind: 'folder', keepSource: false })
  await a.write(path('f/g/y'), { mode: 'create', data: data(2) })
  await a.write(path('h/g/z'), { mode: 'create', data: data(3) })
  await b.remove(path('h/g/x'))
  const all = (await b.listAll()).items.map((item) => String(item.path))
  expect(all).toEqual(['f/g/y', 'h/g/z'])
})

test('settings and drafts of one are those of the other', async () => {
  const { vault, second, a, b } = await twoConnections()
  await a.writeConfig({ casRequired: true })
  expect((await b.readConfig()).casRequired).toBe(true)
  vault.drafts.keep({ store: a.id, path: 'x', baseVersion: 0, text: 't' })
  expect(second.drafts.open(a.id, 'x')?.text).toBe('t')
})

test('a passphrase changed by one does not disturb the other', async () => {
  const { vault, second, a, b } = await twoConnections()
  const next = new TextEncoder().encode('next')
  await vault.changePassphrase(passphrase, next)
  await b.write(path('x'), { mode: 'create', data: data(1) })
  expect((await a.readVersion(path('x'))).data).toBe(data(1))
  second.lock()
  await expect(second.unlockWithPassphrase(passphrase)).rejects.toThrow(failing('wrong_passphrase'))
  await second.unlockWithPassphrase(next)
})

test('two who change the passphrase at once do not both succeed', async () => {
  const { vault, second } = await twoConnections()
  const [one, two] = ['one', 'two'].map((text) => new TextEncoder().encode(text))
  const outcomes = await Promise.allSettled([
    vault.changePassphrase(passphrase, one!),
    second.changePassphrase(passphrase, two!),
  ])
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
  expect(refused).toHaveLength(1)
  expect(refused[0]?.reason).toMatchObject({ code: 'busy' })
})

test('locking one leaves the other unlocked', async () => {
  const { vault, a, b } = await twoConnections()
  vault.lock()
  await b.write(path('x'), { mode: 'create', data: data(1) })
  await expect(a.listAll()).rejects.toThrow(failing('locked'))
})
