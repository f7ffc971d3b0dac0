import { RemoteFailure } from '../contract/remote-failure'

/** The most names of one list that are read; ten times what a domain is expected to hold. */
export const maxEntries = 200_000

/** The most requests for names of one list: pages, or folders of a tree. */
export const maxListRequests = 20_000

/** Counts what one list has cost, so that a server without an end is left. */
export class ListingBudget {
  #entries = 0
  #requests = 0

  /** Before a request. @throws RemoteFailure `too_much` */
  request(): void {
    this.#requests += 1
    if (this.#requests > maxListRequests) throw tooMuch(`${maxListRequests} requests`)
  }

  /** After one. @throws RemoteFailure `too_much` */
  entries(count: number): void {
    this.#entries += count
    if (this.#entries > maxEntries) throw tooMuch(`${maxEntries} names`)
  }
}

function tooMuch(most: string): RemoteFailure {
  return new RemoteFailure('too_large', 'too_much', `the list goes on after ${most}`)
}
