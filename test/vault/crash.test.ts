import { expect, test } from 'vitest'
import { SecretData, SecretPath, VersionNumber } from '../../src-main/contract/model'
import type { SecretStore } from '../../src-main/kv/secret-store'
import { randomNumbers, seed, times } from '../support/torture'
import { childProgram } from './child-program'
import { newVault, secretMount } from './new-vault'
import { reading } from './raw-file'
import { startWriter, type Acknowledged, type Writer } from './writer'

const program = childProgram('writer-process')

/** Writes that are asked for at once, and rounds. */
const kinds = [
  ['one write after the other', 1, times(40, 800)],
  ['writes that share a commit', 5, times(20, 400)],
] as const

/** Waits for so many microseconds, exactly: a timer would wait for whole milliseconds. */
function spin(microseconds: number): void {
  const end = performance.now() + microseconds / 1000
  while (performance.now() < end);
}

test.each(kinds)(
  `V-12: a program killed at a random moment leaves all that it acknowledged: %s (seed ${seed})`,
  async (_name, atOnce, rounds) => {
    const random = randomNumbers(seed)
    const { vault, file, recoveryWords: words, open } = await newVault()
    await fillOthers(vault.store(secretMount))
    vault.close()
    /** The last write to each of the five secrets that is known to be in the file. */
    const last = new Map<number, Acknowledged>()
    const start = (first: number) =>
      startWriter(program(), { file, words, path: 'killed/#', first, count: 100_000, atOnce })
    let writer = start(0)
    let killed = 0
    for (let round = 0; round < rounds; round += 1) {
      writer.begin()
      await killAtRandom(writer, random)
      if ((await writer.ended) === null) killed += 1
      // The next one comes up meanwhile, with numbers of its own.
      const next = start((round + 1) * 100_000)
      const opened = open()
      await opened.unlockWithRecoveryWords(words.join(' '))
      const store = opened.store(secretMount)
      const first = round * 100_000
      await checkRound(store, { acknowledged: writer.acknowledged, first, atOnce }, last)
      await checkOthers(store)
      opened.close()
      if (round % 20 === 0) {
        expect(reading(file)('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
      }
      writer = next
    }
    writer.kill()
    await writer.ended
    expect(killed).toBe(rounds)
  },
)

async function killAtRandom(writer: Writer, random: (below: number) => number): Promise<void> {
  await writer.reached(random(8))
  spin(random(5000))
  writer.kill()
}

/** What a program was seen to do in a round, from its first number on. */
interface Round {
  readonly acknowledged: readonly Acknowledged[]
  readonly first: number
  readonly atOnce: number
}

/**
 * Every acknowledged write of a round is there, and of those that were not at most those that were asked for
 * at once, all or none.
 */
async function checkRound(
  store: SecretStore,
  { acknowledged, first, atOnce }: Round,
  last: Map<number, Acknowledged>,
): Promise<void> {
  for (const one of acknowledged) {
    last.set(one.n % 5, one)
    expect(await numberOf(store, one.n % 5, one.version)).toBe(one.n)
  }
  const next = (acknowledged.at(-1)?.n ?? first - 1) + 1
  const left = atOnce - ((next - first) % atOnce)
  let found = 0
  for (let at = 0; at < 5; at += 1) {
    const known = last.get(at)
    const current = await currentOf(store, at)
    if (current === known?.version) continue
    const unsaid = next + ((at - (next % 5) + 5) % 5)
    expect(unsaid).toBeLessThan(next + left)
    expect(current).toBe((known?.version ?? 0) + 1)
    expect(await numberOf(store, at, current ?? 0)).toBe(unsaid)
    last.set(at, { n: unsaid, version: current ?? 0 })
    found += 1
  }
  // Whoever heard of one of them knows of all.
  expect(left === atOnce ? [0, left] : [left]).toContain(found)
}

const pathOf = (at: number) => SecretPath.parse(`killed/${at}`)

async function numberOf(store: SecretStore, at: number, version: number): Promise<number> {
  const { data } = await store.readVersion(pathOf(at), VersionNumber.parse(version))
  return (JSON.parse(data ?? '{}') as { n: number }).n
}

async function currentOf(store: SecretStore, at: number): Promise<number | undefined> {
  const { items } = await store.listAll()
  if (!items.some(({ path }) => path === pathOf(at))) return undefined
  return (await store.readMetadata(pathOf(at))).currentVersion
}

/** Secrets that nobody writes to while programs are killed. */
const others = Array.from({ length: 20 }, (_, at) => SecretPath.parse(`others/${at % 3}/${at}`))

async function fillOthers(store: SecretStore): Promise<void> {
  for (const path of others) {
    await store.write(path, { mode: 'create', data: SecretData.parse(JSON.stringify({ path })) })
  }
}

async function checkOthers(store: SecretStore): Promise<void> {
  for (const path of others) {
    expect((await store.readVersion(path)).data).toBe(JSON.stringify({ path }))
  }
}
