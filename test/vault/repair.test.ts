import { closeSync, existsSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { VersionNumber } from '../../src-main/contract/model'
import type { LocalVault } from '../../src-main/vault/local-vault'
import { StandingClock, kvMount, newVault, passphrase, secretMount } from './new-vault'
import { changing, reading } from './raw-file'
import { at, contentOf, pathsOf, put, unlocked, valuesOf } from './two-copies'

const paths = ['a/one', 'a/one', 'a/two', 'b/c/three', 'four', 'five']

/** A vault with something of every kind in it. */
async function filled() {
  const made = await newVault()
  const { vault, file } = made
  for (const path of paths) await put(vault, path, path)
  await put(vault, 'plain', 'x', kvMount)
  const store = vault.store(secretMount)
  await store.setState(at('a/two'), [VersionNumber.parse(1)], 'deactivated')
  await put(vault, 'binned', 'x')
  await store.bin().discard({ path: at('binned'), kind: 'secret' })
  vault.drafts.keep({ store: store.id, path: 'd', baseVersion: 0, text: 'x' })
  return { ...made, change: changing(file), read: reading(file), saved: `${file}.saved.coffret` }
}

/** Repairs into another file, sees that the first stays as it is, and opens the other one. */
async function repaired(vault: LocalVault, saved: string) {
  const before = readFileSync(vault.file)
  const report = await vault.run('repair', { file: saved })
  expect(readFileSync(vault.file).equals(before)).toBe(true)
  return { report, copy: await unlocked(saved, new StandingClock()) }
}

describe('repairing', () => {
  test('saves everything of a vault that is whole, which opens with the same passphrase', async () => {
    const { vault, saved } = await filled()
    const { report, copy } = await repaired(vault, saved)
    expect(report).toEqual({
      ...{ file: saved, secrets: 7, versions: 8, drafts: 1 },
      ...{ lostCount: 0, lost: [] },
    })
    expect(await contentOf(copy)).toEqual(await contentOf(vault))
    expect(copy.id).toBe(vault.id)
    expect(statSync(saved).mode & 0o777).toBe(0o600)
  })

  test('names a version that is lost, and saves the others', async () => {
    const { vault, saved, change, read } = await filled()
    const [one] = read('SELECT id FROM records WHERE kind = 4 AND version = 2')
    change('UPDATE records SET body = zeroblob(92) WHERE kind = 4 AND id = ?', one!['id']!)
    change('DELETE FROM records WHERE kind = 4 AND version = 2')
    const { report, copy } = await repaired(vault, saved)
    expect(report.lost).toEqual(
      [1, 2].map((version) => ({ what: 'version', mount: 'secret', path: 'a/one', version })),
    )
    expect(await valuesOf(copy, 'a/one')).toEqual(['-', '-'])
    expect(await valuesOf(copy, 'four')).toEqual(['four'])
  })

  test('saves values whose metadata is lost', async () => {
    const { vault, saved, change } = await filled()
    change('DELETE FROM records WHERE kind = 3')
    const { report, copy } = await repaired(vault, saved)
    expect(report.lost.every(({ what }) => what === 'metadata')).toBe(true)
    expect(await pathsOf(copy)).toEqual(['a/one', 'a/two', 'b/c/three', 'five', 'four'])
    expect(await valuesOf(copy, 'a/one')).toEqual(['a/one', 'a/one'])
  })

  test('saves values whose names are lost', async () => {
    const { vault, saved, change } = await filled()
    change('DELETE FROM names')
    const { report, copy } = await repaired(vault, saved)
    expect(report.secrets).toBe(7)
    const found = await pathsOf(copy)
    expect(found).toHaveLength(7)
    expect(found.every((path) => path.startsWith('recovered/'))).toBe(true)
    const values = await Promise.all(found.map((path) => valuesOf(copy, path)))
    expect(values.flat().sort()).toEqual([
      '-',
      'a/one',
      'a/one',
      'b/c/three',
      'five',
      'four',
      'x',
      'x',
    ])
  })

  test.each([
    ['the freshness tree', 'DELETE FROM tree'],
    ['the list of mounts', 'DELETE FROM records WHERE kind = 2'],
    ['a folder', 'DELETE FROM names WHERE rowid = (SELECT min(rowid) FROM names)'],
  ])('saves every value without %s', async (_, damage) => {
    const { vault, saved, change } = await filled()
    change(damage)
    const { report } = await repaired(vault, saved)
    expect(report).toMatchObject({ secrets: 7, versions: 8, drafts: 1 })
  })

  test('saves what is not on a damaged page', async () => {
    const { vault, saved, file, read } = await filled()
    for (let number = 0; number < 300; number += 1)
      await put(vault, `many/${number}`, 'x'.repeat(900))
    const all = (await pathsOf(vault)).length
    const [size] = read('PRAGMA page_size')
    const [count] = read('PRAGMA page_count')
    vault.close()
    // Several pages in the middle of the file, as a bad sector leaves them.
    const pageBytes = Number(size!['page_size'])
    const middle = Math.floor(Number(count!['page_count']) / 2)
    for (const page of [middle, middle + 7]) overwrite(file, page * pageBytes, pageBytes)
    const damaged = await unlocked(file, new StandingClock())
    const { report, copy } = await repaired(damaged, saved)
    expect(report.lostCount).toBeGreaterThan(0)
    expect((await pathsOf(copy)).length).toBeGreaterThan(all * 0.8)
    expect(await copy.run('verify', undefined)).toMatchObject({ problemCount: 0 })
    expect((await damaged.run('verify', undefined)).problemCount).toBeGreaterThan(0)
  })

  test('writes over no file, and leaves none when it is cancelled', async () => {
    const { vault, saved, file } = await filled()
    await expect(vault.run('repair', { file })).rejects.toThrow(
      expect.objectContaining({ code: 'exists' }),
    )
    const stop = new AbortController()
    const running = vault.run('repair', { file: saved }, { signal: stop.signal })
    stop.abort()
    await running.catch(() => undefined)
    const { signal } = stop
    await expect(vault.run('repair', { file: `${saved}2` }, { signal })).rejects.toThrow(
      expect.objectContaining({ code: 'cancelled' }),
    )
    expect(existsSync(`${saved}2`)).toBe(false)
    expect(passphrase.length).toBeGreaterThan(0)
  })
})

function overwrite(file: string, position: number, length: number): void {
  const handle = openSync(file, 'r+')
  writeSync(handle, Buffer.alloc(length, 0xee), 0, length, position)
  closeSync(handle)
}
