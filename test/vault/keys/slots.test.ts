import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KeyProof } from '../../../src-main/contract/key-slots'
import { SecretKey } from '../../../src-main/crypto/secret-key'
import { formatKeyFile } from '../../../src-main/crypto/key-file'
import { systemRandom } from '../../../src-main/env'
import { Database } from '../../../src-main/vault/database'
import { LocalVault } from '../../../src-main/vault/local-vault'
import { passphraseBytes } from '../../../src-renderer/state/strength'
import { MemoryKeychain } from '../memory-keychain'
import { cheapKdf, newVault, passphrase } from '../new-vault'

const failing = (code: string) => expect.objectContaining({ code })
const bytesOf = (text: string) => new TextEncoder().encode(text)
const proof = { kind: 'passphrase', passphrase } as const
const other = bytesOf('another passphrase')
const withOther = { kind: 'passphrase', passphrase: other } as const

/** A vault with a keychain, and ways to add what its slots need. */
async function vaultWithKeys() {
  const keychain = new MemoryKeychain()
  const made = await newVault(undefined, { keychain, chooseKdf: async () => cheapKdf })
  const { vault } = made
  const kinds = () => vault.keys.list().map(({ kind }) => kind)
  const idOf = (kind: string) => vault.keys.list().find((slot) => slot.kind === kind)!.id
  const addKeyFile = async (label = 'stick'): Promise<KeyProof & { kind: 'keyfile' }> => {
    let bytes = new Uint8Array()
    const write = async (content: Uint8Array) => void (bytes = content.slice())
    await vault.keys.add(proof, { kind: 'keyfile', label, write })
    return { kind: 'keyfile', bytes }
  }
  return { ...made, keychain, kinds, idOf, addKeyFile }
}

describe('a slot that was added', () => {
  test('of a passphrase opens the vault beside the first', async () => {
    const { vault, open } = await vaultWithKeys()
    await vault.keys.add(proof, { ...withOther, label: 'office' })
    for (const one of [passphrase, other]) await open().unlockWithPassphrase(one)
  })

  test('of a key file opens the vault with that file and no other', async () => {
    const { addKeyFile, open } = await vaultWithKeys()
    const file = await addKeyFile()
    await open().unlock(file)
    const stranger = formatKeyFile(new SecretKey(systemRandom(32)))
    await expect(open().unlock({ kind: 'keyfile', bytes: stranger })).rejects.toThrow(
      failing('wrong_passphrase'),
    )
    await expect(open().unlock({ kind: 'keyfile', bytes: passphrase })).rejects.toThrow(
      expect.objectContaining({ code: 'invalid', field: 'keyFile' }),
    )
  })

  test('of recovery words opens the vault with them', async () => {
    const { vault, open, recoveryWords } = await vaultWithKeys()
    const words = vault.keys.newRecoveryWords().join(' ')
    await expect(open().unlockWithRecoveryWords(words)).rejects.toThrow(failing('wrong_passphrase'))
    await vault.keys.add(proof, { kind: 'recovery', label: '', words })
    for (const one of [words, recoveryWords.join(' ')]) await open().unlockWithRecoveryWords(one)
  })

  test('of the keychain opens the vault on this computer alone', async () => {
    const { vault, open, keychain } = await vaultWithKeys()
    expect(vault.keys.ways()).toEqual(['passphrase', 'recovery'])
    await vault.keys.add(proof, { kind: 'keychain', label: 'laptop' })
    expect(vault.keys.ways()).toEqual(['keychain', 'passphrase', 'recovery'])
    await open().unlock({ kind: 'keychain' })
    keychain.secrets.clear()
    expect(vault.keys.ways()).toEqual(['passphrase', 'recovery'])
    await expect(open().unlock({ kind: 'keychain' })).rejects.toThrow(failing('wrong_passphrase'))
  })

  test('is listed with its label and when it was made, and its cost', async () => {
    const { vault, clock, addKeyFile } = await vaultWithKeys()
    clock.advance(5000)
    await addKeyFile('red stick')
    const [first, recovery, file] = vault.keys.list()
    expect(first).toMatchObject({ kind: 'passphrase', label: '', kdf: cheapKdf })
    expect(recovery).toMatchObject({ kind: 'recovery' })
    expect(file).toMatchObject({ kind: 'keyfile', label: 'red stick', setAt: clock.now() })
    expect(new Set(vault.keys.list().map(({ id }) => id)).size).toBe(3)
  })

  test('says nothing of its label to who has only the file', async () => {
    const { vault, addKeyFile, file } = await vaultWithKeys()
    await addKeyFile('canary-label-41')
    vault.close()
    expect(readFileSync(file).includes('canary-label-41')).toBe(false)
  })

  test('is the 33rd and refused', async () => {
    const { vault, addKeyFile } = await vaultWithKeys()
    for (let count = 2; count < 32; count += 1) await addKeyFile()
    await expect(addKeyFile()).rejects.toThrow(failing('invalid'))
    expect(vault.keys.list()).toHaveLength(32)
  })
})

