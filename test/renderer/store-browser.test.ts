import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import type { ListEntry } from '../../src-main/contract/model'
import { StoreBrowser } from '../../src-renderer/state/store-browser.svelte'
import { folderId, secretId, treeStep } from '../../src-renderer/state/tree'
import { allHeard, holdMain, storeOf } from './held-main'

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

/** What a key does, as the list of secrets has it. */
function press(browser: StoreBrowser, key: string): void {
  void browser.press(() => {
    const step = treeStep(browser.rows, browser.activeIndex, key)
    const row = browser.rows[step?.index ?? -1]
    if (step === undefined || row === undefined) return
    if (step.kind === 'go') browser.activeId = row.id
    else void browser.toggle(row)
  })
}

/** Two folders of which nothing is read, with the cursor on the first. */
async function closed() {
  const main = holdMain(count)
  const browser = browse()
  const starting = browser.start()
  await main.answer('secret.list', 0, [folder('a'), folder('b')])
  await starting
  browser.activeId = folderId(store.id, 'a')
  return { main, browser }
}

test('keys wait for the folder that is opened before them, in their order', async () => {
  const { main, browser } = await closed()
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowDown']) press(browser, key)
  expect(browser.activeId).toBe(folderId(store.id, 'a'))
  await main.answer('secret.list', 1, [folder('deep')])
  expect(browser.activeId).toBe(folderId(store.id, 'a/deep'))
  await main.answer('secret.list', 2, [secret('one')])
  expect(browser.activeId).toBe(secretId(store.id, 'a/deep/one'))
  expect(browser.isBehind).toBe(false)
})

test('a folder that cannot be read takes no keys with it', async () => {
  const { main, browser } = await closed()
  for (const key of ['ArrowRight', 'ArrowDown']) press(browser, key)
  await main.fail('secret.list', 1, 'unreachable')
  expect(browser.activeId).toBe(folderId(store.id, 'b'))
  expect(browser.error).toMatchObject({ code: 'unreachable' })
  expect(browser.isBehind).toBe(false)
})

test('keys are forgotten once the cursor is put elsewhere', async () => {
  const { main, browser } = await closed()
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown']) press(browser, key)
  browser.activeId = folderId(store.id, 'b')
  await main.answer('secret.list', 1, [secret('one')])
  expect(browser.activeId).toBe(folderId(store.id, 'b'))
  press(browser, 'ArrowUp')
  expect(browser.activeId).toBe(secretId(store.id, 'a/one'))
})

test('a folder that opens elsewhere keeps no keys waiting', async () => {
  const { browser } = await closed()
  press(browser, 'ArrowRight')
  browser.activeId = folderId(store.id, 'b')
  press(browser, 'ArrowUp')
  expect(browser.activeId).toBe(folderId(store.id, 'a'))
})

test('a folder that is asked for twice is read once', async () => {
  const { main, browser } = await closed()
  const [a] = browser.rows
  if (a === undefined) throw new Error('a folder was listed')
  const opening = [browser.toggle(a), browser.toggle(a)]
  expect(browser.isOpening(a)).toBe(true)
  await main.answer('secret.list', 1, [secret('one')])
  await Promise.all(opening)
  expect(main.inputs('secret.list')).toHaveLength(2)
  expect(names(browser)).toEqual(['a', 'one', 'b'])
  expect(browser.isOpening(a)).toBe(false)
})

const keys = fc.array(
  fc.constantFrom('ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'Enter', 'Home', 'End'),
  { maxLength: 20 },
)

test('keys that are pressed at once do what they do one after the other', async () => {
  const run = async (pressed: readonly string[], isPatient: boolean) => {
    holdMain({
      ...count,
      'secret.list': ({ folder: at }) =>
        at.length > 4 ? [secret('x'), secret('y')] : [folder('a'), folder('b'), secret('c')],
    })
    const browser = browse()
    await browser.start()
    for (const key of pressed) {
      press(browser, key)
      if (isPatient) await allHeard()
    }
    while (browser.isBehind) await allHeard()
    return { at: browser.activeId, names: names(browser) }
  }
  await fc.assert(
    fc.asyncProperty(keys, async (pressed) => {
      expect(await run(pressed, false)).toEqual(await run(pressed, true))
    }),
  )
})
