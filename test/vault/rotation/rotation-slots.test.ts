import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LocalVault } from '../../../src-main/vault/local-vault'
import { MemoryKeychain } from '../memory-keychain'
import { cheapKdf, newVault, temporaryFolder } from '../new-vault'
import { changing, reading } from '../raw-file'
import { endingVault, proof, request } from '../rotating'
import { put } from '../two-copies'

const failing = (code: string) => expect.objectContaining({ code })
const other = new TextEncoder().encode('another passphrase')

test('V-17: the old keys open nothing of the new file, and the new ones nothing of the old', async () => {
  const { vault, file, recoveryWords, options } = await newVault()
  await put(vault, 'x', 'value')
  await vault.keys.add(proof(), { kind: 'passphrase', label: 'second', passphrase: other })
  await vault.keys.setPin(new TextEncoder().encode('4711'))
  const old = readFileSync(file)
  await vault.rotation.start(request(vault))
  expect(vault.keys.list().map(({ kind }) => kind)).toEqual(['passphrase', 'recovery'])
  expect(vault.keys.pinTriesLeft).toBe(0)
  vault.lock()
  const wrong = failing('wrong_passphrase')
  await expect(vault.unlockWithPassphrase(other)).rejects.toThrow(wrong)
  await expect(vault.unlockWithRecoveryWords(recoveryWords.join(' '))).rejects.toThrow(wrong)
  // The header and the state of the old file, put back: the old slots open them, and nothing else.
  const copy = join(temporaryFolder(), 'old.coffret')
  writeFileSync(copy, old)
  vault.close()
  const rows = (table: string) => `SELECT * FROM ${table}`
  const header = reading(copy)(rows('header'))[0]!
  changing(file)(
    'UPDATE header SET body = ?, digest = ?, mac = ?',
    header['body'] as Uint8Array,
    header['digest'] as Uint8Array,
    header['mac'] as Uint8Array,
  )
  const mixed = LocalVault.open({ ...options, file })
  await expect(mixed.unlockWithPassphrase(other)).rejects.toThrow(failing('locked'))
  const state = reading(copy)(rows('state'))[0]!
  changing(file)('UPDATE state SET epoch = ?, body = ?', 1, state['body'] as Uint8Array)
  await mixed.unlockWithPassphrase(other)
  expect(() => mixed.stores()).toThrow(failing('corrupt'))
  mixed.close()
})

test('one that was begun before the keys were changed cannot be gone on with', async () => {
  const { vault, jobs } = await endingVault()
  jobs.endAt = 2
  await expect(vault.rotation.start(request(vault))).rejects.toThrow(failing('cancelled'))
  jobs.endAt = undefined
  await vault.keys.add(proof(), { kind: 'passphrase', label: '', passphrase: other })
  await expect(vault.rotation.resume(proof())).rejects.toThrow(failing('invalid'))
})

test('a wrong proof begins nothing', async () => {
  const { vault, recoveryWords } = await newVault()
  const { words } = request(vault)
  const wrong = { kind: 'passphrase', passphrase: other } as const
  await expect(vault.rotation.start({ proof: wrong, words })).rejects.toThrow(
    failing('wrong_passphrase'),
  )
  await expect(vault.rotation.start({ proof: proof(), words, keep: [wrong] })).rejects.toThrow(
    expect.objectContaining({ code: 'wrong_passphrase', field: 'keep' }),
  )
  await expect(vault.rotation.start({ proof: proof(), words: 'no words' })).rejects.toThrow(
    failing('invalid'),
  )
  expect(vault.rotation.begun()).toBeUndefined()
  // The old recovery key proves, and opens nothing afterwards.
  const old = { kind: 'recovery', words: recoveryWords.join(' ') } as const
  expect(await vault.rotation.start({ proof: old, words })).toEqual({})
  expect(vault.keys.list().map(({ kind }) => kind)).toEqual(['recovery'])
  vault.lock()
  await vault.unlockWithRecoveryWords(words)
})

test('key files that are given stay, names too, and the keychain of this computer gets a new key', async () => {
  const keychain = new MemoryKeychain()
  const { vault } = await newVault(undefined, { keychain, chooseKdf: async () => cheapKdf })
  const files: Uint8Array[] = []
  const write = async (content: Uint8Array) => void files.push(content.slice())
  await vault.keys.add(proof(), { kind: 'keyfile', label: 'Red stick', write })
  await vault.keys.add(proof(), { kind: 'keyfile', label: 'Lost stick', write })
  await vault.keys.add(proof(), { kind: 'keychain', label: 'Desk' })
  const [name = ''] = keychain.secrets.keys()
  const keep = [{ kind: 'keyfile', bytes: files[0]! } as const]
  await vault.rotation.start({ ...request(vault), keep })
  const slots = vault.keys.list().map(({ kind, label }) => `${kind} ${label}`.trim())
  expect(slots).toEqual(['passphrase', 'keyfile Red stick', 'recovery', 'keychain Desk'])
  expect(keychain.secrets.size).toBe(1)
  expect(keychain.has(name)).toBe(false)
  vault.lock()
  await vault.unlock({ kind: 'keychain' })
  vault.lock()
  await vault.unlock({ kind: 'keyfile', bytes: files[0]! })
  vault.lock()
  await expect(vault.unlock({ kind: 'keyfile', bytes: files[1]! })).rejects.toThrow(
    failing('wrong_passphrase'),
  )
})

test('what fails leaves no key in the keychain', async () => {
  const keychain = new MemoryKeychain()
  const { vault, file } = await newVault(undefined, { keychain })
  await put(vault, 'x', 'value')
  await vault.keys.add(proof(), { kind: 'keychain', label: '' })
  const [name = ''] = keychain.secrets.keys()
  changing(file)('UPDATE records SET body = zeroblob(length(body)) WHERE kind = 4')
  expect(await vault.rotation.start(request(vault))).toHaveProperty('damaged')
  expect([...keychain.secrets.keys()]).toEqual([name])
})
