import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CoffretError } from '../../src-main/contract/errors'
import { passphrase } from '../vault/new-vault'
import { handlersOverVault } from './handlers-over-vault'

const failing = (code: string) => expect.objectContaining({ code })
const isWiped = (bytes: Uint8Array) => bytes.every((byte) => byte === 0)
const right = () => Uint8Array.from(passphrase)
const wrong = () => Uint8Array.from([1, 2, 3])

describe('a passphrase is overwritten', () => {
  test('after a vault was created', async () => {
    const { handlers, folder } = await handlersOverVault()
    const given = right()
    await handlers['vault.create']({ file: join(folder, 'other'), passphrase: given })
    expect(isWiped(given)).toBe(true)
  })

  test.each([
    ['right', right()],
    ['wrong', wrong()],
  ])('after unlocking with a %s one', async (_, given) => {
    const { handlers, vault } = await handlersOverVault()
    const key = { kind: 'passphrase', passphrase: given } as const
    await Promise.allSettled([handlers['vault.unlock']({ vault: vault.id, with: key })])
    expect(isWiped(given)).toBe(true)
  })

  test('after it was changed', async () => {
    const { handlers, vault, ports } = await handlersOverVault()
    const [current, next] = [right(), wrong()]
    const proof = { kind: 'passphrase', passphrase: current } as const
    const change = { kind: 'passphrase', passphrase: next } as const
    const slot = (await handlers['keys.list']({ vault: vault.id })).slots[0]!.id
    await handlers['keys.change']({ vault: vault.id, proof, slot, next: change })
    expect(isWiped(current) && isWiped(next)).toBe(true)
    ports.stores.lockAll()
    const key = { kind: 'passphrase', passphrase: wrong() } as const
    expect(await handlers['vault.unlock']({ vault: vault.id, with: key })).toMatchObject({
      status: 'unlocked',
    })
  })
})

describe('a key slot of the window', () => {
  const proof = () => ({ kind: 'passphrase', passphrase: right() }) as const

  test('of a key file is written to a new file, unlocks from its bytes, and both are overwritten', async () => {
    const { handlers, vault, ports } = await handlersOverVault()
    let content = new Uint8Array()
    ports.files.write.mockImplementation(async (_, bytes) => void (content = bytes.slice()))
    const given = proof()
    const slot = { kind: 'keyfile', label: 'stick', file: '/media/my.coffretkey' } as const
    await handlers['keys.add']({ vault: vault.id, proof: given, slot })
    expect(isWiped(given.passphrase)).toBe(true)
    const options = { mayReplace: false }
    expect(ports.files.write).toHaveBeenCalledWith(slot.file, expect.anything(), options)
    ports.stores.lockAll()
    expect(ports.stores.vaults()[0]?.ways).toEqual(['passphrase', 'keyfile', 'recovery'])
    const key = { kind: 'keyfile', bytes: content } as const
    expect(await handlers['vault.unlock']({ vault: vault.id, with: key })).toMatchObject({
      status: 'unlocked',
    })
    expect(isWiped(content)).toBe(true)
  })

  test('is not made when its key file cannot be written', async () => {
    const { handlers, vault, ports } = await handlersOverVault()
    ports.files.write.mockRejectedValue(new CoffretError('exists', 'there'))
    const slot = { kind: 'keyfile', label: '', file: '/media/my.coffretkey' } as const
    await expect(handlers['keys.add']({ vault: vault.id, proof: proof(), slot })).rejects.toThrow(
      failing('exists'),
    )
    expect((await handlers['keys.list']({ vault: vault.id })).slots).toHaveLength(2)
  })

  test('of a key file is written to an absolute path only', async () => {
    const { handlers, vault, ports } = await handlersOverVault()
    const slot = { kind: 'keyfile', label: '', file: 'my.coffretkey' } as const
    await expect(handlers['keys.add']({ vault: vault.id, proof: proof(), slot })).rejects.toThrow(
      failing('invalid'),
    )
    expect(ports.files.write).not.toHaveBeenCalled()
  })

  test('V-15: of the keychain is offered with the reason why not', async () => {
    const { handlers, vault } = await handlersOverVault()
    expect(await handlers['keys.list']({ vault: vault.id })).toMatchObject({
      keychainProblem: 'unavailable',
      pinTriesLeft: 0,
    })
  })

  test('is removed with a proof', async () => {
    const { handlers, vault } = await handlersOverVault()
    const { slots } = await handlers['keys.list']({ vault: vault.id })
    const slot = slots[1]!.id
    await handlers['keys.remove']({ vault: vault.id, proof: proof(), slot })
    expect((await handlers['keys.list']({ vault: vault.id })).slots).toHaveLength(1)
  })

  test.each([
    ['/media/my', '/media/my.coffretkey'],
    ['/media/my.coffretkey', '/media/my.coffretkey'],
    [undefined, undefined],
  ])('asked for at %s lies at %s', async (chosen, file) => {
    const { handlers, ports } = await handlersOverVault()
    ports.dialog.chooseNewFile.mockResolvedValue(chosen)
    expect(await handlers['keys.chooseFile']({ suggestedName: 'mine' })).toBe(file)
  })
})

