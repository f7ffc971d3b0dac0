import { CoffretError } from '../contract/errors'
import { tagBytes } from '../crypto/aead'
import { isEqual } from '../crypto/derive'
import { itemKey, type HashTree } from './hash-tree'

/** The authentication tag of a sealed row: what tells it from every other sealing of the same row. */
export function tagOf(body: Uint8Array): Uint8Array {
  return body.subarray(-tagBytes)
}

/** @throws CoffretError `corrupt` when a sealed row is not the one with this tag */
export function checkTag(body: Uint8Array, tag: Uint8Array): void {
  if (!isEqual(tagOf(body), tag)) throw new CoffretError('corrupt', 'a row is older than the vault')
}

/** Holds rows to the freshness tree: those that are read, and those that are not there. */
export class Freshness {
  /** @param tree absent to read whatever authenticates, for saving what is left of a damaged vault */
  constructor(private readonly tree: HashTree | undefined) {}

  /**
   * @param body the sealed row as found, undefined when there is none
   * @throws CoffretError `corrupt` when the row is missing, older than the vault, or was put back
   */
  check(group: Uint8Array, item: Uint8Array, body: Uint8Array | undefined): void {
    if (this.tree === undefined) return
    const tag = this.tree.find(group, item)
    if (body === undefined) {
      if (tag !== undefined) throw new CoffretError('corrupt', 'a row of the vault is missing')
    } else if (tag === undefined) {
      throw new CoffretError('corrupt', 'a row was removed from the vault, and put back')
    } else {
      checkTag(body, tag)
    }
  }

  /**
   * The same for all rows of a group at once.
   * @throws CoffretError `corrupt`
   */
  checkAll(
    group: Uint8Array,
    rows: readonly { readonly item: Uint8Array; readonly body: Uint8Array }[],
  ): void {
    if (this.tree === undefined) return
    const tags = this.tree.group(group)
    for (const { item, body } of rows) {
      const tag = tags.get(itemKey(item))
      if (tag === undefined) {
        throw new CoffretError('corrupt', 'a row was removed from the vault, and put back')
      }
      checkTag(body, tag)
    }
    if (tags.size !== rows.length)
      throw new CoffretError('corrupt', 'a row of the vault is missing')
  }

  /**
   * For rows of which the tree holds some only.
   * @throws CoffretError `corrupt` when the tree holds another row, or this one is missing
   */
  checkHeld(group: Uint8Array, item: Uint8Array, body: Uint8Array | undefined): void {
    if (this.holds(group, item)) this.check(group, item, body)
  }

  /** Whether the tree holds a row. */
  holds(group: Uint8Array, item: Uint8Array): boolean {
    return this.tree?.find(group, item) !== undefined
  }

  /** Whether a group has no row. */
  isEmpty(group: Uint8Array): boolean {
    return this.tree !== undefined && this.tree.group(group).size === 0
  }

  /** Notes a row that was written, or removed. */
  note(group: Uint8Array, item: Uint8Array, body: Uint8Array | undefined): void {
    this.tree?.set(group, item, body === undefined ? undefined : tagOf(body))
  }
}
