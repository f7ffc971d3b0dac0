/** Why a passphrase is weak: the keys of zxcvbn. */
export type StrengthWarning =
  | 'straightRow'
  | 'keyPattern'
  | 'simpleRepeat'
  | 'extendedRepeat'
  | 'sequences'
  | 'recentYears'
  | 'dates'
  | 'topTen'
  | 'topHundred'
  | 'common'
  | 'similarToCommon'
  | 'wordByItself'
  | 'namesByThemselves'
  | 'commonNames'
  | 'userInputs'
  | 'pwned'

/** What would make it stronger: the keys of zxcvbn. */
export type StrengthSuggestion =
  | 'l33t'
  | 'reverseWords'
  | 'allUppercase'
  | 'capitalization'
  | 'dates'
  | 'recentYears'
  | 'associatedYears'
  | 'sequences'
  | 'repeated'
  | 'longerKeyboardPattern'
  | 'anotherWord'
  | 'useWords'
  | 'noNeed'
  | 'pwned'

/** The strength of a passphrase. */
export interface Strength {
  /** 0 (guessed at once) to 4. */
  readonly score: 0 | 1 | 2 | 3 | 4
  /** Time to guess it against slow hashing, in seconds. */
  readonly crackSeconds: number
  /** Keys of {@link StrengthWarning}, as the library gives them. */
  readonly warning: string | null
  readonly suggestions: readonly string[]
}

/** The fewest characters of a passphrase that need no acceptance of a risk. */
export const leastCharacters = 12

/** The least score that needs no acceptance of a risk. */
export const leastScore = 3

/** The characters as people count them: code points of the normal form. */
export function characters(passphrase: string): number {
  return [...passphrase.normalize('NFC')].length
}

/** A span of time by its size, for words. */
export type CrackTime =
  'instant' | 'seconds' | 'minutes' | 'hours' | 'days' | 'months' | 'years' | 'centuries'

const bounds: readonly (readonly [number, CrackTime])[] = [
  [1, 'instant'],
  [60, 'seconds'],
  [3600, 'minutes'],
  [86_400, 'hours'],
  [2_592_000, 'days'],
  [31_536_000, 'months'],
  [3_153_600_000, 'years'],
]

/** How long guessing takes, in a word. */
export function crackTime(seconds: number): CrackTime {
  return bounds.find(([bound]) => seconds < bound)?.[1] ?? 'centuries'
}

/** A passphrase as the vault takes it: NFC, UTF-8. The caller sends it and forgets it. */
export function passphraseBytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text.normalize('NFC'))
}