describe('adding with a wrong proof', () => {
  const wrong = { kind: 'passphrase', passphrase: other } as const

  test('changes nothing, writes no key file and keeps nothing in the keychain', async () => {
    const { vault, kinds, keychain } = await vaultWithKeys()
    let isWritten = false
    const write = async () => void (isWritten = true)
    for (const slot of [
      { kind: 'keyfile', label: '', write },
      { kind: 'keychain', label: '' },
      { ...withOther, label: '' },
    ] as const) {
      await expect(vault.keys.add(wrong, slot)).rejects.toThrow(failing('wrong_passphrase'))
    }
    expect(kinds()).toEqual(['passphrase', 'recovery'])
    expect(isWritten).toBe(false)
    expect(keychain.secrets.size).toBe(0)
  })

  test('works with any slot that only the person has', async () => {
    const { vault, recoveryWords, addKeyFile, kinds } = await vaultWithKeys()
    const file = await addKeyFile()
    await vault.keys.add(file, { ...withOther, label: '' })
    const words = recoveryWords.join(' ')
    await vault.keys.add({ kind: 'recovery', words }, { kind: 'keychain', label: '' })
    expect(kinds()).toEqual(['passphrase', 'recovery', 'keyfile', 'passphrase', 'keychain'])
  })
})

test('V-15: a keychain that would keep keys in plain is refused, and no slot is made', async () => {
  const { vault, kinds, keychain } = await vaultWithKeys()
  keychain.trouble = 'plaintext'
  const add = vault.keys.add(proof, { kind: 'keychain', label: '' })
  await expect(add).rejects.toThrow(failing('unsupported'))
  expect(kinds()).toEqual(['passphrase', 'recovery'])
  expect(keychain.secrets.size).toBe(0)
  expect(await vault.keys.keychainProblem()).toBe('plaintext')
})

test('V-15: without a keychain none is offered', async () => {
  const { vault } = await newVault()
  expect(await vault.keys.keychainProblem()).toBe('unavailable')
  const add = vault.keys.add(proof, { kind: 'keychain', label: '' })
  await expect(add).rejects.toThrow(failing('unsupported'))
})

describe('changing a slot', () => {
  test('V-17: the old passphrase fails and the new one opens', async () => {
    const { vault, idOf, open, kinds } = await vaultWithKeys()
    await vault.keys.change(proof, withOther, idOf('passphrase'))
    await expect(open().unlockWithPassphrase(passphrase)).rejects.toThrow(
      failing('wrong_passphrase'),
    )
    await open().unlockWithPassphrase(other)
    expect(kinds()).toEqual(['passphrase', 'recovery'])
  })

  test('gives a passphrase to who lost it and has the recovery words', async () => {
    const { vault, idOf, open, recoveryWords } = await vaultWithKeys()
    const words = recoveryWords.join(' ')
    await vault.keys.change({ kind: 'recovery', words }, withOther, idOf('passphrase'))
    await open().unlockWithPassphrase(other)
  })

  test('replaces the recovery words', async () => {
    const { vault, idOf, open, recoveryWords, clock } = await vaultWithKeys()
    const words = vault.keys.newRecoveryWords().join(' ')
    clock.advance(1000)
    await vault.keys.change(proof, { kind: 'recovery', words }, idOf('recovery'))
    await open().unlockWithRecoveryWords(words)
    const old = open().unlockWithRecoveryWords(recoveryWords.join(' '))
    await expect(old).rejects.toThrow(failing('wrong_passphrase'))
    expect(vault.keys.list()[1]).toMatchObject({ kind: 'recovery', setAt: clock.now() })
  })

  test('takes no words that are none, and no key of another kind', async () => {
    const { vault, idOf } = await vaultWithKeys()
    const words = { kind: 'recovery', words: 'abandon '.repeat(24) } as const
    await expect(vault.keys.change(proof, words, idOf('recovery'))).rejects.toThrow(
      failing('invalid'),
    )
    await expect(vault.keys.change(proof, withOther, idOf('recovery'))).rejects.toThrow(
      failing('invalid'),
    )
  })
})

