/** A short sentence that goes away by itself. */
export interface Notice {
  readonly id: number
  readonly text: string
}

const staysMs = 6000

/** What has just been done, in words; read out once. */
export class Notices {
  list = $state.raw<readonly Notice[]>([])
  #lastId = 0

  say(text: string): void {
    const id = ++this.#lastId
    this.list = [...this.list.slice(-2), { id, text }]
    setTimeout(() => this.dismiss(id), staysMs)
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id)
  }
}
