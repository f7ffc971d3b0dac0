import type { CopyAction, CopyPolicy, CopyReason } from '../contract/copy-calls'
import {
  maxPathBytes,
  SecretPath,
  dataBytes,
  type EpochMs,
  type SecretMetadata,
  type StoreConfig,
  type VersionNumber,
} from '../contract/model'
import { carriedSettings, isPathTaken, obstacleOf, type Can, type Obstacle } from './copy-limits'
import type { DataShape } from './data-compare'
import type { SettingsChange } from './secret-store'
import { effectiveMaxVersions, noSettings } from './settings-rules'
import { versionState } from './version-state'

/** What may be known of a value: that it may not be read, is damaged or is not there, or how it is made. */
export type Reading = 'forbidden' | 'corrupt' | 'inactive' | 'unread' | DataShape

/** What the source holds of a secret. */
export interface SourceFacts {
  readonly path: SecretPath
  /** Absent where the store keeps none, or does not tell. */
  readonly metadata?: SecretMetadata
  /** 0 for a secret without data. */
  readonly currentVersion: number
  readonly current: Reading
  /** Older versions that were read, by number. */
  readonly older: ReadonlyMap<number, Reading>
}

/** What the target holds under a path; undefined for nothing. */
export interface TargetFacts {
  /** 0 for a secret without data. */
  readonly currentVersion: number
  /** How its current data stands to that of the source. */
  readonly data: 'same' | 'different'
  readonly metadata?: SecretMetadata
}

/** What every secret of a copy has in common. */
export interface CopyRules {
  readonly policy: CopyPolicy
  readonly canSource: Can
  readonly canTarget: Can
  /** The settings of the target; undefined where it has none, or does not tell. */
  readonly targetConfig: StoreConfig | undefined
  /** The target is to be as the source is, settings included. */
  readonly mirrors: boolean
  readonly now: EpochMs
}

/** What is to be done with one secret. */
export interface CopyItem {
  readonly from: SecretPath
  readonly to: SecretPath
  readonly action: CopyAction
  readonly reason?: CopyReason
  /** The current version of the source, 0 for none. */
  readonly sourceVersion: number
  /** The versions to be written, ascending. */
  readonly carried: readonly VersionNumber[]
  /** The current version of the target. */
  readonly base: number
  /** Whether settings or words are written. */
  readonly hasSettings: boolean
  /** Absent where a value was not read. */
  readonly bytes?: number
  readonly leftBehind: number
}

/** Where a secret of a subtree goes; undefined when the path would be too long. */
export function targetPath(from: SecretPath, folder: string, to: string): SecretPath | undefined {
  const below = folder === '' ? from : from.slice(folder.length + 1)
  return pathOf(to === '' ? below : `${to}/${below}`)
}

/** Names beside a path that holds other data, the first one first; they end where paths do. */
export function* besides(path: SecretPath): Generator<SecretPath> {
  for (let number = 1; number <= 100; number += 1) {
    const beside = pathOf(number === 1 ? `${path}-copy` : `${path}-copy-${number}`)
    if (beside === undefined) return
    yield beside
  }
}

function pathOf(text: string): SecretPath | undefined {
  return dataBytes(text) > maxPathBytes ? undefined : SecretPath.parse(text)
}

/**
 * Decides what happens to one secret, from what both sides hold.
 * @param to the path at the target, where {@link besides} may have led
 * @param target undefined when nothing is there
 */
export function planSecret(
  source: SourceFacts,
  to: SecretPath,
  target: TargetFacts | undefined,
  rules: CopyRules,
): CopyItem {
  const { canTarget } = rules
  const refused = refusalOf(source, canTarget)
  if (refused !== undefined) return idle(source, to, refused)
  const own = carriedSettings(source.metadata, rules)
  const change = rules.policy.settings ? own.change : undefined
  const left = rules.policy.settings ? own.left : settingsCount(own.change) + own.left
  if (target === undefined || isBare(target)) {
    if (target === undefined && !isPathTaken(to, canTarget)) {
      return idle(source, to, { action: 'notExpressible', reason: 'path' })
    }
    const base = 0
    return writing({ source, to, rules, change, left, base }, 'create')
  }
  if (target.data === 'same') return sameData(source, to, target, { rules, change, left })
  if (rules.policy.conflicts !== 'newVersion') return idle(source, to, { action: 'conflict' })
  if (!canTarget('versions') || !canTarget('cas')) {
    return idle(source, to, { action: 'conflict', reason: 'noVersions' })
  }
  const base = target.currentVersion
  // The settings of what is there stay, unless it is to be a mirror.
  const shown = rules.mirrors ? change : undefined
  const more = rules.mirrors ? left : left + settingsCount(change)
  return writing({ source, to, rules, change: shown, left: more, base }, 'newVersion')
}

/** A secret with settings and no data: whatever is written is its first version. */
function isBare({ currentVersion }: TargetFacts): boolean {
  return currentVersion === 0
}

