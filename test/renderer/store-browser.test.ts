import { afterEach, expect, test, vi } from 'vitest'
import type { ListEntry } from '../../src-main/contract/model'
import { StoreBrowser } from '../../src-renderer/state/store-browser.svelte'
import { secretId } from '../../src-renderer/state/tree'
import { holdMain, storeOf } from './held-main'

const store = storeOf()
const count = { 'search.query': () => ({ hits: [], total: 0, searched: 2, unreadable: 0 }) }
const secret = (name: string): ListEntry => ({ kind: 'secret', name })
const folder = (name: string): ListEntry => ({ kind: 'folder', name })

afterEach(() => {
  vi.unstubAllGlobals()
})

const browse = () =>
  new StoreBrowser(
    () => [store],
    () => 'tree',
  )
const names = ({ rows }: StoreBrowser) => rows.map(({ name }) => name)

test('a list that comes late does not take the place of a newer one', async () => {
  const main = holdMain(count)
  const browser = browse()
  const starting = browser.start()
  const reloading = browser.reload()
  await main.answer('secret.list', 1, [secret('kept'), secret('new')])
  await main.answer('secret.list', 0, [secret('kept')])
  await Promise.all([starting, reloading])
  expect(names(browser)).toEqual(['kept', 'new'])
})

test('a late list of one folder does not keep that of another away', async () => {
  const main = holdMain(count)
  const browser = browse()
  const starting = browser.start()
  await main.answer('secret.list', 0, [folder('a'), folder('b')])
  await starting
  const [a, b] = browser.rows.filter(({ kind }) => kind === 'folder')
  if (a === undefined || b === undefined) throw new Error('two folders were listed')
  const opening = [browser.toggle(a), browser.toggle(b)]
  await main.answer('secret.list', 2, [secret('in b')])
  await main.answer('secret.list', 1, [secret('in a')])
  await Promise.all(opening)
  expect(names(browser)).toEqual(['a', 'in a', 'b', 'in b'])
})

test('while names are read, the number that was asked for last counts', async () => {
  const main = holdMain({ 'secret.list': () => [] })
  const browser = browse()
  const loading = [browser.reload(), browser.reload()]
  const answer = { hits: [], total: 0, searched: 7, unreadable: 0 }
  await main.answer('search.query', 1, answer)
  await main.answer('search.query', 0, { ...answer, searched: 3, building: { done: 3, total: 7 } })
  await Promise.all(loading)
  expect(browser.total).toBe(7)
  expect(browser.building).toBeUndefined()
})

test('a cursor that is moved while the folders above a secret are read stays where it was put', async () => {
  const main = holdMain(count)
  const browser = browse()
  const showing = browser.show(store.id, 'deep/down')
  expect(browser.activeId).toBe(secretId(store.id, 'deep/down'))
  browser.activeId = secretId(store.id, 'other')
  await main.answer('secret.list', 0, [])
  await main.answer('secret.list', 1, [])
  await showing
  expect(browser.activeId).toBe(secretId(store.id, 'other'))
})
