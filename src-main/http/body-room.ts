import { Refusal } from './refusal'

/** The bytes of one body, as far as they came. */
export interface BodyPlace {
  /** @throws Refusal `body_too_large` once it had to give way */
  add(part: Uint8Array): void
  /** All of them. @throws as {@link add} */
  whole(): Uint8Array
  /** To be called once, whatever happened. */
  leave(): void
}

/**
 * Where bodies lie while they are read. A form is read before the credential (kv-semantics 1.6), so that
 * anybody could fill the memory with bodies that never end: together they have a limit, and the one that
 * began first gives way to the latest. Those of honest clients are here for milliseconds.
 */
export class BodyRoom {
  /** In the order in which they began. */
  readonly #places = new Set<Place>()
  #bytes = 0

  /** @param limit in bytes, of all bodies together */
  constructor(private readonly limit: number) {}

  /** How much lies here, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  enter(): BodyPlace {
    const place = new Place(
      (length) => this.#grow(length),
      () => this.#remove(place),
    )
    this.#places.add(place)
    return place
  }

  #grow(length: number): void {
    this.#bytes += length
    for (const oldest of this.#places) {
      if (this.#bytes <= this.limit) return
      this.#remove(oldest)
      oldest.giveWay()
    }
  }

  #remove(place: Place): void {
    if (this.#places.delete(place)) this.#bytes -= place.length
  }
}

class Place implements BodyPlace {
  length = 0
  /** Undefined once it had to give way: what came is forgotten at once, not when the next part comes. */
  #parts: Uint8Array[] | undefined = []

  constructor(
    private readonly grow: (length: number) => void,
    readonly leave: () => void,
  ) {}

  giveWay(): void {
    this.#parts = undefined
  }

  add(part: Uint8Array): void {
    this.#kept().push(part)
    this.length += part.length
    this.grow(part.length)
  }

  whole(): Uint8Array {
    return Buffer.concat(this.#kept())
  }

  #kept(): Uint8Array[] {
    if (this.#parts !== undefined) return this.#parts
    throw new Refusal('body_too_large', ['too many requests are being read'])
  }
}
