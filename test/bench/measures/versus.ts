import { goalSize } from '../options'
import type { Result, Unit } from '../result'
import type { Samples } from '../timing'

/** Goals that stand for the size of the issue only. */
type Goals = Pick<Result, 'atMost' | 'ratioAtMost' | 'ratioAtLeast'>

/** Goals at the size for which they are given; at another size figures are only said. */
export function goalsAt(size: number, goals: Goals): Goals {
  return size === goalSize ? goals : {}
}

/** A figure of the small vault, and that of the large one against it. */
export function versusSmall(
  measure: string,
  unit: Unit,
  { size, small }: { size: number; small: number },
  figure: (samples: Samples) => number,
  samples: { readonly small: Samples; readonly large: Samples },
  goals: Goals,
): Result[] {
  const [less, more] = [figure(samples.small), figure(samples.large)]
  const named = (count: number) => `${measure}, ${count.toLocaleString('en')} × 3`
  return [
    { measure: named(small), unit, value: less },
    { measure: named(size), unit, value: more, ratio: more / less, ...goalsAt(size, goals) },
  ]
}
