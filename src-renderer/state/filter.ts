/** A piece of a text, and whether the filter matched it. */
export interface Piece {
  readonly text: string
  readonly isMatch: boolean
}

/** How well a path fits, and where. Lower ranks are better. */
export interface Match {
  readonly rank: number
  /** Start (inclusive) and end (exclusive) offsets, ascending, apart from each other. */
  readonly ranges: readonly (readonly [number, number])[]
}

/**
 * Matches a filter against a path: every word of the filter must occur. A word is found as it stands
 * (best at the start of a segment), otherwise as letters in their order within the path.
 * @param words from {@link filterWords}
 */
export function match(words: readonly string[], path: string): Match | undefined {
  const lower = path.toLowerCase()
  // Lower-casing may change lengths in rare scripts; offsets would then point elsewhere.
  const text = lower.length === path.length ? lower : path
  let rank = 0
  const ranges: (readonly [number, number])[] = []
  for (const word of words) {
    const found = matchWord(word, text)
    if (found === undefined) return undefined
    rank += found.rank
    ranges.push(...found.ranges)
  }
  return { rank, ranges: joined(ranges) }
}

/** The words of a filter, in lower case. */
export function filterWords(filter: string): string[] {
  return filter.toLowerCase().split(/\s+/).filter(Boolean)
}

function matchWord(word: string, text: string): Match | undefined {
  const nameStart = text.lastIndexOf('/') + 1
  const inName = text.indexOf(word, nameStart)
  const at = inName >= 0 ? inName : text.indexOf(word)
  if (at < 0) return matchLetters(word, text)
  const isSegmentStart = at === 0 || '/-_. '.includes(text[at - 1] ?? '')
  const rank = (inName >= 0 ? 0 : 2) + (isSegmentStart ? 0 : 1)
  return { rank, ranges: [[at, at + word.length]] }
}

/** Letters in order, from the end backwards, each as far right as it can be: `pdm` finds `prod/db/mysql`. */
function matchLetters(word: string, text: string): Match | undefined {
  if (word.length < 2) return undefined
  const places: number[] = []
  let end = text.length
  for (const letter of [...word].reverse()) {
    const at = end === 0 ? -1 : text.lastIndexOf(letter, end - 1)
    if (at < 0) return undefined
    places.unshift(at)
    end = at
  }
  const span = (places.at(-1) ?? 0) - (places[0] ?? 0)
  // Letters scattered over a long path are no find.
  if (span > word.length * 6) return undefined
  return { rank: 10 + span, ranges: places.map((place) => [place, place + 1] as const) }
}

function joined(ranges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const result: [number, number][] = []
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else result.push([start, end])
  }
  return result
}

/** A text cut at the ranges of a match. */
export function pieces(text: string, ranges: Match['ranges']): Piece[] {
  const result: Piece[] = []
  let at = 0
  for (const [start, end] of ranges) {
    if (start > at) result.push({ text: text.slice(at, start), isMatch: false })
    result.push({ text: text.slice(start, end), isMatch: true })
    at = end
  }
  if (at < text.length) result.push({ text: text.slice(at), isMatch: false })
  return result
}

/** The items that a filter finds, best first, otherwise in their order. All of them for an empty filter. */
export function search<T>(
  items: readonly T[],
  pathOf: (item: T) => string,
  filter: string,
): { readonly item: T; readonly match: Match }[] {
  const words = filterWords(filter)
  return items
    .flatMap((item) => {
      const found = match(words, pathOf(item))
      return found === undefined ? [] : [{ item, match: found }]
    })
    .sort((a, b) => a.match.rank - b.match.rank)
}
