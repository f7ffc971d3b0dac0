/** What keys do. The same word works wherever somebody has said what it means there. */
export type Command =
  | 'search'
  | 'new'
  | 'lock'
  | 'edit'
  | 'save'
  | 'rename'
  | 'remove'
  | 'escape'
  | 'settings'
  | 'shortcuts'
  | 'next-pane'
  | 'previous-pane'
  | 'add-row'
  | 'reveal'
  | 'undo'
  | 'back'
  | 'forward'

/** A pressed key, as far as the map needs it. */
export interface KeyPress {
  readonly key: string
  readonly ctrl: boolean
  readonly shift: boolean
  readonly alt: boolean
  /** The focus is where letters are typed. */
  readonly isTyping: boolean
}

const withCtrl: Readonly<Record<string, Command>> = {
  f: 'search',
  n: 'new',
  l: 'lock',
  e: 'edit',
  s: 'save',
  ',': 'settings',
  '/': 'shortcuts',
  Enter: 'add-row',
}

const alone: Readonly<Record<string, Command>> = { Escape: 'escape', F2: 'rename' }
/** Never while typing. */
const outsideText: Readonly<Record<string, Command>> = {
  '/': 'search',
  e: 'edit',
  Delete: 'remove',
}

/** What a key means; undefined when it is left to the page. */
export function commandOf({ key, ctrl, shift, alt, isTyping }: KeyPress): Command | undefined {
  if (alt && !ctrl) return { ArrowLeft: 'back', ArrowRight: 'forward' }[key] as Command | undefined
  if (ctrl && shift) return key.toLowerCase() === 'c' ? 'reveal' : undefined
  // A text field undoes its own typing.
  if (ctrl && key.toLowerCase() === 'z') return isTyping ? undefined : 'undo'
  if (ctrl) return withCtrl[key.length === 1 ? key.toLowerCase() : key]
  if (key === 'F6') return shift ? 'previous-pane' : 'next-pane'
  if (shift && key !== '/') return undefined
  return alone[key] ?? (isTyping ? undefined : outsideText[key])
}

/** Who answers a command: the one that came last, as long as it is there. */
export class Commands {
  readonly #handlers = new Map<Command, (() => void)[]>()

  /** Answers a command until the returned function is called. */
  on(command: Command, handler: () => void): () => void {
    const list = this.#handlers.get(command) ?? []
    this.#handlers.set(command, [...list, handler])
    return () => {
      const left = (this.#handlers.get(command) ?? []).filter((one) => one !== handler)
      this.#handlers.set(command, left)
    }
  }

  /** @returns whether somebody answered */
  run(command: Command): boolean {
    const handler = this.#handlers.get(command)?.at(-1)
    handler?.()
    return handler !== undefined
  }
}
