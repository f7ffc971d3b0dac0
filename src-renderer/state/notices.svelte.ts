/** What can be done about it, while the sentence is there. */
export interface NoticeAction {
  readonly text: string
  readonly run: () => void
}

/** A short sentence that goes away by itself. */
export interface Notice {
  readonly id: number
  readonly text: string
  readonly action?: NoticeAction | undefined
}

const staysMs = 6000
/** Longer, where there is something to decide. */
const actionStaysMs = 12_000

/** What has just been done, in words; read out once. */
export class Notices {
  list = $state.raw<readonly Notice[]>([])
  #lastId = 0
  #isHeld = false
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>()

  say(text: string, action?: NoticeAction): void {
    const notice = { id: ++this.#lastId, text, action }
    this.list = [...this.list.slice(-2), notice]
    if (!this.#isHeld) this.#dismissLater(notice)
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    this.list = this.list.filter((notice) => notice.id !== id)
  }

  /** Does what a sentence offers, once. */
  act(id: number): void {
    const action = this.list.find((notice) => notice.id === id)?.action
    this.dismiss(id)
    action?.run()
  }

  /** Does what the latest sentence that offers something offers. */
  actOnLatest(): void {
    const latest = this.list.findLast((notice) => notice.action !== undefined)
    if (latest !== undefined) this.act(latest.id)
  }

  /** Takes back what is offered: it may not be possible any more. */
  withdrawActions(): void {
    for (const { id, action } of this.list) if (action !== undefined) this.dismiss(id)
  }

  /** Nothing goes away while somebody is pointing at it, or has the focus in it. */
  hold(): void {
    this.#isHeld = true
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  /** Everything goes away in its time again. */
  release(): void {
    if (!this.#isHeld) return
    this.#isHeld = false
    for (const notice of this.list) this.#dismissLater(notice)
  }

  #dismissLater({ id, action }: Notice): void {
    const time = action === undefined ? staysMs : actionStaysMs
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), time),
    )
  }
}
