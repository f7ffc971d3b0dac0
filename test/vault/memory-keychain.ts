import { CoffretError } from '../../src-main/contract/errors'
import type { KeychainProblem } from '../../src-main/contract/key-slots'
import type { Keychain } from '../../src-main/kv/keychain'

/** A keychain that lasts as long as the test. */
export class MemoryKeychain implements Keychain {
  readonly secrets = new Map<string, Uint8Array>()
  trouble: KeychainProblem | undefined

  async problem(): Promise<KeychainProblem | undefined> {
    return this.trouble
  }

  has(name: string): boolean {
    return this.secrets.has(name)
  }

  async keep(name: string, secret: Uint8Array): Promise<void> {
    if (this.trouble !== undefined) throw new CoffretError('unsupported', this.trouble)
    this.secrets.set(name, secret.slice())
  }

  async find(name: string): Promise<Uint8Array | undefined> {
    return this.secrets.get(name)?.slice()
  }

  async remove(name: string): Promise<void> {
    this.secrets.delete(name)
  }
}
