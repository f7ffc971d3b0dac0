import { expect, test } from 'vitest'
import { BinId } from '../../src-main/contract/bin-calls'
import {
  data,
  failing,
  folder,
  names,
  path,
  paths,
  put,
  read,
  type Can,
  type Current,
} from './store-under-test'

/** No store names a secret so: it is only well formed. */
const nobody = BinId.parse('0'.repeat(32))

/** Deleted secrets that can be restored. */
export function describeBin(current: Current, can: Can): void {
  const bin = () => current().store.bin()
  const discard = (at: string, kind: 'secret' | 'folder' = 'secret') =>
    bin().discard({ path: path(at), kind })
  const binned = async () => (await bin().list()).map((one) => String(one.path))
  const restore = async (at: string, to?: string) => {
    const found = (await bin().list()).find((one) => one.path === at)
    const item = { id: found?.id ?? nobody, ...(to === undefined ? {} : { to: path(to) }) }
    return bin().restore([item])
  }

  test('what is deleted is not in the store any more, but in the bin', async () => {
    await put(current, 'a/b', '{"n":1}')
    await put(current, 'a/c')
    const [id] = await discard('a/b')
    expect(await paths(current)).toEqual(['a/c'])
    expect(await names(current, 'a')).toEqual(['c'])
    await expect(read(current, 'a/b')).rejects.toThrow(failing('not_found'))
    const [item] = await bin().list()
    expect(item).toMatchObject({ id, path: 'a/b', currentVersion: 1 })
    expect(item!.endsAt - item!.deletedAt).toBe(30 * 86_400_000)
  })

  test('it comes back with everything that it had', async () => {
    await put(current, 'a/b', '{"n":1}')
    await put(current, 'a/b', '{"n":2}')
    const before = await read(current, 'a/b')
    const metadata = can('metadata') && (await current().store.readMetadata(path('a/b')))
    const listed = await current().store.listAll()
    await discard('a/b')
    expect(await names(current)).toEqual([])
    current().advance?.(29 * 86_400_000)
    expect(await restore('a/b')).toEqual(['a/b'])
    expect(await binned()).toEqual([])
    expect(await read(current, 'a/b')).toEqual(before)
    expect(await current().store.listAll()).toEqual(listed)
    if (can('metadata')) {
      expect(await current().store.readMetadata(path('a/b'))).toEqual(metadata)
    }
    if (can('versions')) expect((await read(current, 'a/b', 1)).data).toBe('{"n":1}')
  })

  test('a write to its path begins a new secret, and it then comes back under another name', async () => {
    const { store } = current()
    await put(current, 'x', '{"n":1}')
    await put(current, 'x', '{"n":2}')
    await discard('x')
    await store.write(path('x'), { mode: 'create', data: data('{"n":3}') })
    expect((await read(current, 'x')).metadata.version).toBe(1)
    await expect(restore('x')).rejects.toThrow(failing('exists'))
    expect(await binned()).toEqual(['x'])
    expect(await restore('x', 'old/x')).toEqual(['old/x'])
    expect((await read(current, 'x')).data).toBe('{"n":3}')
    expect((await read(current, 'old/x')).data).toBe('{"n":2}')
  })

  test('two secrets of one path are two in the bin', async () => {
    for (const text of ['{"n":1}', '{"n":2}']) {
      await put(current, 'x', text)
      await discard('x')
      current().advance?.(1)
    }
    expect(await binned()).toEqual(['x', 'x'])
    await restore('x')
    // The latest comes first.
    expect((await read(current, 'x')).data).toBe('{"n":2}')
  })

  test('a folder goes with all that is in it, and comes back at once or not at all', async () => {
    for (const at of ['a/b', 'a/c/d', 'a', 'ab']) await put(current, at)
    const ids = await discard('a', 'folder')
    expect(ids).toHaveLength(2)
    expect(await paths(current)).toEqual(['a', 'ab'])
    expect(await binned()).toEqual(['a/b', 'a/c/d'])
    await put(current, 'a/c/d')
    const all = bin().restore(ids.map((id) => ({ id })))
    await expect(all).rejects.toThrow(failing('exists'))
    expect(await paths(current)).toEqual(['a', 'a/c/d', 'ab'])
    await current().store.remove(path('a/c/d'))
    await bin().restore(ids.map((id) => ({ id })))
    expect(await paths(current)).toEqual(['a', 'a/b', 'a/c/d', 'ab'])
  })

  test('what is not there is neither deleted, restored nor erased', async () => {
    await put(current, 'a/b')
    await expect(discard('a')).rejects.toThrow(failing('not_found'))
    await expect(discard('a/b', 'folder')).rejects.toThrow(failing('not_found'))
    const [id] = await discard('a/b')
    await expect(discard('a/b')).rejects.toThrow(failing('not_found'))
    await expect(bin().restore([{ id: nobody }])).rejects.toThrow(failing('not_found'))
    const purge = bin().purge([id!, nobody])
    await expect(purge).rejects.toThrow(failing('not_found'))
    expect(await binned()).toEqual(['a/b'])
  })

  test('one can be erased, or all', async () => {
    for (const at of ['a', 'b', 'c']) await put(current, at)
    const [id] = await discard('b')
    await discard('a')
    await bin().purge([id!])
    expect(await binned()).toEqual(['a'])
    await discard('c')
    await bin().purge('all')
    await bin().purge('all')
    expect(await binned()).toEqual([])
    expect(await current().store.list(folder(''))).toEqual({ items: [] })
  })

  test('it is erased after 30 days, and what was deleted later is not', async () => {
    await put(current, 'a')
    await put(current, 'b')
    await discard('a')
    current().advance?.(86_400_000)
    await discard('b')
    current().advance?.(29 * 86_400_000 - 1)
    expect(await binned()).toEqual(['b', 'a'])
    current().advance?.(1)
    expect(await binned()).toEqual(['b'])
    current().advance?.(86_400_000)
    expect(await binned()).toEqual([])
  })

  test('removing erases at once, and leaves the bin alone', async () => {
    await put(current, 'x')
    await discard('x')
    await put(current, 'x')
    await current().store.remove(path('x'))
    expect(await binned()).toEqual(['x'])
  })
}

/** A store without a bin. */
export function describeNoBin(current: Current): void {
  test('there is no bin', () => {
    expect(() => current().store.bin()).toThrow(failing('unsupported'))
  })
}
