import type { Result } from '../result'
import type { Workplace } from '../workplace'
import { goalsAt } from './versus'

/** The search index: its building in a worker, what that does to this thread, and a search. */
export async function measureIndexing(place: Workplace): Promise<Result[]> {
  const { size } = place.options
  const at = `${size.toLocaleString('en')} × 3`
  const note = 'not built yet'
  return [
    {
      measure: `index, ${at}, built in a worker`,
      unit: 's',
      ...goalsAt(size, { atMost: 5 }),
      note,
    },
    {
      measure: `index, ${at}, longest block of the main thread`,
      unit: 'ms',
      ...goalsAt(size, { atMost: 50 }),
      note,
    },
    { measure: `search, ${at}, a keystroke`, unit: 'ms', ...goalsAt(size, { atMost: 16 }), note },
  ]
}
