import { expect, test } from 'vitest'
import {
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

/** Folders, order, pages; every store. */
export function describeLists(current: Current, can: Can): void {
  test('an empty store lists nothing', async () => {
    expect(await current().store.list(folder(''))).toEqual({ items: [] })
    expect(await current().store.list(folder('no/where'))).toEqual({ items: [] })
    expect(await current().store.listAll()).toEqual({ items: [] })
  })

  test('lists are in byte order; a secret and a folder may share a name', async () => {
    const wide = can('anyName') ? ['～', '🔑'] : []
    for (const at of ['foo', 'foo/b', ...wide, 'foo-bar', 'foo/a/x', 'Z']) await put(current, at)
    expect(await names(current)).toEqual(['Z', 'foo', 'foo-bar', 'foo/', ...wide])
    expect(await names(current, 'foo')).toEqual(['a/', 'b'])
    const all = ['Z', 'foo', 'foo-bar', 'foo/a/x', 'foo/b', ...wide]
    expect(await paths(current)).toEqual(all)
  })

  test('a folder appears with its first secret and vanishes with its last', async () => {
    await put(current, 'a/b/c')
    await put(current, 'a/d')
    expect(await names(current)).toEqual(['a/'])
    await current().store.remove(path('a/b/c'))
    expect(await names(current, 'a')).toEqual(['d'])
    await current().store.remove(path('a/d'))
    expect(await names(current)).toEqual([])
  })

  test.each([1, 2, 3, 7])('pages of %i give every row once, in order', async (limit) => {
    const all = ['a', 'b', 'b-c', 'b/d', 'b/e/f', 'c']
    for (const at of all) await put(current, at)
    const { store } = current()
    const seen: string[] = []
    const listed: string[] = []
    let after: string | undefined = ''
    while (after !== undefined) {
      const page = await store.listAll({ after, limit })
      expect(page.items.length).toBeLessThanOrEqual(limit)
      seen.push(...page.items.map((item) => String(item.path)))
      after = page.next
    }
    after = ''
    while (after !== undefined) {
      const page = await store.list(folder(''), { after, limit })
      listed.push(...page.items.map((item) => item.kind + item.name))
      after = page.next
    }
    expect(seen).toEqual(all)
    expect(listed).toEqual(['secreta', 'secretb', 'secretb-c', 'folderb', 'secretc'])
  })

  test.each([0, -1, Number.NaN])('a page of %d rows is refused', async (limit) => {
    await put(current, 'a')
    await expect(current().store.listAll({ limit })).rejects.toThrow(failing('invalid'))
    await expect(current().store.list(folder(''), { limit })).rejects.toThrow(failing('invalid'))
  })

  test('a page starts behind a name that need not exist', async () => {
    for (const at of ['a', 'c', 'd/e', 'f']) await put(current, at)
    const behind = async (after: string) =>
      (await current().store.listAll({ after })).items.map((item) => item.path)
    expect(await behind('b')).toEqual(['c', 'd/e', 'f'])
    expect(await behind('d/e')).toEqual(['f'])
    expect(await behind('d/z')).toEqual(['f'])
    expect(await behind('z')).toEqual([])
  })
}

/** Renaming and copying. */
export function describeTransfers(current: Current): void {
  const move = (from: string, to: string, kind: 'secret' | 'folder', keepSource = false) =>
    current().store.transfer({ from: path(from), to: path(to), kind, keepSource })

  test('a renamed secret keeps its value and leaves no trace', async () => {
    await put(current, 'a/b', '{"n":1}')
    await move('a/b', 'c/d/e', 'secret')
    expect(await paths(current)).toEqual(['c/d/e'])
    expect((await read(current, 'c/d/e')).data).toBe('{"n":1}')
  })

  test('a renamed folder takes everything below it along', async () => {
    for (const at of ['a/b/c', 'a/b/d/e', 'a/f']) await put(current, at)
    await move('a/b', 'a/g', 'folder')
    expect(await paths(current)).toEqual(['a/f', 'a/g/c', 'a/g/d/e'])
    await move('a', 'h/i', 'folder')
    expect(await paths(current)).toEqual(['h/i/f', 'h/i/g/c', 'h/i/g/d/e'])
    expect(await names(current)).toEqual(['h/'])
  })

  test('a copy is independent of its source', async () => {
    await put(current, 'a/b', '{"n":1}')
    await put(current, 'a/c/d', '{"n":2}')
    await move('a', 'z', 'folder', true)
    await move('a/b', 'y', 'secret', true)
    await put(current, 'a/b', '{"n":3}')
    await current().store.remove(path('a/c/d'))
    expect(await paths(current)).toEqual(['a/b', 'y', 'z/b', 'z/c/d'])
    expect((await read(current, 'y')).data).toBe('{"n":1}')
    expect((await read(current, 'z/b')).data).toBe('{"n":1}')
    expect((await read(current, 'z/c/d')).data).toBe('{"n":2}')
  })

  test('nothing is written over, and nothing goes into itself', async () => {
    for (const at of ['a/b', 'c/d', 'e']) await put(current, at)
    const before = await paths(current)
    await expect(move('a/b', 'e', 'secret')).rejects.toThrow(failing('exists'))
    await expect(move('e', 'e', 'secret')).rejects.toThrow(failing('exists'))
    await expect(move('a', 'c', 'folder')).rejects.toThrow(failing('exists'))
    await expect(move('a', 'a', 'folder')).rejects.toThrow(failing('exists'))
    await expect(move('a', 'a/b/c', 'folder')).rejects.toThrow(failing('invalid'))
    await expect(move('a', 'a/x', 'folder', true)).rejects.toThrow(failing('invalid'))
    await expect(move('x', 'y', 'secret')).rejects.toThrow(failing('not_found'))
    await expect(move('e', 'y', 'folder')).rejects.toThrow(failing('not_found'))
    expect(await paths(current)).toEqual(before)
  })

  test('a folder is not moved where a path would become too long', async () => {
    const long = 'x'.repeat(1000)
    await put(current, `a/${long}`)
    await expect(move('a', 'y'.repeat(24), 'folder')).rejects.toThrow(failing('invalid'))
    await move('a', 'y'.repeat(23), 'folder')
    expect(await paths(current)).toEqual([`${'y'.repeat(23)}/${long}`])
  })
}
