import { join } from 'node:path'
import { dataOf, mount, pathOf } from '../fixture'
import { runProgram } from '../child'
import type { LoadOrder, LoadReport, Round } from '../api/order'
import { BenchServer, type ServerKind } from '../api/server'
import { goalSize } from '../options'
import type { Result } from '../result'
import { median } from '../timing'
import type { Workplace } from '../workplace'

const connections = 16

/** Secrets that are served where the other goals stand for {@link goalSize}. */
const servedSize = 10_000

/** Requests that come before memory is looked at, and those after that it must not grow. */
const memoryRequests = [50_000, 150_000] as const

/** The local API under load, beside a server of Node that does nothing. */
export async function measureApi(place: Workplace, programs: string): Promise<Result[]> {
  const isWhole = place.options.size === goalSize
  const size = isWhole ? servedSize : place.options.size
  const kept = await place.vault({ size, versions: 1 })
  const start = (kind: ServerKind) =>
    BenchServer.start(programs, { ...kept, kind, file: place.copy(kept.file) })
  const servers = {
    bare: await start('bare'),
    logged: await start('logged'),
    unlogged: await start('unlogged'),
  }
  const runs = new Runs(place, programs, size)
  try {
    const results = [...readResults(await runs.reads(servers)), ...(await runs.writes(servers))]
    results.push(...(await runs.memory(servers.logged)))
    return isWhole ? results : results.map(withoutGoals)
  } finally {
    for (const server of Object.values(servers)) await server.stop()
  }
}

/** Runs of the load program. */
class Runs {
  readonly #readPaths: readonly string[]
  readonly #effort: number

  constructor(
    place: Workplace,
    private readonly programs: string,
    size: number,
  ) {
    this.#effort = place.options.effort
    this.#readPaths = Array.from(
      { length: size },
      (_, index) => `/v1/${mount}/data/${pathOf(index, size)}`,
    )
  }

  /** In short rounds that take turns: what else the machine does falls on all alike. */
  reads(servers: Readonly<Record<ServerKind, BenchServer>>): Promise<LoadReport> {
    const { bare, logged, unlogged } = servers
    const paths = this.#readPaths
    const load = ({ target }: BenchServer) => ({ ...target, paths })
    const loads = { bare: load(bare), logged: load(logged), unlogged: load(unlogged) }
    return this.#run({ loads, connections, rounds: 15, requests: this.#count(3000) })
  }

  /** A version of a secret that exists, each on the disk when it is answered. */
  async writes({ logged }: { readonly logged: BenchServer }): Promise<Result[]> {
    const body = JSON.stringify({ data: JSON.parse(dataOf(0, 2)) })
    const loads = { logged: { ...logged.target, paths: this.#readPaths, body } }
    const requests = this.#count(500)
    const { logged: rounds = [] } = await this.#run({ loads, connections, rounds: 5, requests })
    return [
      {
        measure: 'API: writes that are on the disk, of all connections',
        unit: 'per s',
        value: medianOf(rounds, 'perSecond'),
        atLeast: 300,
      },
    ]
  }

  /** Whether the server grows with the number of requests. */
  async memory(server: BenchServer): Promise<Result[]> {
    const read = async (requests: number) => {
      const loads = { logged: { ...server.target, paths: this.#readPaths } }
      await this.#run({ loads, connections, rounds: 0, requests: this.#count(requests) })
      return server.memory()
    }
    const [first, others] = memoryRequests
    const [before, after] = [await read(first), await read(others)]
    const name = (requests: number) =>
      `API: memory of the server after ${requests.toLocaleString('en')} reads`
    return [
      { measure: name(first), unit: 'MB', value: before / 1e6 },
      {
        measure: name(first + others),
        ...{ unit: 'MB', value: after / 1e6, ratio: after / before, ratioAtMost: 1.1 },
      },
    ]
  }

  async #run(order: LoadOrder): Promise<LoadReport> {
    const program = join(this.programs, 'api-load.cjs')
    const { output } = await runProgram(process.execPath, [program], JSON.stringify(order))
    return JSON.parse(output) as LoadReport
  }

  #count(requests: number): number {
    return Math.max(connections, Math.ceil(requests * this.#effort))
  }
}

function readResults({ bare = [], logged = [], unlogged = [] }: LoadReport): Result[] {
  const rate = (rounds: readonly Round[]) => medianOf(rounds, 'perSecond')
  const reads = `API: reads, TLS, ${connections} connections`
  return [
    { measure: 'API: bare node:https, 400 constant bytes', unit: 'per s', value: rate(bare) },
    { measure: `${reads}, audit log off`, unit: 'per s', value: rate(unlogged) },
    {
      ...{ measure: reads, unit: 'per s', value: rate(logged) },
      ...{ ratio: ratioOf(logged, bare), against: 'of bare', ratioAtLeast: 0.5 },
    },
    {
      ...{ measure: `${reads}, against no audit log`, unit: 'per s', value: rate(logged) },
      ...{ ratio: ratioOf(logged, unlogged), against: 'of log off', ratioAtLeast: 0.75 },
    },
    {
      ...{ measure: `${reads}, 99 of 100 within`, unit: 'ms' },
      ...{ value: medianOf(logged, 'p99'), atMost: 25 },
    },
  ]
}

/** The median of the ratios of rounds side by side. */
function ratioOf(rounds: readonly Round[], others: readonly Round[]): number {
  return median(rounds.map(({ perSecond }, at) => perSecond / (others[at]?.perSecond ?? NaN)))
}

function medianOf(rounds: readonly Round[], figure: keyof Round): number {
  return median(rounds.map((round) => round[figure]))
}

function withoutGoals({ measure, unit, value, ratio, against }: Result): Result {
  return {
    ...{ measure, unit },
    ...(value === undefined ? {} : { value }),
    ...(ratio === undefined ? {} : { ratio }),
    ...(against === undefined ? {} : { against }),
  }
}
