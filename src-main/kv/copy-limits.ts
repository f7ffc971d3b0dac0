import type { CopyReason } from '../contract/copy-calls'
import {
  maxDataBytes,
  maxWindowDataBytes,
  type Capability,
  type CustomMetadata,
  type SecretMetadata,
  type SecretPath,
  type StoreConfig,
} from '../contract/model'
import type { DataShape } from './data-compare'
import { isNarrowPath, isNarrowWord } from './narrow-rules'
import type { SettingsChange } from './secret-store'
import { noSettings } from './settings-rules'

/** Whether a store says that it can do something. */
export type Can = (capability: Capability) => boolean

/** Why a store cannot hold data; undefined when it can. */
export type Obstacle = { readonly action: 'tooLarge' } | NotExpressible

/** The target has no words for it. */
export interface NotExpressible {
  readonly action: 'notExpressible'
  readonly reason: CopyReason
}

/** @param can what the target can do */
export function obstacleOf(shape: DataShape, can: Can): Obstacle | undefined {
  // Source: okms-api L19; stores that take any name take what we take.
  const limit = can('anyName') ? maxDataBytes : maxWindowDataBytes
  if (shape.bytes > limit) return { action: 'tooLarge' }
  if (shape.isEmpty && !can('emptyData')) return cannot('emptyData')
  if (shape.hasEmptyKey && !can('anyName')) return cannot('emptyKey')
  if (shape.hasWideNumber && !can('exactText')) return cannot('numbers')
  return undefined
}

/** Whether a path can be made in a store. @param can what the target can do */
export function isPathTaken(path: SecretPath, can: Can): boolean {
  return can('anyName') || isNarrowPath(path)
}

/** Settings and custom metadata that go along with a secret. */
export interface CarriedSettings {
  /** Undefined when there is nothing to say. */
  readonly change: SettingsChange | undefined
  /** How many settings and words the target does not take. */
  readonly left: number
}

/** What decides which settings go along. */
export interface SettingsRules {
  readonly canTarget: Can
  /** A mirror takes words alone: its versions are not to end, or to pile up, by themselves. */
  readonly mirrors: boolean
}

/** @param metadata of the source; undefined where it does not tell */
export function carriedSettings(
  metadata: SecretMetadata | undefined,
  { canTarget: can, mirrors }: SettingsRules,
): CarriedSettings {
  if (metadata === undefined) return { change: undefined, left: 0 }
  const words = metadata.customMetadata
  const config = mirrors ? {} : ownSettings(metadata.settings)
  const own = Object.keys(config).length
  if (!can('settings')) return { change: undefined, left: words.length + own }
  const taken = can('anyName') ? words : words.filter(isNarrowPair)
  const change = { ...config, ...(taken.length === 0 ? {} : { customMetadata: taken }) }
  const isEmpty = Object.keys(change).length === 0
  return { change: isEmpty ? undefined : change, left: words.length - taken.length }
}

function isNarrowPair([key, value]: CustomMetadata[number]): boolean {
  return isNarrowWord(key, 128) && isNarrowWord(value, 512)
}

/** What a secret sets for itself. */
function ownSettings(settings: StoreConfig): Partial<StoreConfig> {
  const { maxVersions, casRequired, deactivateVersionAfter: life } = settings
  return {
    ...(maxVersions === noSettings.maxVersions ? {} : { maxVersions }),
    ...(casRequired === noSettings.casRequired ? {} : { casRequired }),
    ...(life.seconds === 0 ? {} : { deactivateVersionAfter: life }),
  }
}

function cannot(reason: CopyReason): NotExpressible {
  return { action: 'notExpressible', reason }
}
