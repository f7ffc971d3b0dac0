import { parseArgs } from 'node:util'

/** Every subject that can be measured alone. */
export const subjects = [
  'open',
  'write',
  'read',
  'list',
  'index',
  'memory',
  'size',
  'copy',
  'listing',
  'keepassxc',
  'api',
  'refuse',
] as const
export type Subject = (typeof subjects)[number]

/** What a run measures, and where it works. */
export interface BenchOptions {
  readonly only: readonly Subject[]
  /** Secrets of the large vault. */
  readonly size: number
  /** Secrets of the small one, against which the large one is held. */
  readonly small: number
  /** Numbers of entries for the comparison with KeePassXC. */
  readonly entries: readonly number[]
  /** Where the results go as JSON besides. */
  readonly json?: string
  /** Keeps the vaults between runs, and holds the copies that are written to: on a real disk. */
  readonly cache: string
  /** Names the sources that made the vaults. */
  readonly key: string
  /** The program `keepassxc-cli`, when there is one. */
  readonly keepassxc?: string
  /** How much is measured: 1 for figures that count, less to try the bench itself. */
  readonly effort: number
}

/** The size for which the goals are given. */
export const goalSize = 100_000

/** Reads the arguments. @throws Error for people to read */
export function readOptions(args: string[]): BenchOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args,
    options: {
      only: text,
      size: text,
      small: text,
      json: text,
      cache: text,
      key: text,
      keepassxc: text,
      effort: text,
    },
  })
  const size = count('size', values.size ?? String(goalSize))
  const { cache, key, json, keepassxc } = values
  if (cache === undefined || key === undefined) throw new Error('bench: needs --cache and --key')
  return {
    only: values.only === undefined ? subjects : values.only.split(',').map(subjectOf),
    size,
    small: count('small', values.small ?? String(Math.min(1000, Math.ceil(size / 10)))),
    entries: size === goalSize ? [goalSize / 10, goalSize] : [size],
    cache,
    key,
    effort: Number(values.effort ?? 1),
    ...(json === undefined ? {} : { json }),
    ...(keepassxc === undefined ? {} : { keepassxc }),
  }
}

function count(name: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 10 && value <= 1_000_000) return value
  throw new Error(`bench: --${name} is a number from 10 to 1,000,000`)
}

function subjectOf(name: string): Subject {
  const found = subjects.find((subject) => subject === name)
  if (found === undefined) throw new Error(`bench: --only takes ${subjects.join(', ')}`)
  return found
}
