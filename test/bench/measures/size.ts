import { statSync } from 'node:fs'
import { dataSize } from '../fixture'
import type { Result } from '../result'
import type { Workplace } from '../workplace'
import { goalsAt } from './versus'

/** How large the file is for each secret, with everything in it. */
export async function measureSize(place: Workplace): Promise<Result[]> {
  const { size } = place.options
  const { file } = await place.vault({ size, versions: 1 })
  return [
    {
      measure: `file for each of ${size.toLocaleString('en')} secrets of ${dataSize} bytes × 1`,
      unit: 'bytes',
      value: statSync(file).size / size,
      // 1.6 KB
      ...goalsAt(size, { atMost: 1600 }),
    },
  ]
}
