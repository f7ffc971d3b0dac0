/** Aborts with the first of two signals. (`AbortSignal.any` needs Node 20.) */
export function eitherOf(first: AbortSignal, second: AbortSignal | undefined): AbortSignal {
  if (second === undefined) return first
  const both = new AbortController()
  for (const signal of [first, second]) {
    if (signal.aborted) both.abort()
    signal.addEventListener('abort', () => both.abort(), { once: true, signal: both.signal })
  }
  return both.signal
}
