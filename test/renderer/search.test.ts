import { afterEach, expect, test, vi } from 'vitest'
import type { SearchAnswer } from '../../src-main/contract/search'
import { Search } from '../../src-renderer/state/search.svelte'
import { holdMain, storeOf } from './held-main'

const found = (total: number): SearchAnswer => ({ hits: [], total, searched: 9, unreadable: 0 })
const stores = () => [storeOf()]

afterEach(() => {
  vi.unstubAllGlobals()
})

test('while one search runs only the last text waits, and its answer is the one that stays', async () => {
  const main = holdMain()
  const search = new Search(stores)
  search.text = 'a'
  search.text = 'ab'
  search.text = 'abc'
  const settled = search.settled()
  await main.answer('search.query', 0, found(3))
  await main.answer('search.query', 1, found(1))
  await settled
  expect(main.inputs('search.query').map(({ text }) => text)).toEqual(['a', 'abc'])
  expect(search.answer?.total).toBe(1)
})

test('values that are asked for again after a stop are answered, whatever becomes of the first search', async () => {
  const main = holdMain({ 'search.cancel': () => undefined })
  const search = new Search(stores)
  search.text = 'abc'
  await main.answer('search.query', 0, found(0))
  const first = search.openValues()
  search.stop()
  const second = search.openValues()
  await main.fail('search.query', 1, 'cancelled')
  expect(search.opening).toBeDefined()
  await main.answer('search.query', 2, found(2))
  await Promise.all([first, second])
  expect(search).toMatchObject({ hasValues: true, opening: undefined })
  expect(search.answer?.total).toBe(2)
})

test('what was found in values after a stop is not shown', async () => {
  const main = holdMain({ 'search.cancel': () => undefined })
  const search = new Search(stores)
  search.text = 'abc'
  await main.answer('search.query', 0, found(0))
  const opening = search.openValues()
  search.stop()
  await main.answer('search.query', 1, found(2))
  await opening
  expect(search.hasValues).toBe(false)
  expect(search.answer?.total).toBe(0)
})
