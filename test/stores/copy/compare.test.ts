import { expect, test } from 'vitest'
import { FolderPath } from '../../../src-main/contract/model'
import { compareSecrets, compareTrees } from '../../../src-main/stores/copy/compare'
import { newStore, path, put } from './copy-stores'

const root = FolderPath.parse('')

test.each(['local', 'KV2', 'KV1'] as const)(
  'a subtree is compared with one of %s',
  async (kind) => {
    const [first, second] = [await newStore('local'), await newStore(kind)]
    for (const name of ['same', 'other', 'mine']) await put(first, `a/${name}`, '{"x":1.0,"y":2}')
    for (const name of ['same', 'their']) await put(second, name, '{"x":1.0,"y":2}')
    await put(second, 'other', '{"x":2}')
    const found = await compareTrees(
      { store: first, path: FolderPath.parse('a') },
      { store: second, path: root },
    )
    expect(found.counts).toEqual({ same: 1, different: 1, onlyFirst: 1, onlySecond: 1, unknown: 0 })
    expect(found.rows).toEqual([
      { path: 'mine', relation: 'onlyFirst' },
      { path: 'other', relation: 'different' },
      { path: 'their', relation: 'onlySecond' },
    ])
  },
)

test('what has no data is unknown, and what is nowhere is not found', async () => {
  const store = await newStore('local')
  await put(store, 'a', '{"v":"canary-1"}')
  await put(store, 'b', '{"v":"canary-2","w":1}')
  await put(store, 'c', '{"v":1}')
  await store.setState(path('c'), 'current', 'deactivated')
  const at = (name: string) => ({ store, path: path(name) })
  const found = await compareSecrets(at('a'), at('b'))
  expect(found).toEqual({
    relation: 'different',
    keys: [
      { key: ['v'], relation: 'different' },
      { key: ['w'], relation: 'onlySecond' },
    ],
  })
  expect(JSON.stringify(found)).not.toContain('canary')
  expect(await compareSecrets(at('a'), at('c'))).toEqual({ relation: 'unknown' })
  expect(await compareSecrets(at('a'), at('none'))).toEqual({ relation: 'onlyFirst' })
  expect(await compareSecrets(at('none'), at('a'))).toEqual({ relation: 'onlySecond' })
  await expect(compareSecrets(at('none'), at('none'))).rejects.toThrow(
    expect.objectContaining({ code: 'not_found' }),
  )
  const trees = await compareTrees({ store, path: root }, { store, path: root })
  expect(trees.counts).toMatchObject({ same: 2, unknown: 1 })
})
