import { join } from 'node:path'
import { runProgram } from '../child'
import type { MemoryReport } from '../memory-program'
import type { Result } from '../result'
import type { Workplace } from '../workplace'
import { goalsAt } from './versus'

/** What an unlocked vault in use takes, its search index included, in a process of its own. */
export async function measureMemory(place: Workplace, programs: string): Promise<Result[]> {
  const { size } = place.options
  const { file, words } = await place.vault({ size, versions: 3 })
  const args = ['--expose-gc', join(programs, 'memory-program.cjs'), file, String(size)]
  const { output } = await runProgram(process.execPath, args, words)
  const { baseline, resident, heap, peak } = JSON.parse(output) as MemoryReport
  const inMb = (bytes: number) => bytes / 1e6
  const at = `${size.toLocaleString('en')} × 3`
  return [
    {
      measure: `memory, ${at}, above a process with nothing open`,
      unit: 'MB',
      value: inMb(resident - baseline),
      ...goalsAt(size, { atMost: 250 }),
    },
    { measure: `memory, ${at}, of the whole process`, unit: 'MB', value: inMb(resident) },
    { measure: `memory, ${at}, most at any time`, unit: 'MB', value: inMb(peak) },
    { measure: `memory, ${at}, objects of the main thread`, unit: 'MB', value: inMb(heap) },
  ]
}
