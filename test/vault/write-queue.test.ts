import { setImmediate } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { CoffretError, type FailureCode } from '../../src-main/contract/errors'
import { SecretData, SecretPath } from '../../src-main/contract/model'
import { Database } from '../../src-main/vault/database'
import { LocalStore } from '../../src-main/vault/local-store'
import { LocalVault } from '../../src-main/vault/local-vault'
import { WriteQueue, maxTogether } from '../../src-main/vault/write-queue'
import { newUnlocked } from './new-unlocked'
import { kvMount, newVault, passphrase, secretMount } from './new-vault'

const path = (text: string) => SecretPath.parse(text)
const data = (text = 'canary') => SecretData.parse(JSON.stringify({ text }))
const failing = (code: FailureCode) => expect.objectContaining({ code })

/** A queue that shares, over a vault of which transactions are counted. */
async function sharing() {
  const { unlocked, file, vaultId } = await newUnlocked()
  const queue = new WriteQueue(() => unlocked, true)
  const tried = vi.spyOn(unlocked, 'write')
  const first = unlocked.state().generation
  return {
    ...{ queue, unlocked, file },
    store: new LocalStore(queue, vaultId, secretMount, 2),
    plain: new LocalStore(queue, vaultId, kvMount, 1),
    /** Transactions that were begun, and those that are on the disk. */
    transactions: () => [tried.mock.calls.length, unlocked.state().generation - first],
  }
}

/** A change that leaves its name, and fails with an error if it is given one. */
function change(done: string[], name: string, error?: unknown) {
  return {
    subject: `change ${name}`,
    work: () => {
      if (error !== undefined) throw error
      done.push(name)
      return name
    },
  }
}

/** What became of each: its result, or the code or message of its failure. */
async function outcomes(promises: readonly Promise<unknown>[]): Promise<unknown[]> {
  return (await Promise.allSettled(promises)).map((one) => {
    if (one.status === 'fulfilled') return one.value
    return one.reason instanceof CoffretError ? one.reason.code : String(one.reason)
  })
}

describe('changes of one turn', () => {
  test('share a transaction, whatever their mounts and kinds', async () => {
    const { store, plain, transactions } = await sharing()
    await store.write(path('old'), { mode: 'create', data: data() })
    await Promise.all([
      store.write(path('a'), { mode: 'create', data: data() }),
      plain.write(path('a'), { mode: 'create', data: data('plain') }),
      store.setState(path('old'), 'current', 'deactivated'),
      store.bin().discard({ path: path('old'), kind: 'secret' }),
      store.writeConfig({ maxVersions: 3 }),
      store.transfer({ from: path('a'), to: path('b'), kind: 'secret', keepSource: true }),
      store.remove(path('a')),
    ])
    expect(transactions()).toEqual([2, 2])
    expect((await store.listAll()).items.map((one) => one.path)).toEqual(['b'])
    expect((await plain.readVersion(path('a'))).data).toBe(data('plain'))
    expect(await store.bin().list()).toHaveLength(1)
  })

  test('are done in the order in which they were asked for', async () => {
    const { store, transactions } = await sharing()
    const write = (cas: number) =>
      store.write(path('a'), { mode: 'upsert', data: data(), cas: cas as never })
    const add = (cas: number) => store.addVersion(path('a'), { data: data(), cas })
    const found = await outcomes([write(0), write(0), write(1), add(2), add(2)])
    const versions = found.map((one) => (typeof one === 'object' ? 'written' : one))
    expect(versions).toEqual(['written', 'cas_mismatch', 'written', 3, 'cas_mismatch'])
    expect((await store.readMetadata(path('a'))).currentVersion).toBe(3)
    expect(transactions()[1]).toBe(2)
  })

  test('are on the disk when their promises end, and not before the turn does', async () => {
    const { vault, options } = await newVault(undefined, { sharesTurns: true })
    const second = LocalVault.open({ ...options, sharesTurns: false })
    onTestFinished(() => second.close())
    await second.unlockWithPassphrase(passphrase)
    const [store, other] = [vault.store(secretMount), second.store(secretMount)]
    const seen = ['a', 'b'].map(async (name) => {
      await store.write(path(name), { mode: 'create', data: data(name) })
      return [await other.readVersion(path(name)), await store.readVersion(path(name))]
    })
    await expect(other.readVersion(path('a'))).rejects.toThrow(failing('not_found'))
    for (const [at, versions] of (await Promise.all(seen)).entries()) {
      for (const one of versions) expect(one.data).toBe(data(at === 0 ? 'a' : 'b'))
    }
  })

  test.each([
    [maxTogether, 1],
    [maxTogether + 1, 2],
    [2 * maxTogether + 1, 3],
  ])('%i are %i transactions', async (count, expected) => {
    const { queue, transactions } = await sharing()
    const done: string[] = []
    const names = Array.from({ length: count }, (_, n) => `n${n}`)
    await Promise.all(names.map((name) => queue.add(change(done, name))))
    expect(done).toEqual(names)
    expect(transactions()).toEqual([expected, expected])
  })

  test('let others in between when they are too many', async () => {
    const { queue } = await sharing()
    const done: string[] = []
    const all = Array.from({ length: 2 * maxTogether }, (_, n) => queue.add(change(done, `${n}`)))
    await setImmediate()
    expect(done).toHaveLength(maxTogether)
    await Promise.all(all)
  })

  test('are transactions of their own, and done at once, where turns are not shared', async () => {
    const { unlocked } = await sharing()
    const done: string[] = []
    const queue = new WriteQueue(() => unlocked)
    const before = unlocked.state().generation
    const all = ['a', 'b'].map((name) => queue.add(change(done, name)))
    expect(done).toEqual(['a', 'b'])
    expect(unlocked.state().generation).toBe(before + 2)
    expect(await Promise.all(all)).toEqual(['a', 'b'])
  })
})

