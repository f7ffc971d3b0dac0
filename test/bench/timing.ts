/** Durations in milliseconds, in the order they were taken. */
export type Samples = readonly number[]

/** The value below which a part (0 to 1) of the samples lie: the nearest rank. */
export function percentile(samples: Samples, part: number): number {
  if (samples.length === 0) throw new Error('there are no samples')
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? NaN
}

/** The middle of the samples. */
export function median(samples: Samples): number {
  return percentile(samples, 0.5)
}

/** How long some work took, in milliseconds. */
export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** An action that says itself how long its timed part took. */
export type Action = (round: number) => Promise<number>

/**
 * Takes turns between actions, so that what else the machine does falls on all of them alike: only then
 * their ratio counts. Half as many rounds warm up before, and are left out: Node's compiler takes a
 * thousand reads and some hundreds of writes. What a program costs that does one thing and ends is measured
 * as a whole, with its start.
 */
export async function alternate<K extends string>(
  rounds: number,
  actions: Readonly<Record<K, Action>>,
): Promise<Record<K, number[]>> {
  const names = Object.keys(actions) as K[]
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    K,
    number[]
  >
  const warmUp = Math.ceil(rounds / 2)
  for (let round = 0; round < warmUp + rounds; round += 1) {
    for (const name of names) {
      const took = await actions[name](round)
      if (round >= warmUp) samples[name].push(took)
    }
  }
  return samples
}
