import { CoffretError } from '../../contract/errors'
import { SecretPath } from '../../contract/model'
import type { StartedSecret } from '../../kv/copy-journal'
import { besides, planSecret, targetPath, type CopyItem } from '../../kv/copy-plan'
import { eachBounded, unlessFailing, type WorkOptions } from './bounded'
import type { CopyEnds } from './ends'
import { currentVersionAt, readSource, readTarget, type ReadSource } from './reading'
import { pathsBelow } from './subtree'

/** How much a plan looks at. */
export interface PlanOptions extends WorkOptions {
  /** Reads every value; otherwise only those that are compared. */
  readonly readsValues: boolean
  /** Of a copy that goes on: what needs nothing more. */
  readonly done?: ReadonlySet<SecretPath>
  /** Of a copy that goes on: what was perhaps written. */
  readonly started?: ReadonlyMap<SecretPath, StartedSecret>
}

/** An item, and whether something of it may be at the target already. */
export interface PlannedItem extends CopyItem {
  readonly isResumed?: true
}

/**
 * Looks at both stores, and says what is to be done, in byte order of the paths of the source. Memory holds
 * no value for longer than it takes to compare it.
 * @throws CoffretError `cancelled`; `forbidden` when the source may not be listed; `not_found`
 */
export async function planCopy(ends: CopyEnds, options: PlanOptions): Promise<PlannedItem[]> {
  const all = await sourcePaths(ends)
  const paths = options.done === undefined ? all : all.filter((one) => !options.done?.has(one))
  const plan = new CopyPlanning(ends, options, paths, await targetPaths(ends))
  return plan.run()
}

async function sourcePaths({ source, order }: CopyEnds): Promise<SecretPath[]> {
  if (order.kind === 'secret') return [SecretPath.parse(order.from.path)]
  return [...(await pathsBelow(source, order.from.path))]
}

/** What is at the target; undefined when that is to be asked for each path. */
async function targetPaths({ target, order }: CopyEnds): Promise<Set<SecretPath> | undefined> {
  if (order.kind === 'secret') return undefined
  return unlessFailing(['forbidden'], undefined, pathsBelow(target, order.to.path))
}

class CopyPlanning {
  readonly #items: (PlannedItem | undefined)[] = []
  /** Targets that a secret of this plan has by right, or was given. */
  readonly #taken = new Set<string>()
  #done = 0

  constructor(
    private readonly ends: CopyEnds,
    private readonly options: PlanOptions,
    private readonly paths: readonly SecretPath[],
    private readonly present: ReadonlySet<SecretPath> | undefined,
  ) {
    for (const path of paths) this.#taken.add(this.#targetOf(path) ?? '')
  }

  async run(): Promise<PlannedItem[]> {
    const { signal, onProgress } = this.options
    const total = this.paths.length
    await eachBounded(
      this.paths.entries(),
      async ([at, path]) => {
        this.#items[at] = await this.#plan(path)
        this.#done += 1
        onProgress?.({ done: this.#done, total })
      },
      signal,
    )
    return this.#items.filter((item) => item !== undefined)
  }

  /** Undefined when the secret is gone meanwhile. */
  async #plan(path: SecretPath): Promise<PlannedItem | undefined> {
    const to = this.#targetOf(path)
    const begun = await this.#begun(path)
    const isThere = to !== undefined && (this.present?.has(to) ?? true)
    const readsValue = this.options.readsValues || isThere
    const source = await readSource(this.ends, path, readsValue)
    if (source === undefined) {
      const isGone = this.ends.order.kind === 'folder' || this.options.started?.has(path)
      if (isGone === true) return undefined
      throw new CoffretError('not_found', 'there is no such secret')
    }
    if (to === undefined) return this.#tooLong(source)
    if (begun !== undefined) return this.#goOn(source, begun)
    const target = isThere ? await readTarget(this.ends, to, source.data) : undefined
    const item = planSecret(source.facts, to, target, this.ends.rules)
    const mayRename = item.action === 'conflict' && this.ends.order.policy.conflicts === 'rename'
    return mayRename ? this.#rename(source, item) : item
  }

  /** What was announced of a secret, where the target is no longer as it was then. */
  async #begun(path: SecretPath): Promise<StartedSecret | undefined> {
    const started = this.options.started?.get(path)
    if (started === undefined) return undefined
    const { target, rules } = this.ends
    const now = await currentVersionAt(target, rules.canTarget, started.to)
    return now === started.base ? undefined : started
  }

  /** The versions that were to be written then, to be compared with what is there. */
  #goOn({ facts }: ReadSource, { to, base, sourceVersion }: StartedSecret): PlannedItem {
    const before = base === 0 ? undefined : ({ currentVersion: base, data: 'different' } as const)
    const policy = { ...this.ends.order.policy, conflicts: 'newVersion' as const }
    const item = planSecret(facts, to, before, { ...this.ends.rules, policy })
    if (facts.currentVersion === sourceVersion) return { ...item, isResumed: true }
    const [first, ...rest] = item.carried.filter((version) => version <= sourceVersion)
    const was = facts.metadata?.versions.find(({ version }) => version === sourceVersion)?.version
    const carried = first === undefined ? (was === undefined ? [] : [was]) : [first, ...rest]
    return { ...item, sourceVersion, carried, isResumed: true }
  }

  async #rename({ facts, data }: ReadSource, item: CopyItem): Promise<PlannedItem> {
    for (const to of besides(item.to)) {
      if (this.#taken.has(to)) continue
      this.#taken.add(to)
      const target = await readTarget(this.ends, to, data)
      const beside = planSecret(facts, to, target, this.ends.rules)
      if (beside.action === 'conflict') continue
      return beside.action === 'create' ? { ...beside, action: 'rename' } : beside
    }
    return item
  }

  #targetOf(path: SecretPath): SecretPath | undefined {
    const { kind, from, to } = this.ends.order
    return kind === 'secret' ? SecretPath.parse(to.path) : targetPath(path, from.path, to.path)
  }

  #tooLong({ facts }: ReadSource): PlannedItem {
    return {
      ...{ from: facts.path, to: facts.path, action: 'notExpressible', reason: 'path' },
      ...{ sourceVersion: facts.currentVersion, carried: [], base: 0 },
      ...{ hasSettings: false, leftBehind: 0 },
    }
  }
}