describe('a PIN', () => {
  const pin = () => new TextEncoder().encode('4711')

  test('unlocks until it is wrong five times, and is overwritten', async () => {
    const { handlers, vault, ports, events } = await handlersOverVault()
    const given = pin()
    await handlers['keys.setPin']({ vault: vault.id, pin: given })
    expect(isWiped(given)).toBe(true)
    ports.stores.lockAll()
    expect(ports.stores.vaults()[0]).toMatchObject({ pinTriesLeft: 5 })
    events.length = 0
    for (let tries = 0; tries < 5; tries += 1) {
      const key = { kind: 'pin', pin: new TextEncoder().encode('0000') } as const
      await expect(handlers['vault.unlock']({ vault: vault.id, with: key })).rejects.toThrow(
        failing('wrong_passphrase'),
      )
      expect(isWiped(key.pin)).toBe(true)
    }
    expect(events).toHaveLength(5)
    expect(ports.stores.vaults()[0]?.ways).toEqual(['passphrase', 'recovery'])
  })

  test('is forgotten on demand', async () => {
    const { handlers, vault, ports } = await handlersOverVault()
    await handlers['keys.setPin']({ vault: vault.id, pin: pin() })
    await handlers['keys.clearPin']({ vault: vault.id })
    ports.stores.lockAll()
    expect(ports.stores.vaults()[0]?.ways).not.toContain('pin')
  })
})

describe('choosing a file', () => {
  test('for a new vault proposes the default folder', async () => {
    const { handlers, ports } = await handlersOverVault()
    ports.dialog.chooseNewFile.mockResolvedValue('/chosen/a')
    const chosen = await handlers['vault.choose']({ purpose: 'create', suggestedName: 'Team' })
    expect(chosen).toBe('/chosen/a')
    expect(ports.dialog.chooseNewFile).toHaveBeenCalledWith({
      suggestedPath: '/nowhere/vaults/Team',
      extension: 'coffret',
      kind: 'Coffret',
    })
  })

  test('gives nothing when the person gave up', async () => {
    const { handlers } = await handlersOverVault()
    expect(await handlers['vault.choose']({ purpose: 'open' })).toBeUndefined()
  })
})

describe('a draft', () => {
  test('is kept in the vault of its store, and a waiting lock is told', async () => {
    const { handlers, ports, store } = await handlersOverVault()
    const draft = { store, path: 'a', baseVersion: 0, text: '{"half":' }
    await handlers['draft.keep'](draft)
    expect(ports.app.draftKept).toHaveBeenCalledOnce()
    expect(await handlers['draft.list']()).toMatchObject([{ store, path: 'a', baseVersion: 0 }])
    expect(await handlers['draft.open']({ store, path: 'a' })).toEqual(draft)
    await handlers['draft.discard']({ store, path: 'a' })
    expect(await handlers['draft.list']()).toEqual([])
  })

  test('of a locked vault is out of reach', async () => {
    const { handlers, ports, store } = await handlersOverVault()
    await handlers['draft.keep']({ store, path: 'a', baseVersion: 0, text: '' })
    ports.stores.lockAll()
    expect(await handlers['draft.list']()).toEqual([])
    expect(() => handlers['draft.open']({ store, path: 'a' })).toThrow(failing('locked'))
  })
})

describe('preferences', () => {
  test('change one by one, and are applied', async () => {
    const { handlers, ports } = await handlersOverVault()
    const before = await handlers['preferences.read']()
    const after = { ...before, theme: 'dark' }
    const change = { theme: 'dark', language: undefined } as const
    expect(await handlers['preferences.write'](change)).toEqual(after)
    expect(await handlers['preferences.read']()).toEqual(after)
    expect(ports.app.applyPreferences).toHaveBeenCalledWith(after)
  })
})
