import { expect, test } from 'vitest'
import { FolderPath } from '../../../src-main/contract/model'
import { pathsBelow } from '../../../src-main/stores/copy/subtree'
import { newStore, put } from './copy-stores'

const below = async (store: Awaited<ReturnType<typeof newStore>>, folder: string) =>
  [...(await pathsBelow(store, FolderPath.parse(folder)))].map(String)

test.each(['local', 'KV2', 'OKMS REST'] as const)(
  'what lies below a folder of %s is listed, and nothing beside it',
  async (kind) => {
    const store = await newStore(kind)
    for (const one of ['a', 'a-b/c', 'a/b', 'a/b/c', 'a0', 'b/a/x'])
      await put(store, one, '{"v":1}')
    expect(await below(store, 'a')).toEqual(['a/b', 'a/b/c'])
    expect(await below(store, '')).toEqual(['a', 'a-b/c', 'a/b', 'a/b/c', 'a0', 'b/a/x'])
    expect(await below(store, 'none')).toEqual([])
  },
)

test('a folder of several pages is listed whole', async () => {
  const store = await newStore('local')
  const names = Array.from({ length: 101 }, (_, at) => `f/s${String(at).padStart(3, '0')}`)
  for (const one of [...names, 'g/after']) await put(store, one, '{"v":1}')
  expect(await below(store, 'f')).toEqual(names)
})
