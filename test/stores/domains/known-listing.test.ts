import { describe, expect, test, vi } from 'vitest'
import { DomainMount } from '../../../src-main/contract/domain'
import { CoffretError } from '../../../src-main/contract/errors'
import {
  FolderPath,
  SecretPath,
  type EpochMs,
  type SecretSummary,
} from '../../../src-main/contract/model'
import { RemoteFailure } from '../../../src-main/contract/remote-failure'
import type { KnownList } from '../../../src-main/kv/list-shelf'
import type { Arrival } from '../../../src-main/remote/listing-arrivals'
import { KnownListing } from '../../../src-main/stores/domains/known-listing'
import { StandingClock } from '../../vault/new-vault'

const mount = DomainMount.parse({ name: 'secret', version: 2 })
const root = FolderPath.parse('')
const at = (path: string, more: Partial<SecretSummary> = {}): SecretSummary => ({
  path: SecretPath.parse(path),
  ...more,
})
const secrets = (...paths: string[]): Arrival => ({
  kind: 'secrets',
  rows: paths.map((path) => at(path)),
})
const kept = (...rows: SecretSummary[]): KnownList => ({ mount, listedAt: 5 as EpochMs, rows })

/** A server whose answers a test gives one by one. */
function listingOver(saved?: KnownList) {
  const clock = new StandingClock()
  const shelf = { list: saved, writes: 0 }
  const asked: AbortSignal[] = []
  let answer: ((next: Arrival | Error | 'end') => void) | undefined
  const waiting: (() => void)[] = []
  const onChange = vi.fn()
  const listing = new KnownListing(mount, {
    clock,
    head: () =>
      shelf.list && { mount, listedAt: shelf.list.listedAt, count: shelf.list.rows.length },
    load: () => shelf.list,
    save: (list) => {
      shelf.list = list
      shelf.writes += 1
    },
    onChange,
    arrivals: async function* (signal) {
      asked.push(signal)
      let fail: (error: Error) => void = () => undefined
      signal.addEventListener('abort', () => fail(new CoffretError('cancelled', 'ended')))
      for (;;) {
        const next = await new Promise<Arrival | Error | 'end'>((resolve, reject) => {
          answer = resolve
          fail = reject
          for (const go of waiting.splice(0)) go()
        })
        if (next === 'end') return
        if (next instanceof Error) throw next
        yield next
      }
    },
  })
  /** Gives an answer, and waits until the listing has taken it. */
  const arrive = async (...all: (Arrival | Error | 'end')[]) => {
    for (const next of all) {
      if (answer === undefined) await new Promise<void>((resolve) => waiting.push(resolve))
      const give = answer
      answer = undefined
      give?.(next)
      if (next === 'end' || next instanceof Error)
        await expect.poll(() => listing.state().progress).toBeUndefined()
      else if (answer === undefined) await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }
  const paths = () => listing.rows().map(({ path }) => path)
  return { listing, arrive, paths, shelf, asked, clock, onChange }
}

describe('the first list', () => {
  test('is shown as it arrives, and is whole at its end', async () => {
    const { listing, arrive, paths, clock, shelf } = listingOver()
    const first = listing.list(root)
    await arrive(secrets('b/x', 'a'))
    expect((await first).items).toEqual([
      { kind: 'secret', name: 'a' },
      { kind: 'folder', name: 'b' },
    ])
    expect(listing.state()).toEqual({ count: 2, progress: { of: 'names', done: 2, total: 0 } })
    await arrive(secrets('c'), 'end')
    expect(paths()).toEqual(['a', 'b/x', 'c'])
    expect(listing.state()).toEqual({ count: 3, listedAt: clock.now() })
    expect(shelf.list?.rows).toHaveLength(3)
  })

  test('of 20,000 secrets can be browsed after its first page, and ended in the middle', async () => {
    const { listing, arrive, asked, shelf } = listingOver()
    const page = (n: number) =>
      secrets(...Array.from({ length: 100 }, (_, i) => `team-${n}/secret-${i}`))
    const first = listing.listAll({ limit: 50 })
    await arrive(page(0))
    expect((await first).items).toHaveLength(50)
    for (let n = 1; n < 150; n += 1) await arrive(page(n))
    expect(listing.state().progress?.done).toBe(15_000)
    listing.stop()
    await expect.poll(() => listing.state().progress).toBeUndefined()
    expect(asked[0]?.aborted).toBe(true)
    // A part is no list: it is shown, said to be one, and not kept.
    expect(listing.state()).toEqual({ count: 15_000, failure: { code: 'cancelled' } })
    expect(shelf.list).toBeUndefined()
    listing.begin()
    for (let n = 0; n < 200; n += 1) await arrive(page(n))
    await arrive('end')
    expect(listing.state().count).toBe(20_000)
    expect(shelf.list?.rows).toHaveLength(20_000)
  })

  test('that nothing comes of says why', async () => {
    const { listing, arrive } = listingOver()
    const first = listing.list(root)
    const refused = new RemoteFailure('forbidden', 'may_not_list', 'no')
    const [outcome] = await Promise.allSettled([first, arrive(refused)])
    expect(outcome).toMatchObject({ status: 'rejected', reason: { reason: 'may_not_list' } })
    expect(listing.state()).toEqual({
      count: 0,
      failure: { code: 'forbidden', reason: 'may_not_list' },
    })
  })

  test('of a store without secrets is empty, and no failure', async () => {
    const { listing, arrive } = listingOver()
    const [{ items }] = await Promise.all([listing.list(root), arrive('end')])
    expect(items).toEqual([])
    expect(listing.wasRead).toBe(true)
  })
})

describe('a later list', () => {
  const before = kept(at('a', { currentVersion: 3 }), at('gone'))

  test('leaves what was known to be seen, and takes its place at its end', async () => {
    const { listing, arrive, paths } = listingOver(before)
    expect((await listing.list(root)).items).toHaveLength(2)
    await arrive(secrets('a', 'new'))
    expect(paths()).toEqual(['a', 'gone'])
    await arrive('end')
    expect(paths()).toEqual(['a', 'new'])
    expect(listing.find(SecretPath.parse('a'))).toEqual(at('a', { currentVersion: 3 }))
  })

  test('that fails leaves it with its age', async () => {
    const { listing, arrive, paths, shelf } = listingOver(before)
    listing.begin()
    await arrive(secrets('x'), new RemoteFailure('unreachable', 'no_reply', 'broken'))
    expect(paths()).toEqual(['a', 'gone'])
    expect(listing.state()).toMatchObject({ listedAt: 5, failure: { reason: 'no_reply' } })
    expect(shelf.writes).toBe(0)
  })

  test('is asked for once, however many ask', async () => {
    const { listing, asked } = listingOver(before)
    await Promise.all([listing.list(root), listing.list(root), listing.listAll()])
    listing.begin()
    expect(asked).toHaveLength(1)
  })

  test('that says the same is not kept again within an hour', async () => {
    const { listing, arrive, shelf, clock } = listingOver()
    const read = async () => {
      listing.begin()
      await arrive(secrets('a'), 'end')
    }
    await read()
    await read()
    expect(shelf.writes).toBe(1)
    clock.advance(3_600_000)
    await read()
    expect(shelf.writes).toBe(2)
  })
})

describe('what is known of each secret', () => {
  const facts = (rows: SecretSummary[], gone: string[] = []): Arrival => ({
    ...{ kind: 'facts', rows, gone: gone.map((path) => SecretPath.parse(path)) },
    ...{ done: rows.length + gone.length, total: 3 },
  })

  test('comes after the names, which are whole by then', async () => {
    const { listing, arrive, paths, clock } = listingOver()
    listing.begin()
    await arrive(secrets('a', 'b', 'c'), facts([at('a', { currentVersion: 2 })], ['b']))
    expect(listing.state()).toMatchObject({
      ...{ listedAt: clock.now(), count: 2 },
      progress: { of: 'facts', done: 2, total: 3 },
    })
    expect(paths()).toEqual(['a', 'c'])
    expect(listing.find(SecretPath.parse('a'))?.currentVersion).toBe(2)
  })

  test('is not asked on where the server tells nothing of a whole batch', async () => {
    const { listing, arrive } = listingOver()
    listing.begin()
    await arrive(secrets('a', 'b', 'c'))
    void arrive(facts([at('a'), at('b')]))
    await expect.poll(() => listing.state().progress).toBeUndefined()
    expect(listing.state()).toMatchObject({ count: 3, listedAt: expect.any(Number) as number })
  })
})

test('what this program writes meanwhile wins over what arrives', async () => {
  const { listing, arrive, paths } = listingOver(kept(at('a'), at('b')))
  listing.begin()
  await arrive(secrets('a'))
  listing.put(at('new', { currentVersion: 1 }))
  listing.drop(SecretPath.parse('b'))
  expect(paths()).toEqual(['a', 'new'])
  await arrive(secrets('b'), 'end')
  expect(paths()).toEqual(['a', 'new'])
})
