import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Pin } from '../../../src-main/contract/key-slots'
import { systemRandom } from '../../../src-main/env'
import { QuickUnlock } from '../../../src-main/vault/keys/quick-unlock'
import { cheapKdf, newVault, passphrase } from '../new-vault'

const failing = (code: string) => expect.objectContaining({ code })
const bytesOf = (text: string) => new TextEncoder().encode(text)
const pin = bytesOf('4711')
const wrong = { kind: 'pin', pin: bytesOf('4712') } as const
const right = { kind: 'pin', pin } as const

async function vaultWithPin() {
  const made = await newVault(undefined, { chooseKdf: async () => cheapKdf })
  await made.vault.keys.setPin(pin)
  made.vault.lock()
  return made
}

test('a PIN unlocks the vault again, as often as one likes', async () => {
  const { vault } = await vaultWithPin()
  for (let round = 0; round < 3; round += 1) {
    expect(vault.keys.ways()[0]).toBe('pin')
    await vault.unlock(right)
    expect(vault.stores()).toHaveLength(2)
    vault.lock()
  }
})

test('a PIN works in this process only, until the vault is closed', async () => {
  const { vault, open } = await vaultWithPin()
  const again = open()
  expect(again.keys.ways()).not.toContain('pin')
  await expect(again.unlock(right)).rejects.toThrow(failing('locked'))
  vault.close()
  expect(vault.keys.pinTriesLeft).toBe(0)
})

test('a wrong PIN counts down, and the right one sets the count back', async () => {
  const { vault } = await vaultWithPin()
  for (let wrongs = 1; wrongs <= 4; wrongs += 1) {
    await expect(vault.unlock(wrong)).rejects.toThrow(failing('wrong_passphrase'))
    expect(vault.keys.pinTriesLeft).toBe(5 - wrongs)
  }
  await vault.unlock(right)
  expect(vault.keys.pinTriesLeft).toBe(5)
})

test('after five wrong PINs the right one is of no use, and the passphrase still is', async () => {
  const { vault } = await vaultWithPin()
  for (let tries = 0; tries < 5; tries += 1) {
    await expect(vault.unlock(wrong)).rejects.toThrow(failing('wrong_passphrase'))
  }
  expect(vault.keys.ways()).toEqual(['passphrase', 'recovery'])
  await expect(vault.unlock(right)).rejects.toThrow(failing('locked'))
  await vault.unlockWithPassphrase(passphrase)
})

test('twenty wrong PINs at once are five tries', async () => {
  const { vault } = await vaultWithPin()
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => vault.unlock(wrong)))
  const codes = tries.map((one) =>
    one.status === 'rejected' ? (one.reason as { code: string }).code : 'unlocked',
  )
  expect(codes.filter((code) => code === 'wrong_passphrase')).toHaveLength(5)
  expect(codes.filter((code) => code === 'locked')).toHaveLength(15)
})

test('a try is counted before the derivation', async () => {
  const { vault } = await vaultWithPin()
  const trying = vault.unlock(wrong)
  expect(vault.keys.pinTriesLeft).toBe(4)
  await expect(trying).rejects.toThrow(failing('wrong_passphrase'))
})

test('a PIN that is taken back during a try unlocks no more', async () => {
  const { vault } = await vaultWithPin()
  const trying = vault.unlock(right)
  vault.keys.clearPin()
  await expect(trying).rejects.toThrow(failing('wrong_passphrase'))
  expect(vault.isLocked).toBe(true)
  expect(vault.keys.pinTriesLeft).toBe(0)
})

test('another PIN takes the place of the first', async () => {
  const { vault } = await vaultWithPin()
  await vault.unlock(right)
  await vault.keys.setPin(wrong.pin)
  vault.lock()
  await expect(vault.unlock(right)).rejects.toThrow(failing('wrong_passphrase'))
  await vault.unlock(wrong)
})

test('a PIN is set only while the vault is unlocked', async () => {
  const { vault } = await vaultWithPin()
  vault.keys.clearPin()
  await expect(vault.keys.setPin(pin)).rejects.toThrow(failing('locked'))
  await vault.unlockWithPassphrase(passphrase)
  const setting = vault.keys.setPin(pin)
  vault.lock()
  await expect(setting).rejects.toThrow(failing('locked'))
  expect(vault.keys.pinTriesLeft).toBe(0)
})

test('a lock during an unlocking by PIN wins', async () => {
  const { vault } = await vaultWithPin()
  const unlocking = vault.unlock(right)
  vault.lock()
  await expect(unlocking).rejects.toThrow(failing('cancelled'))
  expect(vault.isLocked).toBe(true)
})

test('keys of an earlier data key are forgotten without a try', async () => {
  const quick = new QuickUnlock(systemRandom(16), systemRandom)
  const keys = { record: systemRandom(32), name: systemRandom(32), header: systemRandom(32) }
  const copies = { ...keys, record: keys.record.slice() }
  await quick.set(pin, cheapKdf, () => ({ keyEpoch: 1, keys }))
  expect(keys.record.every((byte) => byte === 0)).toBe(true)
  expect((await quick.open(pin, 1)).record.bytes).toEqual(copies.record)
  await expect(quick.open(pin, 2)).rejects.toThrow(failing('locked'))
  expect(quick.triesLeft).toBe(0)
})

test('a PIN is 4 to 32 characters, whatever their bytes', () => {
  const accepts = (text: string) => Pin.safeParse(bytesOf(text)).success
  expect(['123', '1234', 'é'.repeat(3), '😀'.repeat(4)].map(accepts)).toEqual([
    false,
    true,
    false,
    true,
  ])
  expect(['a'.repeat(32), '😀'.repeat(32), 'a'.repeat(33)].map(accepts)).toEqual([
    true,
    true,
    false,
  ])
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const { length } = [...text]
      expect(accepts(text)).toBe(length >= 4 && length <= 32)
    }),
  )
})