describe('of changes of one turn', () => {
  const wrong = new CoffretError('cas_mismatch', 'cas is 1')

  test.each([
    ['first', 0, [2, 1]],
    ['in the middle', 2, [4, 2]],
    ['last', 4, [3, 1]],
  ] as const)('one that fails %s fails alone', async (_name, bad, expected) => {
    const { queue, transactions } = await sharing()
    const names = ['a', 'b', 'c', 'd', 'e']
    const all = names.map((name, at) => queue.add(change([], name, at === bad ? wrong : undefined)))
    const found = await outcomes(all)
    expect(found).toEqual(names.map((name, at) => (at === bad ? 'cas_mismatch' : name)))
    expect(transactions()).toEqual(expected)
  })

  test('all may fail, each with its own failure', async () => {
    const { queue, transactions } = await sharing()
    const codes = ['exists', 'not_found', 'invalid', 'too_large'] as const
    const all = codes.map((code) => queue.add(change([], code, new CoffretError(code, 'no'))))
    expect(await outcomes(all)).toEqual(codes)
    expect(transactions()).toEqual([4, 0])
  })

  test('one that meets a mistake of the program takes nobody along', async () => {
    const { queue } = await sharing()
    const all = [
      queue.add(change([], 'a')),
      queue.add(change([], 'b', new Error('impossible'))),
      queue.add(change([], 'c')),
    ]
    expect(await outcomes(all)).toEqual(['a', 'Error: impossible', 'c'])
  })

  test('one that is damaged where the transaction ends is found, and named', async () => {
    const { unlocked } = await newUnlocked()
    const queue = new WriteQueue(() => unlocked, true)
    let isBad = false
    const write = unlocked.write.bind(unlocked)
    vi.spyOn(unlocked, 'write').mockImplementation((work, entries) =>
      write((transaction) => {
        isBad = false
        const result = work(transaction)
        if (isBad) throw new CoffretError('corrupt', 'a bucket is damaged')
        return result
      }, entries),
    )
    const bad = { subject: 'secret "bad"', work: () => void (isBad = true) }
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const all = names.map((name) => queue.add(name === 'e' ? bad : change([], name)))
    expect(await outcomes(all)).toEqual(['a', 'b', 'c', 'd', 'corrupt', 'f'])
    await expect(all[4]).rejects.toThrow('secret "bad": a bucket is damaged')
  })

  test.each(['storage', 'busy', 'not_writable', 'stale'] as const)(
    'none is done where %s stands for all, and nothing is tried again',
    async (code) => {
      const { queue, transactions } = await sharing()
      const done: string[] = []
      const all = [
        queue.add(change(done, 'a')),
        queue.add(change(done, 'b', new CoffretError(code, 'no'))),
        queue.add(change(done, 'c')),
      ]
      expect(await outcomes(all)).toEqual([code, code, code])
      expect(transactions()).toEqual([1, 0])
    },
  )

  test('none waits again for another program that writes', async () => {
    const { store, file, transactions } = await sharing()
    const writing = Database.openAgain(file, 50)
    const held = ['a', 'b'].map((name) =>
      store.write(path(name), { mode: 'create', data: data(name) }),
    )
    const ended = outcomes(held)
    writing.execute('BEGIN IMMEDIATE')
    expect(await ended).toEqual(['busy', 'busy'])
    writing.execute('ROLLBACK')
    writing.close()
    expect(transactions()).toEqual([1, 0])
    await store.write(path('a'), { mode: 'create', data: data() })
    expect((await store.listAll()).items.map((one) => one.path)).toEqual(['a'])
  })
})

test.each(['lock', 'close'] as const)('a %s ends what still waits', async (end) => {
  const { vault, unlock } = await newVault(undefined, { sharesTurns: true })
  const store = vault.store(secretMount)
  await store.write(path('before'), { mode: 'create', data: data() })
  const waiting = ['a', 'b'].map((name) =>
    store.write(path(name), { mode: 'create', data: data(name) }),
  )
  vault[end]()
  expect(await outcomes(waiting)).toEqual(['locked', 'locked'])
  const { items } = await (await unlock()).store(secretMount).listAll()
  expect(items.map((one) => one.path)).toEqual(['before'])
})
