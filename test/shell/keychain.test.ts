import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { KeychainProblem } from '../../src-main/contract/key-slots'
import { systemRandom } from '../../src-main/env'
import { systemKeychain, type SealingDevice } from '../../src-main/shell/keychain'
import { privateFiles } from '../../src-main/shell/private-file'
import { temporaryFolder } from '../vault/new-vault'

const name = '0b8f7a52-7d3c-4b7e-9a53-0d5d3f6f2f10.00112233445566778899aabbccddeeff'
const secret = systemRandom(32)

/** A device that turns texts round, which is no sealing and does for these tests. */
function newKeychain() {
  const folder = join(temporaryFolder(), 'keychain')
  const device = {
    trouble: undefined as KeychainProblem | undefined,
    problem: async () => device.trouble,
    seal: async (text: string) => Buffer.from([...text].reverse().join('')),
    open: async (sealed: Uint8Array) => [...Buffer.from(sealed).toString()].reverse().join(''),
  }
  const keychain = systemKeychain(
    device satisfies SealingDevice,
    folder,
    privateFiles(systemRandom),
  )
  return { keychain, device, folder }
}

test('a secret is kept sealed, in a file that only its owner reads', async () => {
  const { keychain, folder } = newKeychain()
  expect(keychain.has(name)).toBe(false)
  await keychain.keep(name, secret)
  expect(keychain.has(name)).toBe(true)
  expect(await keychain.find(name)).toEqual(secret)
  const [file] = readdirSync(folder)
  const path = join(folder, file!)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(readFileSync(path, 'utf8')).not.toContain(Buffer.from(secret).toString('hex'))
})

test('a secret that was removed is gone, and so is one that never was', async () => {
  const { keychain, folder } = newKeychain()
  await keychain.keep(name, secret)
  await keychain.remove(name)
  await keychain.remove(name)
  expect(keychain.has(name)).toBe(false)
  expect(await keychain.find(name)).toBeUndefined()
  expect(readdirSync(folder)).toEqual([])
})

test.each(['plaintext', 'unavailable'] as const)(
  'V-15: nothing is kept where the keychain is %s',
  async (problem) => {
    const { keychain, device } = newKeychain()
    device.trouble = problem
    await expect(keychain.keep(name, secret)).rejects.toThrow(
      expect.objectContaining({ code: 'unsupported', field: 'keychain' }),
    )
    expect(keychain.has(name)).toBe(false)
    expect(await keychain.problem()).toBe(problem)
  },
)

test('what the system does not open any more, or is not ours, is no secret', async () => {
  const { keychain, device, folder } = newKeychain()
  await keychain.keep(name, secret)
  const [file] = readdirSync(folder)
  writeFileSync(join(folder, file!), 'ff')
  expect(await keychain.find(name)).toBeUndefined()
  writeFileSync(join(folder, file!), Buffer.alloc(100_000))
  expect(await keychain.find(name)).toBeUndefined()
  await keychain.keep(name, secret)
  device.open = async () => {
    throw new Error('another key')
  }
  expect(await keychain.find(name)).toBeUndefined()
})

describe('V-15: the keychain of the system', () => {
  async function sealing(safeStorage: object, platform: NodeJS.Platform) {
    vi.doMock('electron', () => ({ safeStorage, clipboard: {}, ClipboardItem: undefined }))
    const { systemSealing } = await import('../../src-main/shell/electron-compat')
    return systemSealing(platform)
  }

  beforeEach(() => {
    vi.resetModules()
  })

  const synchronous = (isAvailable: boolean, backend?: string) => ({
    isEncryptionAvailable: () => isAvailable,
    encryptString: (text: string) => Buffer.from(`s:${text}`),
    decryptString: (sealed: Buffer) => sealed.toString().slice(2),
    ...(backend === undefined ? {} : { getSelectedStorageBackend: () => backend }),
  })

  const asynchronous = (isAvailable: boolean, backend: string) => ({
    isAsyncEncryptionAvailable: async () => isAvailable,
    encryptStringAsync: async (text: string) => Buffer.from(`a:${text}`),
    decryptStringAsync: async (sealed: Buffer) => ({
      result: sealed.toString().slice(2),
      shouldReEncrypt: false,
    }),
    getSelectedStorageBackend: () => backend,
  })

  test.each<[string, object, NodeJS.Platform, KeychainProblem | undefined]>([
    ['basic_text, though it says available', synchronous(true, 'basic_text'), 'linux', 'plaintext'],
    ['basic_text, later versions', asynchronous(true, 'basic_text'), 'linux', 'plaintext'],
    ['a backend that is not told', synchronous(true), 'linux', 'unavailable'],
    ['asked too early', synchronous(true, 'unknown'), 'linux', 'unavailable'],
    ['libsecret without its key', synchronous(false, 'gnome_libsecret'), 'linux', 'unavailable'],
    ['libsecret', synchronous(true, 'gnome_libsecret'), 'linux', undefined],
    ['KWallet, later versions', asynchronous(true, 'kwallet6'), 'linux', undefined],
    ['no key, later versions', asynchronous(false, 'kwallet6'), 'linux', 'unavailable'],
    ['macOS', synchronous(true), 'darwin', undefined],
    ['Windows without its key', synchronous(false), 'win32', 'unavailable'],
  ])('%s', async (_, safeStorage, platform, problem) => {
    expect(await (await sealing(safeStorage, platform)).problem()).toBe(problem)
  })

  test.each([synchronous(true, 'kwallet'), asynchronous(true, 'kwallet')])(
    'gives back what it sealed, version %#',
    async (safeStorage) => {
      const device = await sealing(safeStorage, 'linux')
      const sealed = await device.seal('ab')
      expect(Buffer.from(sealed).toString()).toMatch(/^[as]:ab$/)
      expect(await device.open(sealed)).toBe('ab')
    },
  )
})
