import { readFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { WorkId } from '../../src-main/contract/compare-calls'
import type { CopyOrder } from '../../src-main/contract/copy-calls'
import { FolderPath, SecretPath, type StoreId } from '../../src-main/contract/model'
import { systemClock as clock } from '../../src-main/env'
import type { SecretStore } from '../../src-main/kv/secret-store'
import { Copies } from '../../src-main/stores/copy/copies'
import { pathsBelow } from '../../src-main/stores/copy/subtree'
import { dataOf, mount, pathOf } from './fixture'
import { domainOf, type Way } from './served'
import type { Served } from './server-program'
import { openVault } from './workplace'

/** What {@link main} is told on its standard input. */
export interface CopyTask {
  readonly way: Way
  readonly served: Served
  /** The vault with the secrets; it is written to. */
  readonly file: string
  readonly words: string
  readonly size: number
}

/** One way of a copy. */
export interface CopyWay {
  readonly planSeconds: number
  readonly runSeconds: number
  /** Processor time of the client. */
  readonly cpuSeconds: number
  /** JavaScript objects after a fifth of the secrets and after the last, in bytes. */
  readonly heaps: readonly [number, number]
  /** What was resident then. */
  readonly resident: readonly [number, number]
}

/** What {@link main} says. */
export interface CopyTimes {
  readonly up: CopyWay
  readonly down: CopyWay
  /** Durable writes of new secrets a second of the client's vault alone, and reads over the wire. */
  readonly bareWrites: number
  readonly bareReads: number
}

/** The folder into which they come back. */
const back = FolderPath.parse('back')

/** How many bare operations are timed at most. */
const mostBareOperations = 500

/** A program that copies a vault to a server and back. To be run with `--expose-gc`. */
async function main(): Promise<void> {
  const task = JSON.parse(readFileSync(0, 'utf8')) as CopyTask
  const vault = await openVault(task, { sharesTurns: true })
  const domain = domainOf(task.way, task.served)
  const local = vault.store(mount)
  const remote = domain.store({ name: mount, version: 2 })
  const copies = new Copies({
    clock,
    store: (id) => (id === local.id ? local : remote),
    shelf: () => vault.copies,
    unlocked: () => [vault.id],
    snapshots: { writable: () => local, finished: () => undefined },
  })
  const copy = (from: Place, to: Place) => oneWay(copies, task.size, orderOf(from, to))
  const root = FolderPath.parse('')
  const up = await copy({ store: local.id, path: root }, { store: remote.id, path: root })
  const down = await copy({ store: remote.id, path: root }, { store: local.id, path: back })
  await checkAll(local, task.size)
  const count = Math.min(task.size, mostBareOperations)
  const bareReads = await perSecond(
    count,
    (n) => remote.readVersion(pathOf(n % task.size, task.size)),
    8,
  )
  const bareWrites = await perSecond(
    count,
    (n) => local.write(SecretPath.parse(`bare/n${n}`), { mode: 'create', data: dataOf(n, 1) }),
    1,
  )
  process.stdout.write(JSON.stringify({ up, down, bareWrites, bareReads } satisfies CopyTimes))
  domain.close()
  vault.close()
}

interface Place {
  readonly store: StoreId
  readonly path: FolderPath
}

function orderOf(from: Place, to: Place): CopyOrder {
  const policy = {
    ...({ versions: 'latest', conflicts: 'skip' } as const),
    ...{ settings: true, move: false, acceptLoss: false },
  }
  return { kind: 'folder', from, to, policy }
}

async function oneWay(copies: Copies, size: number, order: CopyOrder): Promise<CopyWay> {
  const work = WorkId.parse(randomUUID())
  const cpu = process.cpuUsage()
  const began = performance.now()
  await copies.plan(work, { order, readsValues: false })
  const planned = performance.now()
  const heaps: number[] = []
  const resident: number[] = []
  let looking = 0
  const onProgress = ({ done }: { done: number }) => {
    if (done !== Math.ceil(size / 5) && done !== size) return
    const looked = performance.now()
    globalThis.gc?.()
    const { heapUsed, rss } = process.memoryUsage()
    heaps.push(heapUsed)
    resident.push(rss)
    looking += performance.now() - looked
  }
  const { counts } = await copies.run(work, { onProgress })
  if (counts.copied !== size) throw new Error(`bench: copied ${JSON.stringify(counts)}`)
  const { user, system } = process.cpuUsage(cpu)
  return {
    cpuSeconds: (user + system) / 1e6,
    planSeconds: (planned - began) / 1000,
    runSeconds: (performance.now() - planned - looking) / 1000,
    heaps: [heaps[0] ?? NaN, heaps[1] ?? NaN],
    resident: [resident[0] ?? NaN, resident[1] ?? NaN],
  }
}

async function checkAll(store: SecretStore, size: number): Promise<void> {
  if ((await pathsBelow(store, back)).size !== size) throw new Error('bench: not all came back')
  for (let index = 0; index < size; index += Math.ceil(size / 500)) {
    const { data } = await store.readVersion(SecretPath.parse(`${back}/${pathOf(index, size)}`))
    if (data === undefined || JSON.stringify(JSON.parse(data)) !== dataOf(index, 1)) {
      throw new Error('bench: a value is not what was copied')
    }
  }
}

async function perSecond(
  count: number,
  work: (n: number) => Promise<unknown>,
  atOnce: number,
): Promise<number> {
  const began = performance.now()
  let next = 0
  const runner = async () => {
    while (next < count) {
      next += 1
      await work(next)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, runner))
  return (count / (performance.now() - began)) * 1000
}

void main()
