import { describe, expect, test } from 'vitest'
import { secretMount } from '../new-vault'
import { at, mergeInto, merged, pathsOf, put, rename, twoCopies, valuesOf } from '../two-copies'

describe('V-20: two copies', () => {
  test('of which one renamed a secret or a folder have each secret where it is now', async () => {
    const copies = await twoCopies(async (vault) => {
      for (const path of ['old', 'dir/x', 'dir/deep/y']) await put(vault, path, path)
    })
    await rename(copies.a, 'old', 'renamed', 'secret')
    await rename(copies.b, 'dir', 'elsewhere', 'folder')
    await put(copies.a, 'dir/x', 'more')
    await put(copies.a, 'renamed', 'more')
    const { vault } = await merged(copies)
    expect(await pathsOf(vault)).toEqual(['elsewhere/deep/y', 'elsewhere/x', 'renamed'])
    expect(await valuesOf(vault, 'elsewhere/x')).toEqual(['dir/x', 'more'])
  })

  test('that renamed one secret each in its way have it where it was moved last', async () => {
    const copies = await twoCopies((vault) => put(vault, 'a/b', '1'))
    await rename(copies.a, 'a', 'early', 'folder')
    copies.bClock.advance(10)
    await rename(copies.b, 'a/b', 'z', 'secret')
    const { vault } = await merged(copies)
    expect(await pathsOf(vault)).toEqual(['z'])
  })

  test('of which one has a slow clock keep what it did after seeing what the other one did', async () => {
    const copies = await twoCopies(async (vault) => {
      for (const path of ['a', 'f/b', 'f/c']) await put(vault, path, path)
    })
    copies.bClock.advance(60_000)
    await rename(copies.b, 'a', 'theirs', 'secret')
    await rename(copies.b, 'f', 'g', 'folder')
    await mergeInto(copies.a, copies.b.file)
    await rename(copies.a, 'theirs', 'ours', 'secret')
    await rename(copies.a, 'g/b', 'b', 'secret')
    const bin = copies.a.store(secretMount).bin()
    await bin.discard({ path: at('g/c'), kind: 'secret' })
    const { vault } = await merged(copies)
    expect(await pathsOf(vault)).toEqual(['b', 'ours'])
  })

  test('of which one put a secret where another one was have both where they were put', async () => {
    const copies = await twoCopies(async (vault) => {
      await put(vault, 'b', '1')
      await put(vault, 'f/b', '2')
    })
    await rename(copies.b, 'f', 'h/1', 'folder')
    await rename(copies.b, 'b', 'f/b', 'secret')
    const { vault } = await merged(copies)
    expect(await pathsOf(vault)).toEqual(['f/b', 'h/1/b'])
    expect(await valuesOf(vault, 'f/b')).toEqual(['1'])
  })

  test('of which one took a secret out of the bin have it, though the other deleted it', async () => {
    const copies = await twoCopies(async (vault) => {
      await put(vault, 'a', '1')
      const bin = vault.store(secretMount).bin()
      await bin.discard({ path: at('a'), kind: 'secret' })
    })
    const bin = copies.a.store(secretMount).bin()
    const [binned] = await bin.list()
    await bin.restore([{ id: binned!.id }])
    const { vault } = await merged(copies)
    expect(await pathsOf(vault)).toEqual(['a'])
  })

  test('of which one gave a name to another secret keep the two apart', async () => {
    const copies = await twoCopies((vault) => put(vault, 'name', 'first'))
    await rename(copies.a, 'name', 'zzz', 'secret')
    await put(copies.a, 'name', 'second')
    await put(copies.b, 'name', 'third')
    const { vault } = await merged(copies)
    expect(await valuesOf(vault, 'zzz')).toEqual(['first', 'third'])
    expect(await valuesOf(vault, 'name')).toEqual(['second'])
  })

  test('of which one exchanged two names lose neither', async () => {
    const copies = await twoCopies(async (vault) => {
      await put(vault, 'x', 'x')
      await put(vault, 'y', 'y')
    })
    await rename(copies.a, 'x', 'z', 'secret')
    await rename(copies.a, 'y', 'x', 'secret')
    await rename(copies.a, 'z', 'y', 'secret')
    await put(copies.b, 'x', 'more')
    const { vault } = await merged(copies)
    expect(await valuesOf(vault, 'x')).toEqual(['y'])
    expect(await valuesOf(vault, 'y')).toEqual(['x', 'more'])
  })
})
