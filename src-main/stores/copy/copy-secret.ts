import { CoffretError } from '../../contract/errors'
import type { SecretData, SecretPath, VersionNumber } from '../../contract/model'
import { carriedSettings, obstacleOf } from '../../kv/copy-limits'
import { isWriting } from '../../kv/copy-plan'
import { isSameData, shapeOf } from '../../kv/data-compare'
import type { SettingsChange, WriteOutcome, WriteRequest } from '../../kv/secret-store'
import { currentVersionOf, versionState } from '../../kv/version-state'
import { unlessFailing } from './bounded'
import type { CopyEnds } from './ends'
import type { PlannedItem } from './plan-copy'
import { currentVersionAt, readValue } from './reading'

/** What became of a secret. */
export interface SecretOutcome {
  readonly outcome: 'copied' | 'moved' | 'kept' | 'changed'
  /** Versions that are at the target. */
  readonly versions: number
}

/** Somebody changed one of the two ends since the plan was made. */
class Changed extends Error {}

/**
 * Copies one secret as planned, reads back what it wrote, and then, for a move, deletes the source. Nothing
 * of others is overwritten: each write names the version that must be current. What may have been written
 * already, by a run that was killed or a reply that was lost, is read and compared first.
 *
 * Honest limit: no protocol deletes only what has a certain version. Who changes the source between the last
 * look and the deletion, which follows at once, loses that change where there is no bin.
 * @throws CoffretError what either store throws
 */
export async function copySecret(ends: CopyEnds, item: PlannedItem): Promise<SecretOutcome> {
  try {
    const written = new SecretCopy(ends, item)
    const versions = await written.write()
    if (!ends.order.policy.move) return { outcome: 'copied', versions }
    return { outcome: await written.deleteSource(), versions }
  } catch (error) {
    if (error instanceof Changed) return { outcome: 'changed', versions: 0 }
    throw error
  }
}

class SecretCopy {
  /** The data of the last version, which is the current one. */
  #last: SecretData | undefined
  #leftBehind: number

  constructor(
    private readonly ends: CopyEnds,
    private readonly item: PlannedItem,
  ) {
    this.#leftBehind = item.leftBehind
  }

  /** @returns how many versions are at the target */
  async write(): Promise<number> {
    const { action, carried } = this.item
    if (action === 'settings') return this.#writeSettings({ mode: 'update' })
    if (!isWriting(action)) return this.#compare()
    if (carried.length > 0) return this.#writeVersions()
    if (this.item.sourceVersion !== 0) throw new Changed()
    return this.#writeSettings({ mode: 'create' })
  }

  /** Deletes the source, if it is still what was copied. */
  async deleteSource(): Promise<'moved' | 'kept'> {
    const { source, rules, order } = this.ends
    const { from } = this.item
    const hasBin = rules.canSource('bin')
    if (this.#leftBehind > 0 && !hasBin && !order.policy.acceptLoss) return 'kept'
    await this.#checkSource()
    try {
      if (hasBin) await source.bin().discard({ path: from, kind: 'secret' })
      else await source.remove(from)
    } catch (error) {
      // The reply may have been lost.
      const isGone = await isNowhere(source.readVersion(from)).catch(() => false)
      if (!isGone) throw error
    }
    return 'moved'
  }

  async #writeVersions(): Promise<number> {
    const { base, to, carried, isResumed } = this.item
    const { target, rules } = this.ends
    const there = isResumed ? await currentVersionAt(target, rules.canTarget, to) : base
    let at = base
    for (const version of carried) {
      const data = await this.#readSource(version)
      if (data === undefined) continue
      if (at < there) await this.#demand(at + 1, data)
      else await this.#writeVersion(at, data)
      at += 1
      this.#last = data
    }
    // More than was to be written is there: somebody else went on from it.
    if (at < there) throw new Changed()
    return at - base
  }

  /** Undefined for an older version that the target does not take; it stays behind. */
  async #readSource(version: VersionNumber): Promise<SecretData | undefined> {
    const { source, rules } = this.ends
    const isCurrent = version === this.item.sourceVersion
    const found = await readValue(source, this.item.from, this.#numberOf(version))
    if (found === 'gone') throw new Changed()
    if (found === 'forbidden') throw new CoffretError('forbidden', 'the value may not be read')
    if (found === 'corrupt') throw new CoffretError('corrupt', 'the value is damaged')
    if (found.data === undefined || found.metadata.version !== version) throw new Changed()
    const obstacle = obstacleOf(shapeOf(found.data), rules.canTarget)
    if (obstacle === undefined) return found.data
    if (isCurrent) {
      const code = obstacle.action === 'tooLarge' ? 'too_large' : 'invalid'
      throw new CoffretError(code, 'the target does not take such data')
    }
    this.#leftBehind += 1
    return undefined
  }

