import type { NamedPlace } from '../../contract/check-calls'
import { CoffretError } from '../../contract/errors'
import { isEqual } from '../../crypto/derive'
import { SecretKey } from '../../crypto/secret-key'
import type { Database } from '../database'
import type { JobContext } from '../jobs/jobs'
import { Resealing, countNames, type Damage } from './resealing'
import { scanSecrets, unlessCorrupt } from '../merge/scanned-secrets'
import { openUnfinished } from './unfinished-vault'
import type { UnlockedVault } from '../unlocked-vault'
import { verifyVault } from '../check/verify-vault'

/** What the job takes. */
export interface RotationInput {
  /** The new file, laid out with its key slots. */
  readonly target: string
  /** The new data key; a copy, which the job wipes. */
  readonly dataKey: Uint8Array
  /** All of it was checked just now: only what others wrote since is to be copied. */
  readonly isChecked: boolean
}

/** The new file holds the vault as it was at this generation; or what stands in the way. */
export type RotationCopy = { readonly generation: number } | { readonly damaged: NamedPlace }

/** How often the old file may change while it is copied; each time only what changed is copied. */
const maxRounds = 50

/** The part of the work, in thousandths, that is copying. The rest is checking. */
const copyingPart = 600

/**
 * Fills the new file of a rotation: copies what it lacks of the vault, checks every record of it, and copies
 * what was written to the vault meanwhile. Nothing is changed in the vault's own file.
 * @throws CoffretError `invalid` when the key slots of the vault are not those that the new ones were made
 * from, `busy` when others write without end, `cancelled`, `storage`
 */
export function fillRotation(context: JobContext, input: RotationInput): RotationCopy {
  const dataKey = new SecretKey(input.dataKey)
  const target = openUnfinished(input.target, dataKey, context)
  try {
    return new Filling(context, target.vault, target.database).run(input.isChecked)
  } finally {
    target.close()
    dataKey.wipe()
  }
}

class Filling {
  readonly #resealing: Resealing
  #total = 0

  constructor(
    private readonly context: JobContext,
    private readonly target: UnlockedVault,
    private readonly targetDatabase: Database,
  ) {
    this.#resealing = new Resealing(context.vault, target, () => this.#step())
  }

  run(isChecked: boolean): RotationCopy {
    try {
      this.#total = countNames(this.context.vault)
      if (!isChecked) {
        this.#settle()
        this.#verify()
      }
      const generation = this.#settle()
      this.context.report(1000, 1000)
      return { generation }
    } catch (error) {
      const { damage } = this.#resealing
      if (damage === undefined || !(error instanceof CoffretError)) throw error
      return { damaged: this.#placeOf(damage) }
    }
  }

  #step(): void {
    this.context.checkCancelled()
    const names = Math.min(this.#resealing.progress.names, this.#total)
    this.context.report(Math.floor((copyingPart * names) / Math.max(1, this.#total)), 1000)
  }

  /** Copies until both files say the same. @returns the generation of the vault of which that is true */
  #settle(): number {
    const { vault } = this.context
    for (let round = 0; round < maxRounds; round += 1) {
      this.context.checkCancelled()
      const { generation, headerMac } = vault.state()
      if (!isEqual(headerMac, this.#resealing.progress.headerMac)) {
        throw new CoffretError('invalid', 'the key slots were changed since the rotation began')
      }
      if (this.#resealing.round() || this.#resealing.sweep()) continue
      this.#resealing.carryAudit()
      if (vault.state().generation === generation) return generation
    }
    throw new CoffretError('busy', 'other programs write to the vault without end')
  }

  #verify(): void {
    const { context, target, targetDatabase } = this
    const report = (done: number, total: number) =>
      context.report(copyingPart + Math.floor(((1000 - copyingPart) * done) / total), 1000)
    const own = { ...context, vault: target, database: targetDatabase, report }
    const { problemCount } = verifyVault(own, undefined)
    if (problemCount === 0 && countNames(target) >= this.#resealing.progress.names) return
    throw new CoffretError('storage', `the new file has ${problemCount} problems`)
  }

  #placeOf({ id, version }: Damage): NamedPlace {
    if (id === undefined) return {}
    const found = unlessCorrupt(() => scanSecrets(this.context.vault, () => undefined))
    const secret = found?.secrets.find(({ row }) => row.id === id)
    if (secret === undefined) return {}
    const { mount, path } = secret
    return version === undefined ? { mount, path } : { mount, path, version }
  }
}
