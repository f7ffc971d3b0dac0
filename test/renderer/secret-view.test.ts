import { afterEach, expect, test, vi } from 'vitest'
import { SecretOutline } from '../../src-main/contract/calls'
import { SecretVersion } from '../../src-main/contract/model'
import { SecretView } from '../../src-renderer/state/secret-view.svelte'
import { holdMain, storeOf } from './held-main'

const metadataOf = (version: number, createdAt = 1000 * version) => ({
  ...{ version, createdAt },
  destroyed: false,
})
const outlineOf = (version: number, createdAt?: number) =>
  SecretOutline.parse({
    ...{ metadata: metadataOf(version, createdAt), state: 'active' },
    keys: [{ key: 'user', kind: 'text' }],
  })
const versionOf = (version: number) =>
  SecretVersion.parse({ metadata: metadataOf(version), state: 'active', data: '{"user":"ada"}' })
const viewOf = (store = storeOf()) => new SecretView(store, 'prod/db')

afterEach(() => {
  vi.unstubAllGlobals()
})

/** A view of version 1 with its value on the screen. */
async function revealed(store = storeOf()) {
  const main = holdMain({ 'secret.reveal': () => versionOf(1) })
  const view = viewOf(store)
  const loading = view.load()
  await main.answer('secret.outline', 0, outlineOf(1))
  await loading
  await view.reveal('user')
  expect(view.revealed.get('user')).toBe('ada')
  return { main, view }
}

test('a secret that is read again late does not take the place of a newer reading', async () => {
  const main = holdMain()
  const view = viewOf()
  const loads = [view.load(), view.load()]
  await main.answer('secret.outline', 1, outlineOf(2))
  await main.answer('secret.outline', 0, outlineOf(1))
  await Promise.all(loads)
  expect(view.currentVersion).toBe(2)
})

test('a failure that comes late is none of the newer reading', async () => {
  const main = holdMain()
  const view = viewOf()
  const loads = [view.load(), view.load()]
  await main.answer('secret.outline', 1, outlineOf(2))
  await main.fail('secret.outline', 0, 'not_found')
  await Promise.all(loads)
  expect(view.error).toBeUndefined()
})

test('a value that comes after all were hidden is not shown', async () => {
  const main = holdMain()
  const view = viewOf()
  const all = view.revealAll()
  const one = view.reveal('user')
  view.revealed.hideAll()
  await main.answer('secret.reveal', 0, versionOf(1))
  await main.answer('secret.reveal', 1, versionOf(1))
  await Promise.all([all, one])
  expect(view.revealed.count).toBe(0)
})

test('a value stays on the screen when the same version is read again', async () => {
  const { main, view } = await revealed()
  const loading = view.load()
  await main.answer('secret.outline', 1, outlineOf(1))
  await loading
  expect(view.revealed.get('user')).toBe('ada')
})

test.each([
  ['another version', outlineOf(2)],
  ['a version of that number made anew', outlineOf(1, 5000)],
  ['a version that ended', SecretOutline.parse({ ...outlineOf(1), state: 'deactivated' })],
])('a value is hidden when %s is read', async (_, outline) => {
  const { main, view } = await revealed()
  const loading = view.load()
  await main.answer('secret.outline', 1, outline)
  await loading
  expect(view.revealed.count).toBe(0)
})

test('a value is hidden when nobody can tell whether it is the same, and when reading fails', async () => {
  const plain = await revealed(storeOf({ capabilities: ['write'] }))
  void plain.view.load()
  await plain.main.answer('secret.outline', 1, outlineOf(1))
  expect(plain.view.revealed.count).toBe(0)
  const failing = await revealed()
  void failing.view.load()
  await failing.main.fail('secret.outline', 1, 'not_found')
  expect(failing.view.revealed.count).toBe(0)
})
