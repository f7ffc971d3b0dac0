import { createHmac, timingSafeEqual } from 'node:crypto'
import type { RandomBytes } from '../env'
import { Refusal } from './refusal'

const checkBytes = 16

/**
 * Cursors that hold the last name of a page with a keyed check, so that no state is kept and nobody
 * can make one up. They are valid as long as this object lives. Source: okms-api L11.
 */
export class Cursors {
  readonly #key: Uint8Array

  constructor(random: RandomBytes) {
    this.#key = random(32)
  }

  /** @param listing what is listed, so that a cursor of one listing is none of another */
  make(listing: string, last: string): string {
    return Buffer.concat([this.#check(listing, last), Buffer.from(last)]).toString('base64url')
  }

  /** The last name of the page before. @throws Refusal `bad_request` when the cursor is not ours */
  read(listing: string, cursor: string): string {
    const bytes = Buffer.from(cursor, 'base64url')
    const last = bytes.subarray(checkBytes).toString()
    const check = bytes.subarray(0, checkBytes)
    if (check.length === checkBytes && timingSafeEqual(check, this.#check(listing, last)))
      return last
    throw new Refusal('bad_request', ['x-pagination-cursor: not a cursor of this listing'])
  }

  #check(listing: string, last: string): Buffer {
    const mac = createHmac('sha256', this.#key)
    return mac.update(`${listing.length}:${listing}${last}`).digest().subarray(0, checkBytes)
  }
}
