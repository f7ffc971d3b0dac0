import { expect, test } from 'vitest'
import { StoreId } from '../../src-main/contract/model'
import { newVault } from './new-vault'

const store = StoreId.parse('0b8f7a52-7d3c-4b7e-9a53-0d5d3f6f2f10/secret')
const other = StoreId.parse('0b8f7a52-7d3c-4b7e-9a53-0d5d3f6f2f10/kv')

test('a draft comes back as it was kept, also after a restart', async () => {
  const { vault, unlock } = await newVault()
  const draft = { store, path: 'a/b', baseVersion: 3, text: '{"not": json', form: { ttl: '1h' } }
  vault.drafts.keep(draft)
  vault.close()
  expect((await unlock()).drafts.open(store, 'a/b')).toEqual(draft)
})

test('each store and path has one draft: the last one', async () => {
  const { vault } = await newVault()
  const keep = (at: StoreId, path: string, text: string) =>
    vault.drafts.keep({ store: at, path, baseVersion: 0, text })
  keep(store, '', 'new')
  keep(store, 'a', 'one')
  keep(store, 'a', 'two')
  keep(other, 'a', 'three')
  expect(vault.drafts.open(store, 'a')?.text).toBe('two')
  expect(vault.drafts.open(other, 'a')?.text).toBe('three')
  expect(vault.drafts.open(store, '')?.text).toBe('new')
  expect(vault.drafts.open(other, '')).toBeUndefined()
  expect(vault.drafts.list()).toHaveLength(3)
})

test('drafts are listed without their text, the latest first', async () => {
  const { vault, clock } = await newVault()
  vault.drafts.keep({ store, path: 'a', baseVersion: 1, text: 'x' })
  clock.advance(5)
  vault.drafts.keep({ store, path: 'b', baseVersion: 2, text: 'y' })
  expect(vault.drafts.list()).toEqual([
    { store, path: 'b', baseVersion: 2, savedAt: clock.now() },
    { store, path: 'a', baseVersion: 1, savedAt: clock.now() - 5 },
  ])
})

test('a discarded draft is gone; discarding none is no failure', async () => {
  const { vault } = await newVault()
  vault.drafts.keep({ store, path: 'a', baseVersion: 0, text: 'x' })
  vault.drafts.discard(store, 'a')
  vault.drafts.discard(store, 'a')
  expect(vault.drafts.open(store, 'a')).toBeUndefined()
  expect(vault.drafts.list()).toEqual([])
})
