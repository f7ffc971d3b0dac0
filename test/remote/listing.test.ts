import { expect, test } from 'vitest'
import { FolderPath, type SecretPath } from '../../src-main/contract/model'
import { listChildren, listTree, type NameServer } from '../../src-main/remote/listing'

/** A server of names; it counts what is asked of it. */
function serverOf(folders: Record<string, readonly string[]>) {
  const asked: string[] = []
  let underWay = 0
  let most = 0
  const server: NameServer = {
    names: async (folder) => {
      asked.push(folder)
      return folders[folder] ?? []
    },
    facts: async (path: SecretPath) => {
      underWay += 1
      most = Math.max(most, underWay)
      await new Promise((resolve) => setImmediate(resolve))
      underWay -= 1
      if (path.endsWith('gone')) return undefined
      return path.endsWith('closed') ? {} : { currentVersion: 1 }
    },
  }
  return { server, asked, most: () => most }
}

const root = FolderPath.parse('')

test('facts are asked for five at a time, and only of the page', async () => {
  const names = Array.from({ length: 40 }, (_, at) => `n${String(at).padStart(2, '0')}`)
  const { server, most } = serverOf({ '': names })
  const page = await listChildren(server, root, { limit: 20, after: 'n09' })
  expect(page.items.map(({ name }) => name)).toEqual(names.slice(10, 30))
  expect(page.next).toBe('n29')
  expect(most()).toBe(5)
})

test('a secret whose metadata may not be read is listed by name', async () => {
  const { server } = serverOf({ '': ['closed', 'open'] })
  const { items } = await listChildren(server, root, {})
  expect(items).toEqual([
    { kind: 'secret', name: 'closed' },
    { kind: 'secret', name: 'open', currentVersion: 1 },
  ])
})

test('a secret that is removed meanwhile is not listed', async () => {
  const { server } = serverOf({ '': ['a/', 'gone'], a: ['gone', 'here'] })
  expect((await listChildren(server, root, {})).items).toEqual([{ kind: 'folder', name: 'a' }])
  expect((await listTree(server, {})).items.map(({ path }) => path)).toEqual(['a/here'])
})

test('folders before the page are not asked for', async () => {
  const { server, asked } = serverOf({
    '': ['a/', 'b/', 'c/', 'd/'],
    a: ['x'],
    b: ['x', 'y'],
    c: ['x'],
    d: ['x'],
  })
  const page = await listTree(server, { after: 'b/x', limit: 1 })
  expect(page).toMatchObject({ items: [{ path: 'b/y' }], next: 'b/y' })
  expect(asked).toEqual(['', 'b', 'c'])
})

test('names that are no paths here are listed and not followed', async () => {
  const { server } = serverOf({ '': ['a\u0007b', '../', '/', 'ok'] })
  const { items } = await listChildren(server, root, {})
  expect(items).toContainEqual({ kind: 'secret', name: 'a\u0007b' })
  expect((await listTree(server, {})).items.map(({ path }) => path)).toEqual(['ok'])
})

test('a server whose folders never end is left at the longest path', async () => {
  const server: NameServer = {
    names: async () => ['0123456789012345678901234567890123456789/'],
    facts: async () => ({}),
  }
  expect(await listTree(server, {})).toEqual({ items: [] })
})