describe('V-17: removing a slot', () => {
  test('is real: its key no longer opens the file, the others do', async () => {
    const { vault, addKeyFile, idOf, open, kinds } = await vaultWithKeys()
    const file = await addKeyFile()
    await vault.keys.remove(proof, idOf('keyfile'))
    await expect(open().unlock(file)).rejects.toThrow(failing('wrong_passphrase'))
    await open().unlockWithPassphrase(passphrase)
    expect(kinds()).toEqual(['passphrase', 'recovery'])
  })

  test('of the keychain removes its key there too', async () => {
    const { vault, keychain, idOf } = await vaultWithKeys()
    await vault.keys.add(proof, { kind: 'keychain', label: '' })
    expect(keychain.secrets.size).toBe(1)
    await vault.keys.remove(proof, idOf('keychain'))
    expect(keychain.secrets.size).toBe(0)
  })

  test('never takes the last', async () => {
    const { vault, idOf, kinds } = await vaultWithKeys()
    await vault.keys.remove(proof, idOf('recovery'))
    await expect(vault.keys.remove(proof, idOf('passphrase'))).rejects.toThrow(failing('invalid'))
    expect(kinds()).toEqual(['passphrase'])
  })

  test('never leaves only a keychain', async () => {
    const { vault, idOf, kinds } = await vaultWithKeys()
    await vault.keys.add(proof, { kind: 'keychain', label: '' })
    await vault.keys.remove(proof, idOf('recovery'))
    await expect(vault.keys.remove(proof, idOf('passphrase'))).rejects.toThrow(failing('invalid'))
    expect(kinds()).toEqual(['passphrase', 'keychain'])
  })

  test('leaves only a key file to who wants it so', async () => {
    const { vault, addKeyFile, idOf, kinds, open } = await vaultWithKeys()
    const file = await addKeyFile()
    await vault.keys.remove(proof, idOf('recovery'))
    await vault.keys.remove(file, idOf('passphrase'))
    expect(kinds()).toEqual(['keyfile'])
    await open().unlock(file)
  })

  test('needs a proof, and a slot that is there', async () => {
    const { vault, idOf, addKeyFile } = await vaultWithKeys()
    await addKeyFile()
    const id = idOf('keyfile')
    await expect(vault.keys.remove(withOther, id)).rejects.toThrow(failing('wrong_passphrase'))
    await vault.keys.remove(proof, id)
    await expect(vault.keys.remove(proof, id)).rejects.toThrow(failing('not_found'))
  })
})

test('V-08: whatever is added, changed and removed, exactly the keys of the list open the vault', async () => {
  const step = fc.record({
    act: fc.constantFrom('file', 'words', 'renew', 'remove', 'remove', 'remove'),
    at: fc.nat(9),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const { vault, open, addKeyFile, recoveryWords } = await vaultWithKeys()
      const first = vault.keys.list()
      const keys = new Map<string, KeyProof>([
        [first[0]!.id, proof],
        [first[1]!.id, { kind: 'recovery', words: recoveryWords.join(' ') }],
      ])
      const gone: KeyProof[] = []
      const someProof = () => [...keys.values()].at(-1)!
      for (const { act, at } of steps) {
        const slots = vault.keys.list()
        const slot = slots[at % slots.length]!
        const words = vault.keys.newRecoveryWords().join(' ')
        const renewed = { kind: 'recovery', words } as const
        if (act === 'file' && keys.has(first[0]!.id)) {
          const file = await addKeyFile()
          keys.set(vault.keys.list().at(-1)!.id, file)
        } else if (act === 'words') {
          await vault.keys.add(someProof(), { ...renewed, label: '' })
          keys.set(vault.keys.list().at(-1)!.id, renewed)
        } else if (act === 'renew' && slot.kind === 'recovery') {
          await vault.keys.change(someProof(), renewed, slot.id)
          gone.push(keys.get(slot.id)!)
          keys.set(slot.id, renewed)
        } else if (act === 'remove' && slots.length > 1) {
          await vault.keys.remove(someProof(), slot.id)
          gone.push(keys.get(slot.id)!)
          keys.delete(slot.id)
        }
      }
      expect(vault.keys.list().map(({ id }) => id)).toEqual([...keys.keys()])
      for (const key of keys.values()) await open().unlock(key)
      for (const key of gone) {
        await expect(open().unlock(key)).rejects.toThrow(failing('wrong_passphrase'))
      }
    }),
    { numRuns: 25 },
  )
})

