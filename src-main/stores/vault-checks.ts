import { extname } from 'node:path'
import type { CheckReport, MergeReport, RepairReport } from '../contract/check-calls'
import { CoffretError } from '../contract/errors'
import type { VaultId } from '../contract/model'
import type { Progress } from '../contract/search'
import type { JobOptions } from '../vault/jobs/jobs'
import type { LocalVault } from '../vault/local-vault'
import { keysOfCopy } from '../vault/merge/merge-source'
import type { StoreRegistry } from './store-registry'
import { vaultExtension } from './vault-summaries'

/** Another copy of a vault. */
export interface CopyToMerge {
  readonly file: string
  /** Where it has a data key of its own; it stays the caller's to wipe. */
  readonly passphrase?: Uint8Array | undefined
}

/** Checking, saving and merging of unlocked vaults: for each vault one at a time. */
export class VaultChecks {
  readonly #running = new Map<VaultId, AbortController>()

  /** @param onProgress hears how far the work on a vault is */
  constructor(
    private readonly stores: Pick<StoreRegistry, 'vault'>,
    private readonly onProgress: (vault: VaultId, progress: Progress) => void,
  ) {}

  /** Reads and proves everything in a vault. @throws CoffretError `locked`, `busy`, `cancelled` */
  async verify(id: VaultId): Promise<CheckReport> {
    return this.#run(id, (vault, options) => vault.run('verify', undefined, options))
  }

  /**
   * Saves what is left of a vault into a new file. `.coffret` is appended to a name without it.
   * @throws CoffretError `locked`, `busy`, `cancelled`, `exists`, `not_writable`, `storage`
   */
  async repair(id: VaultId, path: string): Promise<RepairReport> {
    const file = extname(path) === vaultExtension ? path : path + vaultExtension
    return this.#run(id, (vault, options) => vault.run('repair', { file }, options))
  }

  /**
   * Merges another copy into a vault, or tells what that would do.
   * @throws CoffretError `locked`, `busy`, `cancelled`, `wrong_passphrase`, `invalid`
   */
  async merge(
    id: VaultId,
    { file, passphrase }: CopyToMerge,
    apply: boolean,
  ): Promise<MergeReport> {
    return this.#run(id, async (vault, options) => {
      const keys =
        passphrase === undefined ? undefined : await keysOfCopy(file, vault.id, passphrase)
      const input = { file, vaultId: vault.id, apply, ...(keys === undefined ? {} : { keys }) }
      try {
        return await vault.run('merge', input, options)
      } finally {
        for (const key of Object.values(keys ?? {})) key.fill(0)
      }
    })
  }

  /** Ends what runs on a vault; nothing happens when nothing does. */
  cancel(id: VaultId): void {
    this.#running.get(id)?.abort()
  }

  async #run<T>(
    id: VaultId,
    work: (vault: LocalVault, options: JobOptions) => Promise<T>,
  ): Promise<T> {
    const vault = this.stores.vault(id)
    if (vault.isLocked) throw new CoffretError('locked', 'the vault is locked')
    if (this.#running.has(id)) throw new CoffretError('busy', 'the vault is being checked already')
    const stop = new AbortController()
    this.#running.set(id, stop)
    try {
      const onProgress = (progress: Progress) => this.onProgress(id, progress)
      return await work(vault, { signal: stop.signal, onProgress })
    } finally {
      this.#running.delete(id)
    }
  }
}
