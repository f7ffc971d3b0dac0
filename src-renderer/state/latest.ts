/** Tells the answer to the last question from one that comes late: answers need not come in the order of questions. */
export class Latest {
  readonly #turns = new Map<string, number>()

  /**
   * A question is asked, or the one before is not wanted any more.
   * @param about questions about one thing follow each other; those about others do not count
   * @returns whether nothing was asked since
   */
  ask(about = ''): () => boolean {
    const turn = (this.#turns.get(about) ?? 0) + 1
    this.#turns.set(about, turn)
    return () => this.#turns.get(about) === turn
  }
}
