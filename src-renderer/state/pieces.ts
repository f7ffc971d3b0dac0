import type { TextRange } from '../../src-main/contract/search'

/** A piece of a text, and whether a search matched it. */
export interface Piece {
  readonly text: string
  readonly isMatch: boolean
}

/** A text cut at the ranges of a match. */
export function pieces(text: string, ranges: readonly TextRange[]): Piece[] {
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
