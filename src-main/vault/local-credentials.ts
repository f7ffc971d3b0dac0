import { CredentialId, type CredentialSummary } from '../contract/access'
import { CoffretError } from '../contract/errors'
import type { EpochMs } from '../contract/model'
import { fromHex, toHex } from '../crypto/bytes'
import { isEqual } from '../crypto/derive'
import type { Clock, RandomBytes } from '../env'
import type { CredentialBook, CredentialKind, NewCredential } from '../kv/credential-book'
import {
  allCredentials,
  existingCredential,
  findCredential,
  putCredential,
  removeCredential,
  revokeCredential,
  summaryOf,
  type StoredCredential,
} from './credential-records'
import type { VaultState } from './state'
import type { UnlockedVault, VaultTransaction } from './unlocked-vault'
import { randomUuid } from './uuid'

/** How many credentials a vault has at most. */
export const maxCredentials = 1000

/**
 * To within this the time of a credential's last use is written, in milliseconds: a write costs a sync of
 * the disk, and raises the generation of the vault.
 */
export const useGrainMs = 60_000

/** The credentials for the local API, sealed in the vault. Each method is one transaction. */
export class LocalCredentials implements CredentialBook {
  /** What was found since the vault last changed, by its hash. */
  readonly #found = new Map<string, StoredCredential>()
  #state: VaultState | undefined
  /** Last uses, by the hash of the credential. */
  readonly #uses = new Map<string, EpochMs>()
  /** Those of them that are not written yet. */
  readonly #unsaved = new Set<string>()
  /** Where a credential that was found lies. */
  readonly #hashes = new Map<CredentialId, string>()
  #savedAt: EpochMs | undefined

  /** @param unlocked gives the vault, or throws `locked` */
  constructor(
    private readonly unlocked: () => UnlockedVault,
    private readonly environment: { readonly clock: Clock; readonly random: RandomBytes },
  ) {}

  list(): readonly CredentialSummary[] {
    return this.unlocked()
      .read(allCredentials)
      .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1))
      .map((one) => this.#summary(one))
  }

  add({ hash, ...request }: NewCredential): CredentialSummary {
    const { clock, random } = this.environment
    return this.unlocked().write((transaction) => {
      const known = allCredentials(transaction)
      if (known.length >= maxCredentials) {
        throw new CoffretError('invalid', `a vault has at most ${maxCredentials} credentials`)
      }
      const credential: StoredCredential = {
        ...request,
        id: request.id ?? CredentialId.parse(randomUuid(random)),
        hash: toHex(hash),
        createdAt: clock.now(),
      }
      if (known.some(({ id, hash }) => id === credential.id || hash === credential.hash)) {
        throw new CoffretError('exists', 'this credential is in the list already')
      }
      putCredential(transaction, credential)
      return summaryOf(credential)
    })
  }

  find(kind: CredentialKind, hash: Uint8Array): CredentialSummary | undefined {
    const found = this.#find(toHex(hash))
    if (found === undefined || found.kind !== kind) return undefined
    return isEqual(fromHex(found.hash), hash) ? this.#summary(found) : undefined
  }

  touch(id: CredentialId): void {
    const hash = this.#hashes.get(id)
    if (hash === undefined) return
    const now = this.environment.clock.now()
    this.#uses.set(hash, now)
    this.#unsaved.add(hash)
    this.#savedAt ??= now
    // A clock that was set back must not keep uses from being written.
    if (Math.abs(now - this.#savedAt) >= useGrainMs) this.saveUses()
  }

  /**
   * Writes last uses that are not written yet; before locking. A failure is none of the caller's, and neither
   * waits for another program.
   */
  saveUses(): void {
    if (this.#unsaved.size === 0) return
    try {
      this.unlocked().writeImpatiently((transaction) => this.#writeUses(transaction))
    } catch {
      this.#savedAt = this.environment.clock.now()
    }
  }

  /** Forgets what was found: the vault is locked. */
  forget(): void {
    for (const known of [this.#found, this.#uses, this.#unsaved, this.#hashes]) known.clear()
    this.#state = undefined
    this.#savedAt = undefined
  }

  revoke(id: CredentialId): void {
    const now = this.environment.clock.now()
    this.unlocked().write((transaction) => {
      revokeCredential(transaction, existingCredential(transaction, id), now)
    })
  }

  remove(id: CredentialId): void {
    const now = this.environment.clock.now()
    this.unlocked().write((transaction) => {
      removeCredential(transaction, existingCredential(transaction, id), now)
    })
  }

  #writeUses(transaction: VaultTransaction): void {
    for (const hash of this.#unsaved) {
      const known = findCredential(transaction, hash)
      const usedAt = this.#uses.get(hash)
      if (known !== undefined && usedAt !== undefined && usedAt > (known.usedAt ?? 0)) {
        putCredential(transaction, { ...known, usedAt })
      }
    }
    this.#unsaved.clear()
    this.#savedAt = this.environment.clock.now()
  }

  #find(hash: string): StoredCredential | undefined {
    return this.unlocked().read((transaction, state) => {
      // The very same state: nobody, in no process, has written since.
      if (state !== this.#state) {
        this.#found.clear()
        this.#state = state
      }
      const found = this.#found.get(hash) ?? findCredential(transaction, hash)
      // Hashes that are nobody's are not remembered: there is no end of them.
      if (found === undefined) return undefined
      this.#found.set(hash, found)
      this.#hashes.set(found.id, hash)
      return found
    })
  }

  /** With the last use that was not written yet. */
  #summary(credential: StoredCredential): CredentialSummary {
    const usedAt = this.#uses.get(credential.hash)
    const isNews = usedAt !== undefined && usedAt > (credential.usedAt ?? 0)
    return summaryOf(isNews ? { ...credential, usedAt } : credential)
  }
}
