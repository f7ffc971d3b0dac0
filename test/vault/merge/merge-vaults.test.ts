import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MountName, StoreId, VersionNumber, type EpochMs } from '../../../src-main/contract/model'
import type { LocalVault } from '../../../src-main/vault/local-vault'
import { StandingClock, kvMount, newVault, passphrase, secretMount } from '../new-vault'
import { changing, reading } from '../raw-file'
import {
  again,
  at,
  bothWays,
  contentOf,
  dataOf,
  mergeInto,
  merged,
  pathsOf,
  put,
  rename,
  twoCopies,
  unlocked,
  valuesOf,
} from '../two-copies'

const version = (number: number) => VersionNumber.parse(number)

interface Clock {
  advance(ms: number): void
}

describe('V-20: two copies', () => {
  test('that were not changed stay as they are', async () => {
    const copies = await twoCopies((vault) => put(vault, 'a', '1'))
    const { report } = await merged(copies)
    expect(report).toMatchObject({ unchanged: 1, added: 0, changed: 0, places: [] })
  })

  test('with versions added in both have all of them', async () => {
    const copies = await twoCopies((vault) => put(vault, 'web/key', 'base'))
    await put(copies.b, 'web/key', 'b')
    copies.aClock.advance(10)
    await put(copies.a, 'web/key', 'a')
    const { vault, report } = await merged(copies)
    expect(await valuesOf(vault, 'web/key')).toEqual(['base', 'b', 'a'])
    expect(report).toMatchObject({ changed: 1, conflicts: 1, versions: 1 })
    expect(report.places).toEqual([{ mount: 'secret', path: 'web/key', what: 'conflict' }])
  })

  test('with secrets made in each have both, also at one path', async () => {
    const copies = await twoCopies()
    await put(copies.a, 'only/a', '1')
    await put(copies.b, 'only/b', '2')
    await put(copies.a, 'same', 'a')
    await put(copies.b, 'same', 'b')
    const { vault, report } = await merged(copies)
    expect(await pathsOf(vault)).toEqual(['only/a', 'only/b', 'same'])
    expect(await valuesOf(vault, 'same')).toEqual(['a', 'b'])
    expect(report).toMatchObject({ added: 1, changed: 1 })
  })

  test('of which one destroyed a version keep it destroyed', async () => {
    const copies = await twoCopies(async (vault) => {
      await put(vault, 'a', '1')
      await put(vault, 'a', '2')
    })
    await copies.b.store(secretMount).setState(at('a'), [version(1)], 'deleted')
    const { vault } = await merged(copies)
    expect(await valuesOf(vault, 'a')).toEqual(['-', '2'])
  })

  test('of which one removed a secret have it again', async () => {
    const copies = await twoCopies((vault) => put(vault, 'a', '1'))
    await copies.a.store(secretMount).remove(at('a'))
    const { vault, report } = await merged(copies)
    expect(await valuesOf(vault, 'a')).toEqual(['1'])
    expect(report).toMatchObject({ added: 1 })
  })

  test('of which one put a secret into the bin have it there, unless it was written to later', async () => {
    const copies = await twoCopies(async (vault) => {
      await put(vault, 'gone', '1')
      await put(vault, 'used', '1')
    })
    for (const path of ['gone', 'used']) {
      await copies.a
        .store(secretMount)
        .bin()
        .discard({ path: at(path), kind: 'secret' })
    }
    copies.bClock.advance(10)
    await put(copies.b, 'used', '2')
    const { vault } = await merged(copies)
    expect(await pathsOf(vault)).toEqual(['used'])
    expect(await valuesOf(vault, 'used')).toEqual(['1', '2'])
    const bin = await vault.store(secretMount).bin().list()
    expect(bin.map(({ path }) => path)).toEqual(['gone'])
  })

  test('unite mounts, their settings, and drafts', async () => {
    const copies = await twoCopies()
    const ops = MountName.parse('ops')
    await copies.b.mounts.enable({ name: ops, version: 2, description: 'ours' })
    await put(copies.b, 'a', '1', ops)
    await copies.b.store(secretMount).writeConfig({ maxVersions: 30 })
    const draft = { store: copies.b.store(secretMount).id, path: 'd', baseVersion: 0 }
    copies.a.drafts.keep({ ...draft, text: 'earlier' })
    copies.b.drafts.keep({ ...draft, text: 'later' })
    const { vault, report } = await merged(copies)
    expect(report).toMatchObject({ mounts: 1, added: 1, drafts: 1 })
    expect(await valuesOf(vault, 'a', ops)).toEqual(['1'])
    expect((await vault.store(secretMount).readConfig()).maxVersions).toBe(30)
    expect(vault.drafts.open(draft.store, 'd')?.text).toBe('later')
  })

  test('of which each set other words keep what was set last, whichever secret was written to last', async () => {
    const settle = (vault: LocalVault, ...pairs: (readonly [string, string])[]) =>
      vault
        .store(secretMount)
        .write(at('a'), { mode: 'update', settings: { customMetadataPatch: pairs } })
    const copies = await twoCopies(async (vault) => {
      await put(vault, 'a', '1')
      await settle(vault, ['owner', 'zoe'], ['team', 'red'], ['url', 'z'])
    })
    await settle(copies.a, ['owner', 'ann'])
    copies.bClock.advance(10)
    await settle(copies.b, ['team', 'blue'])
    await put(copies.b, 'a', '2')
    const { vault } = await merged(copies)
    const { customMetadata } = await vault.store(secretMount).readMetadata(at('a'))
    expect(Object.fromEntries(customMetadata)).toEqual({ owner: 'ann', team: 'blue', url: 'z' })
  })

  test('of which each took the same snapshot say when the later one was taken', async () => {
    const of = StoreId.parse('00000000-0000-4000-8000-000000000000/app')
    const copies = await twoCopies(async (vault) => {
      vault.storeSnapshots.create(of, 'far')
    })
    const [{ id } = { id: of }] = copies.a.storeSnapshots.list()
    copies.a.storeSnapshots.finished(id, 20 as EpochMs, 1)
    copies.b.storeSnapshots.finished(id, 30 as EpochMs, 2)
    const { ab, ba } = await bothWays(copies)
    for (const vault of [ab, ba]) {
      expect(vault.storeSnapshots.list()).toEqual([
        { id, of, label: 'far', takenAt: 30, missing: 2 },
      ])
    }
  })

  test('keep both values of a secret without versions', async () => {
    const copies = await twoCopies(async (vault) => {
      await put(vault, 'p', 'base', kvMount)
      await put(vault, 'q', 'base', kvMount)
    })
    await put(copies.a, 'p', 'a', kvMount)
    await put(copies.b, 'p', 'b', kvMount)
    await put(copies.b, 'q', 'newer', kvMount)
    const { vault, report } = await merged(copies)
    expect(await pathsOf(vault, kvMount)).toEqual(['p', 'p (2)', 'q'])
    const value = async (path: string) => (await vault.store(kvMount).readVersion(at(path))).data
    expect(await value('p')).toBe(dataOf('b'))
    expect(await value('p (2)')).toBe(dataOf('a'))
    expect(await value('q')).toBe(dataOf('newer'))
    expect(report.beside).toBe(1)
  })

  test('changed at random are the same in both orders, and no value is lost', async () => {
    const paths = ['a', 'b', 'f/a', 'f/b', 'g/a']
    const step = fc.record({
      kind: fc.constantFrom('put', 'put', 'rename', 'folder', 'discard', 'deactivate'),
      path: fc.constantFrom(...paths),
      to: fc.constantFrom(...paths),
      after: fc.integer({ min: 1, max: 5 }),
    })
    type Steps = readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]
    const steps = fc.array(step, { maxLength: 8 })
    let written = 0
    const perform = async (vault: LocalVault, clock: Clock, list: Steps) => {
      for (const { kind, path, to, after } of list) {
        clock.advance(2 * after)
        try {
          if (kind === 'put') await put(vault, path, `value ${String((written += 1))}`)
          if (kind === 'rename') await rename(vault, path, to, 'secret')
          if (kind === 'folder') await rename(vault, 'f', `h/${String(after)}`, 'folder')
          const store = vault.store(secretMount)
          if (kind === 'discard') await store.bin().discard({ path: at(path), kind: 'secret' })
          if (kind === 'deactivate') await store.setState(at(path), 'current', 'deactivated')
        } catch {
          // What is not there, or is there already.
        }
      }
    }
    const check = async (base: Steps, one: Steps, other: Steps) => {
      const copies = await twoCopies((vault) => perform(vault, { advance: () => undefined }, base))
      await perform(copies.a, copies.aClock, one)
      await perform(copies.b, copies.bClock, other)
      const { vault } = await merged(copies)
      const kept = JSON.stringify(await everyValue(vault))
      for (const source of [copies.a, copies.b]) {
        for (const value of await everyValue(source)) expect(kept).toContain(value)
      }
    }
    await fc.assert(fc.asyncProperty(steps, steps, steps, check), { numRuns: 12 })
  })
})