test('two programs that change the slots at once: one is told to try again, nothing is lost', async () => {
  const { vault, options } = await vaultWithKeys()
  const second = LocalVault.open(options)
  const results = await Promise.allSettled([
    vault.keys.add(proof, { ...withOther, label: 'a' }),
    second.keys.add(proof, { ...withOther, label: 'b' }),
  ])
  second.close()
  const refused = results.filter((one) => one.status === 'rejected')
  expect(refused.map(({ reason }) => (reason as { code: string }).code)).toEqual(['busy'])
  expect(vault.keys.list()).toHaveLength(3)
})

test('V-08: a removed slot that is put back with its old header does not fit', async () => {
  const { vault, addKeyFile, idOf, file, open } = await vaultWithKeys()
  const keyFile = await addKeyFile()
  const database = Database.open(file, 50)
  const row = database.get('SELECT body, digest, mac FROM header')
  await vault.keys.remove(proof, idOf('keyfile'))
  const cells = Object.values(row ?? {}) as Uint8Array[]
  database.write(() => database.run('UPDATE header SET body = ?, digest = ?, mac = ?', ...cells))
  database.close()
  await expect(open().unlock(keyFile)).rejects.toThrow(failing('corrupt'))
})

test('V-08: an older header put back while the vault is open is no list of its keys', async () => {
  const { vault, addKeyFile, idOf, file } = await vaultWithKeys()
  await addKeyFile()
  const database = Database.open(file, 50)
  const row = database.get('SELECT body, digest, mac FROM header')
  await vault.keys.remove(proof, idOf('keyfile'))
  const cells = Object.values(row ?? {}) as Uint8Array[]
  database.write(() => database.run('UPDATE header SET body = ?, digest = ?, mac = ?', ...cells))
  database.close()
  expect(() => vault.keys.list()).toThrow(failing('corrupt'))
  await expect(vault.keys.setPin(bytesOf('4711'))).rejects.toThrow(failing('corrupt'))
  const add = vault.keys.add(proof, { ...withOther, label: '' })
  await expect(add).rejects.toThrow(failing('corrupt'))
})

test('V-18: a passphrase of 1,024 bytes is accepted and one of 1,025 refused', async () => {
  const { vault, open } = await vaultWithKeys()
  const long = new Uint8Array(1024).fill(0x61)
  await vault.keys.add(proof, { kind: 'passphrase', passphrase: long, label: '' })
  await open().unlockWithPassphrase(long)
  const longer = { kind: 'passphrase', passphrase: new Uint8Array(1025), label: '' } as const
  await expect(vault.keys.add(proof, longer)).rejects.toThrow(failing('invalid'))
})

test.each([
  ['accents, composed and decomposed', 'Zoë à l’île', 'Zoe\u0308 a\u0300 l’i\u0302le'],
  ['an emoji of several code points', '👩‍🚀🇫🇷 e\u0301', '👩‍🚀🇫🇷 é'],
  ['spaces at both ends', '  two  spaces ', '  two  spaces '],
])('V-18: a passphrase with %s opens as it was typed again', async (_, set, typed) => {
  const { vault, open } = await vaultWithKeys()
  const added = { kind: 'passphrase', passphrase: passphraseBytes(set), label: '' } as const
  await vault.keys.add(proof, added)
  await open().unlockWithPassphrase(passphraseBytes(typed))
  const trimmed = open().unlockWithPassphrase(passphraseBytes(`${typed} `))
  await expect(trimmed).rejects.toThrow(failing('wrong_passphrase'))
})

test('keys are listed while the vault is unlocked, and its ways in while it is locked', async () => {
  const { vault, addKeyFile } = await vaultWithKeys()
  await addKeyFile()
  vault.lock()
  expect(() => vault.keys.list()).toThrow(failing('locked'))
  expect(vault.keys.ways()).toEqual(['passphrase', 'keyfile', 'recovery'])
})
