/** Waiting, so that tests need none. Both return what stops it; neither keeps the program alive. */
export interface Timers {
  after(milliseconds: number, work: () => void): () => void
  every(milliseconds: number, work: () => void): () => void
}

/** The timers of this machine. They stand still while it sleeps. */
export const systemTimers: Timers = {
  after: (milliseconds, work) => {
    const timer = setTimeout(work, milliseconds).unref()
    return () => clearTimeout(timer)
  },
  every: (milliseconds, work) => {
    const timer = setInterval(work, milliseconds).unref()
    return () => clearInterval(timer)
  },
}
