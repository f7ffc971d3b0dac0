import { join } from 'node:path'
import { runProgram } from '../child'
import type { CopyTask, CopyTimes, CopyWay } from '../copy-program'
import { goalSize } from '../options'
import type { Result } from '../result'
import { startServer, ways, type Way } from '../served'
import type { Workplace } from '../workplace'

/** How many secrets are copied for the goal; a bench of smaller vaults copies a tenth of them. */
const goalCount = 10_000

/**
 * Copies from a vault to a server and back, over mutual TLS on this machine. Client and server take turns
 * on its cores, so that what either costs counts.
 */
export async function measureCopying(place: Workplace, programs: string): Promise<Result[]> {
  const size = place.options.size === goalSize ? goalCount : Math.ceil(place.options.size / 10)
  const results: Result[] = []
  for (const way of Object.keys(ways) as Way[]) {
    const empty = await place.vault({ size: 0, versions: 1 })
    const full = await place.vault({ size, versions: 1 })
    const server = await startServer(programs, { ...empty, file: place.copy(empty.file) })
    try {
      const file = place.copy(full.file)
      const task: CopyTask = { way, served: server.served, file, words: full.words, size }
      const program = join(programs, 'copy-program.cjs')
      const args = ['--expose-gc', program]
      const { output } = await runProgram(process.execPath, args, JSON.stringify(task))
      results.push(...resultsOf(ways[way], size, JSON.parse(output) as CopyTimes))
    } finally {
      server.stop()
    }
  }
  return results
}

function resultsOf(name: string, size: number, times: CopyTimes): Result[] {
  const { up, down, bareReads, bareWrites } = times
  const at = `${size.toLocaleString('en')} secrets, ${name}`
  const bare = `bare here: ${Math.round(bareWrites)} writes/s, ${Math.round(bareReads)} GETs/s`
  return [
    ...wayResults(`copy to a server, ${at}`, size, up, bare),
    ...wayResults(`copy from a server, ${at}`, size, down, bare),
  ]
}

function wayResults(measure: string, size: number, way: CopyWay, note: string): Result[] {
  const { planSeconds, runSeconds, heaps, resident } = way
  const goals = size === goalCount
  const growth = (values: readonly [number, number]) => ({
    ...{ unit: 'MB' as const, value: values[1] / 1e6, ratio: values[1] / values[0] },
    against: 'that after a fifth',
  })
  return [
    {
      ...{ measure, unit: 'per s', value: size / (planSeconds + runSeconds), note },
      ...(goals ? { atLeast: 300 } : {}),
    },
    {
      ...{ measure: `${measure}, processor time of the client for each` },
      ...{ unit: 'ms', value: (way.cpuSeconds / size) * 1000 },
    },
    { measure: `${measure}, its plan`, unit: 's', value: planSeconds },
    {
      ...{ measure: `${measure}, objects at the end`, ...growth(heaps) },
      ...(goals ? { ratioAtMost: 1.25 } : {}),
    },
    { measure: `${measure}, resident at the end`, ...growth(resident) },
  ]
}
