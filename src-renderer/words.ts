import type { Preferences } from '../src-main/contract/calls'
import { CoffretError, type FailureCode } from '../src-main/contract/errors'
import { RemoteFailure } from '../src-main/contract/remote-failure'
import { en, type Words } from './words-en'
import { fr } from './words-fr'

export type { Words } from './words-en'

/** The languages of the window. */
export type Language = 'en' | 'fr'

const dictionaries: Readonly<Record<Language, Words>> = { en, fr }

/** The language to show. @param systemLanguage BCP 47 tag */
export function languageOf(preference: Preferences['language'], systemLanguage: string): Language {
  if (preference !== 'system') return preference
  return systemLanguage.toLowerCase().startsWith('fr') ? 'fr' : 'en'
}

/** Everything the window says in a language. */
export function wordsOf(language: Language): Words {
  return dictionaries[language]
}

/** What people read when something fails: the sentence and a code that does not change. */
export interface FailureWords {
  readonly text: string
  readonly code: FailureCode
}

/**
 * A failure in words; one of a server by its reason.
 * @param here sentences that fit better than the general ones in this place
 */
export function failureWords(
  words: Words,
  error: unknown,
  here: Partial<Record<FailureCode, string>> = {},
): FailureWords {
  const code = error instanceof CoffretError ? error.code : 'internal'
  if (error instanceof RemoteFailure) return { code, text: words.remote.reasons[error.reason] }
  return { code, text: here[code] ?? words.failures[code] }
}

/** A time relative to now: "2 h ago", "in 3 days". */
export function relativeTime(words: Words, at: number, now: number): string {
  const minutes = Math.round((at - now) / 60_000)
  const size = Math.abs(minutes)
  const { ago } = words
  if (size < 1) return ago.now
  if (size < 60) return minutes < 0 ? ago.minutes(size) : ago.inMinutes(size)
  const hours = Math.round(size / 60)
  if (hours < 24) return minutes < 0 ? ago.hours(hours) : ago.inHours(hours)
  const days = Math.round(hours / 24)
  return minutes < 0 ? ago.days(days) : ago.inDays(days)
}