/** Each look at it takes a minute. */
class RunningClock extends StandingClock {
  override now() {
    this.advance(60_000)
    return super.now()
  }
}

/** Every value of a vault, those in the bin too. */
async function everyValue(vault: LocalVault): Promise<string[]> {
  const copy = await again(vault)
  const store = copy.store(secretMount)
  for (const [number, { id }] of (await store.bin().list()).entries()) {
    await store.bin().restore([{ id, to: at(`bin/${String(number)}`) }])
  }
  const values: string[] = []
  for (const path of await pathsOf(copy)) {
    const { versions } = await store.readMetadata(at(path))
    await store.setState(
      at(path),
      versions.map((one) => one.version),
      'active',
    )
    values.push(...(await valuesOf(copy, path)))
  }
  return values
}

describe('merging', () => {
  test('tells what it would do, and changes neither file', async () => {
    const copies = await twoCopies((vault) => put(vault, 'a', '1'))
    await put(copies.b, 'a', '2')
    await put(copies.b, 'new', '1')
    const before = [readFileSync(copies.a.file), readFileSync(copies.b.file)]
    const plan = await mergeInto(copies.a, copies.b.file, false)
    expect(plan).toMatchObject({ added: 1, changed: 1, conflicts: 0, versions: 2 })
    expect([readFileSync(copies.a.file), readFileSync(copies.b.file)]).toEqual(before)
    expect(await mergeInto(copies.a, copies.b.file)).toEqual(plan)
    expect(readFileSync(copies.b.file)).toEqual(before[1])
  })

  test('takes a copy with another passphrase, whose data key is the same', async () => {
    const copies = await twoCopies()
    await copies.b.changePassphrase(passphrase, new TextEncoder().encode('another'))
    await put(copies.b, 'a', '1')
    await mergeInto(copies.a, copies.b.file)
    expect(await pathsOf(copies.a)).toEqual(['a'])
  })

  test('refuses another vault, and the vault itself', async () => {
    const { a } = await twoCopies()
    const { vault: other } = await newVault()
    for (const file of [a.file, other.file]) {
      await expect(mergeInto(a, file)).rejects.toThrow(expect.objectContaining({ code: 'invalid' }))
    }
  })

  test('that is broken off leaves a whole vault, and is done again', async () => {
    const copies = await twoCopies()
    for (let number = 10; number < 60; number += 1) await put(copies.b, `s${String(number)}`, 'x')
    // Progress is told by the clock.
    const vault = await unlocked(copies.a.file, new RunningClock())
    const stop = new AbortController()
    const input = { file: copies.b.file, vaultId: vault.id, apply: true }
    const running = vault.run('merge', input, {
      signal: stop.signal,
      onProgress: ({ done }) => void (done > 300 && stop.abort()),
    })
    await expect(running).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }))
    const some = (await pathsOf(copies.a)).length
    expect(some).toBeGreaterThan(0)
    expect(some).toBeLessThan(50)
    expect(await mergeInto(copies.a, copies.b.file)).toMatchObject({ added: 50 - some })
    expect(await contentOf(copies.a)).toEqual(await contentOf(copies.b))
  })

  test('leaves out what a damaged copy cannot give, and says so', async () => {
    const copies = await twoCopies()
    await put(copies.b, 'bad', 'x')
    await put(copies.b, 'good', 'y')
    changing(copies.b.file)(
      'UPDATE records SET body = zeroblob(92) WHERE kind = 4 AND rowid = ' +
        '(SELECT min(rowid) FROM records WHERE kind = 4)',
    )
    const report = await mergeInto(copies.a, copies.b.file)
    expect(report).toMatchObject({ added: 1, unreadable: 1 })
    expect(await pathsOf(copies.a)).toEqual(['good'])
  })

  test('gives a number to other data, and the older copy of that version does not come back', async () => {
    const copies = await twoCopies((vault) => put(vault, 'a', 'base'))
    copies.aClock.advance(10)
    await put(copies.a, 'a', 'a')
    await put(copies.b, 'a', 'b')
    const [older] = reading(copies.a.file)(
      'SELECT id, body FROM records WHERE kind = 4 AND version = 2',
    )
    await mergeInto(copies.a, copies.b.file)
    expect(await valuesOf(copies.a, 'a')).toEqual(['base', 'b', 'a'])
    const sql = 'UPDATE records SET body = ? WHERE kind = 4 AND version = 2 AND id = ?'
    changing(copies.a.file)(sql, older!['body']!, older!['id']!)
    await expect(copies.a.store(secretMount).readVersion(at('a'), version(2))).rejects.toThrow(
      expect.objectContaining({ code: 'corrupt' }),
    )
  })
})
