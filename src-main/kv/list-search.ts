import type { MountName, SecretSummary, StoreId } from '../contract/model'
import type { SearchAnswer, SearchHit } from '../contract/search'
import { compareBytes } from './byte-order'
import { explain, fold, rankOf, searchTextOf, searchWords, type SearchText } from './search-rules'

/** A secret of a list, as it is compared with words. */
export interface ListedText {
  readonly row: SecretSummary
  readonly text: SearchText
  /** The folded folders, joined by `/`; empty at the top. */
  readonly folder: string
}

/** A list that is searched. */
export interface SearchedList {
  readonly store: StoreId
  readonly mount: MountName
  readonly texts: readonly ListedText[]
}

/** Makes the texts of a list, once for many searches. */
export function listedTexts(rows: readonly SecretSummary[]): readonly ListedText[] {
  return rows.map((row) => {
    const slash = row.path.lastIndexOf('/')
    const folder = slash < 0 ? '' : fold(row.path.slice(0, slash))
    return { row, folder, text: searchTextOf(row.path.slice(slash + 1), [], []) }
  })
}

/**
 * Searches lists by path: keys, metadata and values are not in them. Best first, then by path.
 * @param words what a person typed; everything matches when there is none
 */
export function searchLists(
  lists: readonly SearchedList[],
  { text: typed, limit }: { readonly text: string; readonly limit: number },
): SearchAnswer {
  const words = searchWords(typed)
  const found = lists.flatMap((list) =>
    list.texts.flatMap((listed) => {
      const rank = worstRank(words, list.mount, listed)
      return rank === undefined ? [] : [{ rank, list, listed }]
    }),
  )
  found.sort((a, b) => a.rank - b.rank || compareBytes(a.listed.row.path, b.listed.row.path))
  const hits = found.slice(0, limit).map(({ list: { store, mount }, listed }): SearchHit => {
    const { row, text } = listed
    const { ranges, parts } = explain(words, mount, row.path, text)
    return { ...row, store, ranges, parts }
  })
  const searched = lists.reduce((sum, { texts }) => sum + texts.length, 0)
  return { hits, total: found.length, searched, unreadable: 0 }
}

/** How well the word fits that fits worst; undefined when one does not. */
function worstRank(
  words: readonly string[],
  mount: MountName,
  { text, folder }: ListedText,
): number | undefined {
  const place = folder === '' ? fold(mount) : `${fold(mount)}/${folder}`
  let worst = 0
  for (const word of words) {
    const rank = rankOf(word, text, place, folder.includes(word))
    if (rank < 0) return undefined
    worst = Math.max(worst, rank)
  }
  return worst
}
