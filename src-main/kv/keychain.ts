import type { KeychainProblem } from '../contract/key-slots'

/**
 * The port to what this computer keeps for the person who is signed in: secrets of 32 bytes by name,
 * sealed by the system. Whatever runs as the same person can ask for them.
 */
export interface Keychain {
  /** Why it cannot be used; undefined when it can. */
  problem(): Promise<KeychainProblem | undefined>
  /** Whether there is a secret of this name. Nothing is opened. */
  has(name: string): boolean
  /** @throws CoffretError `unsupported` when it cannot be used: nothing is ever kept in plain; `storage` */
  keep(name: string, secret: Uint8Array): Promise<void>
  /** The secret; undefined when there is none, or the system does not open it any more. */
  find(name: string): Promise<Uint8Array | undefined>
  /** Nothing happens when there is none. */
  remove(name: string): Promise<void>
}
