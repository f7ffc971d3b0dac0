import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from '../child'
import { fieldsOf, passphrase, pathOf } from '../fixture'
import { makeKdbx } from '../kdbx'
import type { Result } from '../result'
import { alternate, median } from '../timing'
import type { Workplace } from '../workplace'
import { indexAt } from './writing'

/** How many times faster than KeePassXC reading one and adding one are to be, by number of entries. */
const goals: Readonly<Record<number, { readonly read: number; readonly add: number }>> = {
  10_000: { read: 2, add: 3 },
  100_000: { read: 20, add: 30 },
}

/** Runs a program once; `round` makes it another entry each time. */
type Runner = (round: number) => Promise<number>

/**
 * Whole programs against each other, from their start to their end: open with a passphrase and read one,
 * or add one. Ours derives with 64 MiB, 3 passes and 4 lanes, KeePassXC as it does unless told.
 */
export async function measureKeepassxc(place: Workplace, programs: string): Promise<Result[]> {
  const results: Result[] = []
  for (const size of place.options.entries) results.push(...(await compare(place, programs, size)))
  return results
}

async function compare(place: Workplace, programs: string, size: number): Promise<Result[]> {
  const { keepassxc, effort } = place.options
  const ours = await ourRunners(place, programs, size)
  const theirs = keepassxc === undefined ? {} : await theirRunners(place, keepassxc, size)
  // Theirs takes ten seconds and more at 100,000.
  const rounds = Math.ceil((size > 10_000 ? 5 : 11) * effort)
  const samples = await alternate<string>(rounds, { ...ours, ...theirs })
  const goal = goals[size]
  return (['read', 'add'] as const).flatMap((action): Result[] => {
    const our = median(samples[`our ${action}`] ?? [])
    const what = `open and ${action} one, ${size.toLocaleString('en')}`
    const result: Result = { measure: `${what}, ours`, unit: 'ms', value: our }
    const goalOfIt = goal === undefined ? {} : { ratioAtLeast: goal[action] }
    const them = samples[`their ${action}`]
    if (them === undefined) return [{ ...result, ...goalOfIt, note: 'no keepassxc-cli here' }]
    const their = median(them)
    return [
      { measure: `${what}, keepassxc-cli`, unit: 'ms', value: their },
      { ...result, ...goalOfIt, ratio: their / our, against: 'faster' },
    ]
  })
}

async function ourRunners(
  place: Workplace,
  programs: string,
  size: number,
): Promise<Record<string, Runner>> {
  const kept = await place.vault({ size, versions: 1 })
  const file = place.copy(kept.file)
  const program = join(programs, 'one-secret.cjs')
  const runOurs = (action: string, path: string) =>
    runProgram(process.execPath, [program, action, file, path], passphrase)
  return {
    'our read': async (round) => {
      const index = indexAt(round, size)
      const { output, tookMs } = await runOurs('read', pathOf(index, size))
      expectPassword(output, index)
      return tookMs
    },
    'our add': async (round) => (await runOurs('add', newPath(round, size))).tookMs,
  }
}

async function theirRunners(
  place: Workplace,
  keepassxc: string,
  size: number,
): Promise<Record<string, Runner>> {
  const file = place.file(`copy-${size}.kdbx`)
  copyFileSync(await makeKdbx(place, keepassxc, size), file)
  const runTheirs = (args: string[]) => runProgram(keepassxc, args, `${passphrase}\n`)
  return {
    'their read': async (round) => {
      const index = indexAt(round, size)
      const path = pathOf(index, size)
      const { output, tookMs } = await runTheirs(['show', '-q', '-s', file, path])
      expectPassword(output, index)
      return tookMs
    },
    'their add': async (round) => {
      const path = newPath(round, size)
      return (await runTheirs(['add', '-q', '-u', 'somebody', file, path])).tookMs
    },
  }
}

function newPath(round: number, size: number): string {
  return `${pathOf(indexAt(round, size), size)}-new-${round}`
}

function expectPassword(output: string, index: number): void {
  if (output.includes(fieldsOf(index, 1)['password'] ?? '?')) return
  throw new Error('bench: a program did not print the value that was asked for')
}