interface Writing {
  readonly source: SourceFacts
  readonly to: SecretPath
  readonly rules: CopyRules
  readonly change: SettingsChange | undefined
  /** Settings and words that are left behind. */
  readonly left: number
  readonly base: number
}

function writing(parts: Writing, action: 'create' | 'newVersion'): CopyItem {
  const { source, to, change, left, base } = parts
  const carried = carriedVersions(parts)
  return {
    ...{ from: source.path, to, action, sourceVersion: source.currentVersion, carried, base },
    hasSettings: change !== undefined,
    ...sizeOf(source, carried),
    leftBehind: left + keptVersions(source) - carried.length,
  }
}

/** The same data is there: nothing to write but, in a mirror, settings. */
function sameData(
  source: SourceFacts,
  to: SecretPath,
  target: TargetFacts,
  { rules, change, left }: Pick<Writing, 'rules' | 'change' | 'left'>,
): CopyItem {
  const isMirrored = !rules.mirrors || isSameSettings(change, target.metadata, rules)
  return {
    ...idle(source, to, { action: isMirrored ? 'identical' : 'settings' }),
    base: target.currentVersion,
    hasSettings: !isMirrored,
    leftBehind: left + settingsCount(change) + Math.max(keptVersions(source) - 1, 0),
  }
}

function isSameSettings(
  change: SettingsChange | undefined,
  metadata: SecretMetadata | undefined,
  rules: CopyRules,
): boolean {
  return JSON.stringify(change) === JSON.stringify(carriedSettings(metadata, rules).change)
}

/** The versions that are written: those that can be read and that the target will keep. */
function carriedVersions({ source, rules, change, base }: Writing): readonly VersionNumber[] {
  const { metadata, currentVersion } = source
  if (currentVersion === 0) return []
  const current = currentVersion as VersionNumber
  const { policy, canTarget, targetConfig, now } = rules
  if (policy.versions === 'latest' || metadata === undefined || !canTarget('versions')) {
    return [current]
  }
  const readable = metadata.versions
    .filter((one) => versionState(one, now) === 'active')
    .map(({ version }) => version)
    .filter((version) => version === current || isExpressible(source.older.get(version), canTarget))
  const settings = { ...noSettings, ...(change === undefined ? {} : change) }
  const most = effectiveMaxVersions(settings, targetConfig ?? noSettings)
  // What is current at the target now is to stay as a version before.
  return readable.slice(-Math.max(base === 0 ? most : most - 1, 1))
}

function isExpressible(reading: Reading | undefined, can: Can): boolean {
  if (reading === undefined || reading === 'unread') return true
  return typeof reading === 'object' && obstacleOf(reading, can) === undefined
}

/** How many versions of the source still have data, deactivated ones too. */
function keptVersions({ metadata, currentVersion }: SourceFacts): number {
  if (metadata === undefined) return currentVersion === 0 ? 0 : 1
  return metadata.versions.filter(({ destroyed }) => !destroyed).length
}

/** Why a secret is not written, wherever it would go. */
function refusalOf(source: SourceFacts, canTarget: Can): Idle | undefined {
  const { currentVersion, current } = source
  if (currentVersion === 0) {
    return canTarget('emptySecrets') ? undefined : { action: 'notExpressible', reason: 'noData' }
  }
  switch (current) {
    case 'forbidden':
      return { action: 'notAllowed' }
    case 'corrupt':
      return { action: 'unreadable' }
    case 'inactive':
      return { action: 'inactive' }
    case 'unread':
      return undefined
    default:
      return obstacleOf(current, canTarget)
  }
}

type Idle = Obstacle | { readonly action: CopyAction; readonly reason?: CopyReason }

/** Nothing is written. */
function idle(source: SourceFacts, to: SecretPath, how: Idle): CopyItem {
  return {
    ...{ from: source.path, to, sourceVersion: source.currentVersion, carried: [], base: 0 },
    ...how,
    ...{ hasSettings: false, leftBehind: 0 },
  }
}

function sizeOf(source: SourceFacts, carried: readonly VersionNumber[]): { bytes?: number } {
  let bytes = 0
  for (const version of carried) {
    const isCurrent = version === source.currentVersion
    const reading = isCurrent ? source.current : source.older.get(version)
    if (typeof reading !== 'object') return {}
    bytes += reading.bytes
  }
  return { bytes }
}

function settingsCount(change: SettingsChange | undefined): number {
  if (change === undefined) return 0
  const { customMetadata = [], ...config } = change
  return customMetadata.length + Object.keys(config).length
}

/** Whether a plan has something to do with a secret. */
export function isActed({ action }: CopyItem, { move }: CopyPolicy): boolean {
  return isWriting(action) || action === 'settings' || (action === 'identical' && move)
}

/** Whether an action writes data. */
export function isWriting(action: CopyAction): boolean {
  return action === 'create' || action === 'newVersion' || action === 'rename'
}