  /** A store without versions is asked for what it has. */
  #numberOf(version: VersionNumber): VersionNumber | undefined {
    return this.ends.rules.canSource('versions') ? version : undefined
  }

  async #writeVersion(at: number, data: SecretData): Promise<void> {
    const { target, rules } = this.ends
    const { to, base } = this.item
    const settings = this.item.hasSettings && at === base ? await this.#settings() : undefined
    const written = await this.#send(at, data, settings).catch(async (error: unknown) => {
      const now = await currentVersionAt(target, rules.canTarget, to).catch(() => at)
      // Otherwise the reply was lost, or somebody else wrote: what is there tells.
      if (now === at && !isOvertaken(error)) throw error
    })
    await this.#demand(at + 1, data)
    if (settings !== undefined && written !== undefined) {
      checkWords(settings, written.metadata.customMetadata)
    }
  }

  /** @returns what the target tells of it, where that is needed */
  async #send(
    at: number,
    data: SecretData,
    settings: SettingsChange | undefined,
  ): Promise<WriteOutcome | undefined> {
    const { target, rules } = this.ends
    const { to } = this.item
    if (settings !== undefined) {
      return target.write(to, { ...this.#guard(at), data, settings })
    }
    if (target.addVersion === undefined || !rules.canTarget('cas')) {
      return target.write(to, { ...this.#guard(at), data })
    }
    await target.addVersion(to, { data, cas: at })
    return undefined
  }

  /** What must be true at the target for a write. */
  #guard(at: number): Pick<WriteRequest, 'mode' | 'cas'> {
    const { canTarget } = this.ends.rules
    if (!canTarget('cas')) return { mode: 'create' }
    if (at > 0) return { mode: 'update', cas: at }
    // Where there may be a secret with settings alone, its first version is no creation.
    return canTarget('emptySecrets') ? { mode: 'upsert', cas: 0 } : { mode: 'create' }
  }

  /** Reads back. */
  async #demand(version: number, data: SecretData): Promise<void> {
    const { target, rules, isExact } = this.ends
    const number = rules.canTarget('versions') ? (version as VersionNumber) : undefined
    const found = await readValue(target, this.item.to, number)
    if (found === 'forbidden') throw new CoffretError('forbidden', 'the copy may not be read back')
    if (typeof found === 'string' || found.data === undefined) throw new Changed()
    if (!isSameData(data, found.data, isExact)) throw new Changed()
  }

  /** Of a move whose target has the same data: both are looked at again. */
  async #compare(): Promise<number> {
    const { source, target, isExact } = this.ends
    const { from, to, sourceVersion } = this.item
    const [own, other] = [await readValue(source, from), await readValue(target, to)]
    if (typeof own === 'string' || typeof other === 'string') throw new Changed()
    if (own.data === undefined || other.data === undefined) throw new Changed()
    const isSame = isSameData(own.data, other.data, isExact)
    if (!isSame || own.metadata.version !== sourceVersion) throw new Changed()
    this.#last = own.data
    return 0
  }

  async #writeSettings(guard: Pick<WriteRequest, 'mode'>): Promise<number> {
    const { target } = this.ends
    const settings = await this.#settings()
    const change = { ...settings, customMetadata: settings?.customMetadata ?? [] }
    try {
      await target.write(this.item.to, { ...guard, settings: change })
    } catch (error) {
      if (isOvertaken(error)) throw new Changed()
      throw error
    }
    return 0
  }

  async #settings(): Promise<SettingsChange | undefined> {
    const { source, rules } = this.ends
    if (!rules.canSource('metadata')) return undefined
    const metadata = await source.readMetadata(this.item.from)
    return carriedSettings(metadata, rules).change
  }

  /** The source is what was copied: the same version, and where there is data the same. */
  async #checkSource(): Promise<void> {
    const { source, rules } = this.ends
    const { from, sourceVersion } = this.item
    if (rules.canSource('metadata')) {
      const metadata = await unlessFailing(['forbidden'], undefined, source.readMetadata(from))
      if (metadata !== undefined) {
        if (metadata.currentVersion !== sourceVersion) throw new Changed()
        const current = currentVersionOf(metadata)
        const isActive = current === undefined || versionState(current, rules.now) === 'active'
        if (!isActive) throw new Changed()
        return
      }
    }
    const found = await readValue(source, from)
    if (typeof found === 'string' || found.data !== this.#last) throw new Changed()
  }
}

function isOvertaken(error: unknown): boolean {
  if (!(error instanceof CoffretError)) return false
  return ['cas_mismatch', 'exists', 'not_found'].includes(error.code)
}

function checkWords(
  { customMetadata: sent = [] }: SettingsChange,
  found: NonNullable<SettingsChange['customMetadata']>,
): void {
  const has = new Map(found)
  if (sent.every(([key, value]) => has.get(key) === value)) return
  throw new CoffretError('corrupt', 'the target does not hold the metadata that was written')
}

async function isNowhere(reading: Promise<unknown>): Promise<boolean> {
  return (await unlessFailing(['not_found'], undefined, reading)) === undefined
}

/** Whether a secret is at the target, of a move whose source is gone. */
export async function isThere(
  { target, rules }: CopyEnds,
  to: SecretPath,
  base: number,
): Promise<boolean> {
  return (await currentVersionAt(target, rules.canTarget, to)) > base
}
