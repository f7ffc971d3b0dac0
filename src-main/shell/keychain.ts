import { existsSync, mkdirSync } from 'node:fs'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeychainProblem } from '../contract/key-slots'
import { CoffretError } from '../contract/errors'
import type { PrivateFiles } from '../ipc/ports'
import type { Keychain } from '../kv/keychain'

/** What seals a text for the person who is signed in. */
export interface SealingDevice {
  problem(): Promise<KeychainProblem | undefined>
  seal(text: string): Promise<Uint8Array>
  /** It throws when the system does not open it any more. */
  open(sealed: Uint8Array): Promise<string>
}

/** A sealed secret is a few hundred bytes on every system. */
const maxSealedBytes = 65_536

/**
 * Secrets that the system seals, each in a file of its own in the app's folder, mode 0600. Where the
 * system would seal them with a password that everybody knows, nothing is kept.
 * @param folder made when it is needed
 */
export function systemKeychain(
  device: SealingDevice,
  folder: string,
  files: PrivateFiles,
): Keychain {
  const fileOf = (name: string) => join(folder, `${name}.sealed`)
  return {
    problem: () => device.problem(),
    has: (name) => existsSync(fileOf(name)),
    keep: async (name, secret) => {
      const problem = await device.problem()
      if (problem !== undefined) {
        const message = `the keychain of this computer cannot be used: ${problem}`
        throw new CoffretError('unsupported', message, { field: 'keychain' })
      }
      const sealed = await device.seal(Buffer.from(secret).toString('hex'))
      makeFolder(folder)
      await files.write(fileOf(name), sealed, { mayReplace: true })
    },
    find: async (name) => {
      try {
        return fromHexOf32(await device.open(await readUpTo(fileOf(name), maxSealedBytes)))
      } catch {
        // Gone, damaged, of another person, or the keychain is new: to the vault all the same.
        return undefined
      }
    },
    // What cannot be deleted is of no use either: its slot is gone.
    remove: (name) => rm(fileOf(name), { force: true }).catch(() => undefined),
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new CoffretError('storage', 'the folder of the keychain cannot be made', { cause })
  }
}

async function readUpTo(file: string, most: number): Promise<Uint8Array> {
  let handle: FileHandle | undefined
  try {
    handle = await open(file, 'r')
    if ((await handle.stat()).size > most) throw new Error('the sealed secret is too large')
    return await handle.readFile()
  } finally {
    await handle?.close()
  }
}

function fromHexOf32(text: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error('the secret is not of our form')
  return new Uint8Array(Buffer.from(text, 'hex'))
}
