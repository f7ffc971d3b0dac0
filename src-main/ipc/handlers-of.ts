import type { CallName, Handlers } from '../contract/calls'

/** The handlers of the calls whose names begin with one of these subjects. */
export type HandlersOf<Subject extends string> = Pick<
  Handlers,
  Extract<CallName, `${Subject}.${string}`>
>
