import { call } from '../bridge'
import { CoffretError } from '../../src-main/contract/errors'
import type { CheckReport, MergeReport, RepairReport } from '../../src-main/contract/check-calls'
import type { VaultId } from '../../src-main/contract/model'
import { passphraseBytes } from './strength'

/** What runs on a vault. */
export type Checking = 'verify' | 'repair' | 'plan' | 'merge'

/** Checking one vault, saving what is left of it, and merging another copy: one at a time. */
export class VaultCheck {
  running = $state<Checking>()
  /** What the person stopped last. */
  stopped = $state<Checking>()
  error = $state.raw<unknown>()
  /** What failed with {@link VaultCheck.error}. */
  failed = $state<Checking>()
  report = $state.raw<CheckReport>()
  repaired = $state.raw<RepairReport>()
  /** The other copy. */
  file = $state<string>()
  passphrase = $state('')
  /** The other copy asked for a passphrase of its own. */
  needsPassphrase = $state(false)
  plan = $state.raw<MergeReport>()
  merged = $state.raw<MergeReport>()

  constructor(private readonly vault: VaultId) {}

  async verify(): Promise<void> {
    this.report = this.repaired = undefined
    await this.#run('verify', async () => {
      this.report = await call('check.verify', { vault: this.vault })
    })
  }

  /** @param name the file name to propose */
  async repair(name: string): Promise<void> {
    await this.#run('repair', async () => {
      this.repaired = await call('check.repair', { vault: this.vault, name })
    })
  }

  /** Takes another copy, and tells what merging it would do. */
  async look(file: string): Promise<void> {
    if (file !== this.file) {
      this.passphrase = ''
      this.needsPassphrase = false
    }
    this.file = file
    this.plan = this.merged = undefined
    await this.#run('plan', async () => {
      this.plan = await call('check.planMerge', this.#copy(file))
    })
    if (isWrongPassphrase(this.error)) {
      // The first refusal only says that the vault's own keys are not those of the copy.
      if (!this.needsPassphrase) this.error = undefined
      this.needsPassphrase = true
    }
  }

  async merge(): Promise<void> {
    const { file } = this
    if (file === undefined) return
    await this.#run('merge', async () => {
      this.merged = await call('check.merge', this.#copy(file))
      this.plan = undefined
      this.passphrase = ''
    })
  }

  /** Forgets the other copy. */
  reset(): void {
    this.file = this.plan = this.merged = this.error = undefined
    this.passphrase = ''
    this.needsPassphrase = false
  }

  async stop(): Promise<void> {
    await call('check.cancel', { vault: this.vault })
  }

  #copy(file: string) {
    const own = { vault: this.vault, file }
    return this.passphrase === '' ? own : { ...own, passphrase: passphraseBytes(this.passphrase) }
  }

  async #run(what: Checking, work: () => Promise<void>): Promise<void> {
    if (this.running !== undefined) return
    this.running = what
    this.error = this.stopped = this.failed = undefined
    try {
      await work()
    } catch (error) {
      if (error instanceof CoffretError && error.code === 'cancelled') this.stopped = what
      else {
        this.error = error
        this.failed = what
      }
    }
    this.running = undefined
  }
}

function isWrongPassphrase(error: unknown): boolean {
  return error instanceof CoffretError && error.code === 'wrong_passphrase'
}
