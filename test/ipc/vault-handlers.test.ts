import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
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
    await handlers['vault.changePassphrase']({ vault: vault.id, current, next })
    expect(isWiped(current) && isWiped(next)).toBe(true)
    ports.stores.lockAll()
    const key = { kind: 'passphrase', passphrase: wrong() } as const
    expect(await handlers['vault.unlock']({ vault: vault.id, with: key })).toMatchObject({
      status: 'unlocked',
    })
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
