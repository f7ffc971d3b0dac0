import type { CustomMetadata } from '../contract/model'
import type { SearchPart, TextRange } from '../contract/search'

/** How well a word fits, best first: at the start of the name, in it, in the path, a key, metadata, a value. */
export const searchRanks = { prefix: 0, name: 1, path: 2, key: 3, metadata: 4, value: 5 } as const

/** The most words of a search; more are left out. */
export const maxSearchWords = 16

/** What begins a key, and a pair of metadata, in {@link SearchText}. Neither occurs in a text or word. */
const keyMark = '\u0001'
const metadataMark = '\u0002'

/** Combining marks: what is left of an accent once its letter is decomposed. */
const marks = /\p{M}+/gu

/** Plain letters, as nearly all names are: nothing to decompose. */

const plain = /^[\u0000-\u007f]*$/

const controls = /[\u0000-\u001f]/g

/** A text as it is compared: without case and accents. Each character is folded for itself. */
export function fold(text: string): string {
  if (plain.test(text)) return text.toLowerCase()
  const bare = text.normalize('NFD').replace(marks, '').toLowerCase()
  // Lower case knows a sigma for the ends of words.
  return bare.replaceAll('ς', 'σ')
}

/** The words of a search, folded, each once; all must match. */
export function searchWords(text: string): string[] {
  const words = fold(clean(text)).split(/\s+/).filter(Boolean)
  return [...new Set(words)].slice(0, maxSearchWords)
}

/** What of a secret is searched besides its folder: name, keys and metadata in one text, to be found at once. */
export interface SearchText {
  readonly shown: string
  readonly folded: string
  /** Where in `folded` the name ends. */
  readonly nameEnd: number
  /** Where in `folded` the metadata begin. */
  readonly metadataStart: number
}

/** Makes the text that is searched; control characters count as spaces. */
export function searchTextOf(
  name: string,
  keys: readonly string[],
  metadata: CustomMetadata,
): SearchText {
  const shown = [
    clean(name),
    ...keys.map((key) => keyMark + clean(key)),
    ...metadata.map(([key, value]) => `${metadataMark}${clean(key)}=${clean(value)}`),
  ].join('')
  const folded = fold(shown)
  const metadataStart = endAt(folded, metadataMark)
  const nameEnd = Math.min(endAt(folded, keyMark), metadataStart)
  // Most are equal, and two of one would be in memory.
  return { shown: folded === shown ? folded : shown, folded, nameEnd, metadataStart }
}

/** The name in a text, as it is shown. */
export function nameIn({ shown }: SearchText): string {
  return shown.slice(0, Math.min(endAt(shown, keyMark), endAt(shown, metadataMark)))
}

/**
 * How well a word fits: one of {@link searchRanks} but `value`; -1 when it does not.
 * @param folder the folded place: mount, and folders if any, joined by `/`
 * @param isInFolder whether the word is in the folders; the mount's name alone is no find
 */
export function rankOf(
  word: string,
  { folded, nameEnd, metadataStart }: SearchText,
  folder: string,
  isInFolder: boolean,
): number {
  const at = folded.indexOf(word)
  if (at === 0) return searchRanks.prefix
  if (at > 0 && at < nameEnd) return searchRanks.name
  if (isInFolder) return searchRanks.path
  if (word.includes('/') && `${folder}/${folded.slice(0, nameEnd)}`.includes(word)) {
    return searchRanks.path
  }
  if (at < 0) return -1
  return at < metadataStart ? searchRanks.key : searchRanks.metadata
}

/** What matched of a secret, for showing it. */
export interface Explanation {
  /** In the path. */
  readonly ranges: readonly TextRange[]
  readonly parts: readonly SearchPart[]
  /** Words that are in neither. */
  readonly missing: readonly string[]
}

/**
 * Says where each word was found: where it ranks best.
 * @param mount the name of the mount, which words with a slash may begin in
 */
export function explain(
  words: readonly string[],
  mount: string,
  path: string,
  text: SearchText,
): Explanation {
  const place = foldedWithOffsets(`${mount}/${path}`)
  const pathStart = mount.length + 1
  const nameStart = fold(`${mount}/`).length + fold(path.slice(0, path.lastIndexOf('/') + 1)).length
  const ranges: TextRange[] = []
  const found = new Map<string, SearchPart>()
  const missing: string[] = []
  for (const word of words) {
    const at = placeOf(word, place.folded, nameStart, fold(`${mount}/`).length)
    if (at >= 0) {
      const [start, end] = place.rangeOf(at, word.length)
      ranges.push([Math.max(0, start - pathStart), end - pathStart])
      continue
    }
    const part = partWith(word, text)
    if (part === undefined) missing.push(word)
    else found.set(part.text, { ...part, ranges: rangesWith(found.get(part.text), part) })
  }
  return { ranges: joined(ranges), parts: [...found.values()], missing }
}

/** Ranges in their order, those that touch as one. */
export function joined(ranges: readonly TextRange[]): TextRange[] {
  const result: [number, number][] = []
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else result.push([start, end])
  }
  return result
}

/** In the name, else in the folders, else across the end of the mount's name. */
function placeOf(word: string, folded: string, nameStart: number, pathStart: number): number {
  const inName = folded.indexOf(word, nameStart)
  if (inName >= 0) return inName
  const inPath = folded.indexOf(word, pathStart)
  if (inPath >= 0 || !word.includes('/')) return inPath
  return folded.indexOf(word)
}

function partWith(word: string, { shown, folded }: SearchText): SearchPart | undefined {
  if (!folded.includes(word)) return undefined

  for (const part of shown.split(/(?=[\u0001\u0002])/).slice(1)) {
    const text = part.slice(1)
    const { folded, rangeOf } = foldedWithOffsets(text)
    const at = folded.indexOf(word)
    if (at < 0) continue
    const kind = part.startsWith(keyMark) ? 'key' : 'metadata'
    return { kind, text, ranges: [rangeOf(at, word.length)] }
  }
  return undefined
}

function rangesWith(before: SearchPart | undefined, part: SearchPart): TextRange[] {
  return joined([...(before?.ranges ?? []), ...part.ranges])
}

/** A folded text that knows where each of its characters was. */
function foldedWithOffsets(text: string) {
  let folded = ''
  const starts: number[] = []
  const ends: number[] = []
  let at = 0
  for (const character of text) {
    const piece = fold(character)
    folded += piece
    for (let unit = 0; unit < piece.length; unit += 1) {
      starts.push(at)
      ends.push(at + character.length)
    }
    at += character.length
    // A mark that was left out belongs to the letter before it.
    if (piece === '' && ends.length > 0) ends[ends.length - 1] = at
  }
  const rangeOf = (from: number, length: number): TextRange => [
    starts[from] ?? 0,
    ends[from + length - 1] ?? 0,
  ]
  return { folded, rangeOf }
}

function clean(text: string): string {
  return text.replace(controls, ' ')
}

function endAt(text: string, mark: string): number {
  const at = text.indexOf(mark)
  return at < 0 ? text.length : at
}
