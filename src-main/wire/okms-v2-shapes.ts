import { z } from 'zod'
import { VersionState } from '../contract/model'
import { exactObject } from './json-shape'

const text = z.string()
const integer = z.number().int().min(0)
const warnings = z.array(text).nullish()
const settings = {
  casRequired: z.boolean().nullish(),
  deactivateVersionAfter: text.nullish(),
  maxVersions: integer.nullish(),
}

const Metadata = z.object({
  ...settings,
  createdAt: text.nullish(),
  currentVersion: integer,
  customMetadata: exactObject.optional(),
  oldestVersion: integer,
  updatedAt: text.nullish(),
  urn: text.optional(),
})

/** The settings of the domain. */
export const ConfigReply = z.object(settings)
/** The same after a change. */
export const ConfigWritten = ConfigReply.extend({ warnings })

/** What a write of a secret answers; the number of a new version is `metadata.currentVersion`. */
export const SecretWritten = z.object({ path: text, metadata: Metadata, warnings })

/** The two ways of writing a state. Source: okms-api 11. */
export type StateSpelling = 'lower' | 'upper'

/** The replies that tell of states, which the two prefixes spell differently. */
export function stateReplies(spelling: StateSpelling) {
  const Version = z.object({
    id: integer.min(1),
    state: stateWords(spelling),
    createdAt: text,
    deactivatedAt: text.nullish(),
    /** Only when it was asked for, and the version is active. */
    data: exactObject.nullish(),
    warnings,
  })
  const Secret = z.object({ path: text, metadata: Metadata, version: Version.optional() })
  return { Version, Versions: z.array(Version), Secret, Secrets: z.array(Secret) }
}

/** A state in a request; the prefix with capitals takes lower case too. */
export function stateInput(spelling: StateSpelling) {
  const fold = (word: string) => (spelling === 'upper' ? word.toLowerCase() : word)
  return text
    .transform(fold)
    .pipe(VersionState)
    .meta({ enum: wordsOf(spelling) })
}

/** A state as a prefix writes it. */
export function stateWord(state: VersionState, spelling: StateSpelling): string {
  return spelling === 'upper' ? state.toUpperCase() : state
}

function stateWords(spelling: StateSpelling) {
  return z.enum(wordsOf(spelling))
}

function wordsOf(spelling: StateSpelling): string[] {
  return VersionState.options.map((state) => stateWord(state, spelling))
}

/** The error of the central prefix. Source: okms-api 11. */
export const CentralError = z.object({ class: text, message: text })
