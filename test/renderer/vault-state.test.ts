import { afterEach, expect, test, vi } from 'vitest'
import type { CallOutput } from '../../src-main/contract/calls'
import { SecretVersion, StoreId, type VaultSummary } from '../../src-main/contract/model'
import { Drafts } from '../../src-renderer/state/drafts.svelte'
import { VaultState } from '../../src-renderer/state/vault-state.svelte'
import { allHeard, holdMain, storeOf } from './held-main'

const store = storeOf({ capabilities: ['write', 'versions', 'cas', 'drafts'] })
const metadata = { version: 1, createdAt: 1000, destroyed: false }
const version = SecretVersion.parse({ metadata, state: 'active', data: '{"user":"ada"}' })
const offer: CallOutput<'draft.list'>[number] = {
  ...{ store: StoreId.parse(store.id), path: 'prod/db', baseVersion: 1 },
  savedAt: version.metadata.createdAt,
}
const quiet = {
  'secret.outline': () => ({ metadata: version.metadata, state: 'active' as const }),
  'secret.list': () => [],
  'search.query': () => ({ hits: [], total: 0, searched: 2, unreadable: 0 }),
  'draft.discard': () => undefined,
  'draft.list': () => [offer],
  'draft.open': () => ({ ...offer, text: '{"user":"bob"}' }),
}

afterEach(() => {
  vi.unstubAllGlobals()
})

function open(drafts = new Drafts()) {
  const main = holdMain(quiet)
  const summary = { id: '3f2a8a5e-97a1-4c30-8f0e-7a3a5f0f5a10', label: 'v', stores: [store] }
  const vault = new VaultState(summary as unknown as VaultSummary, () => 'tree', drafts)
  vault.open(store.id, 'prod/db')
  return { main, vault }
}

/** An editor of prod/db with something to save, about to be saved. */
async function saving() {
  const { main, vault } = open()
  const editing = vault.startEdit()
  await main.answer('secret.reveal', 0, version)
  await editing
  const { editor } = vault
  if (editor === undefined) throw new Error('an editor is open')
  editor.content.addRow()
  editor.content.changeRow(editor.content.rows[0]?.id ?? 0, { text: 'bob' })
  editor.content.removeRow(editor.content.rows[1]?.id ?? 0)
  await editor.proceed()
  return { main, vault, editor, done: editor.proceed() }
}

test('an edit is on the screen once it is read', async () => {
  const { main, vault } = open()
  const editing = vault.startEdit()
  await main.answer('secret.reveal', 0, version)
  await editing
  expect(vault.editor?.path).toBe('prod/db')
})

test('an edit that is read late does not come over another secret', async () => {
  const { main, vault } = open()
  const editing = vault.startEdit()
  vault.open(store.id, 'prod/other')
  await main.answer('secret.reveal', 0, version)
  await editing
  expect(vault.editor).toBeUndefined()
  expect(vault.secret?.path).toBe('prod/other')
})

test('an edit that is read late does not come over a new secret', async () => {
  const { main, vault } = open()
  const editing = vault.startEdit()
  vault.startNew()
  const fresh = vault.editor
  await main.answer('secret.reveal', 0, version)
  await editing
  expect(fresh?.isNew).toBe(true)
  expect(vault.editor).toBe(fresh)
})

test('an edit that is asked for twice is one edit', async () => {
  const { main, vault } = open()
  const editing = [vault.startEdit(), vault.startEdit()]
  await main.answer('secret.reveal', 1, version)
  const { editor } = vault
  await main.answer('secret.reveal', 0, version)
  await Promise.all(editing)
  expect(editor).toBeDefined()
  expect(vault.editor).toBe(editor)
})

test('a failure that comes late is not shown beside another secret', async () => {
  const { main, vault } = open()
  const editing = vault.startEdit()
  vault.open(store.id, 'prod/other')
  await main.fail('secret.reveal', 0, 'not_found')
  await editing
  expect(vault.error).toBeUndefined()
})

test('an edit of a secret that goes meanwhile does not begin', async () => {
  const { main, vault } = open()
  const editing = vault.startEdit()
  vault.closeSecret()
  await main.answer('secret.reveal', 0, version)
  await editing
  expect(vault.editor).toBeUndefined()
})

test('what was saved is shown', async () => {
  const { main, vault, editor, done } = await saving()
  await main.answer('secret.write', 0, { ...version.metadata, version: 2 as never })
  expect(await done).toBe(true)
  await vault.saved(editor)
  expect(vault.editor).toBeUndefined()
  expect(vault.secret?.path).toBe('prod/db')
})

test('a save that ends late leaves alone what is edited by then', async () => {
  const { main, vault, editor, done } = await saving()
  await vault.closeEditor()
  vault.open(store.id, 'prod/other')
  vault.startNew()
  const other = vault.editor
  await main.answer('secret.write', 0, { ...version.metadata, version: 2 as never })
  expect(await done).toBe(true)
  await vault.saved(editor)
  expect(other).toBeDefined()
  expect(vault.editor).toBe(other)
  expect(vault.secret?.path).toBe('prod/other')
})

test('an offered edit is taken once it is on the screen', async () => {
  const drafts = new Drafts()
  const { main, vault } = open(drafts)
  await drafts.load()
  const resuming = vault.resume(offer)
  await allHeard()
  expect(drafts.offered).toHaveLength(1)
  await main.answer('secret.reveal', 0, version)
  await resuming
  expect(vault.editor?.content.text).toBe('{"user":"bob"}')
  expect(drafts.offered).toEqual([])
})

test('an offered edit that is read late stays offered, and does not come over a new secret', async () => {
  const drafts = new Drafts()
  const { main, vault } = open(drafts)
  await drafts.load()
  const resuming = vault.resume(offer)
  await allHeard()
  vault.startNew()
  await main.answer('secret.reveal', 0, version)
  await resuming
  expect(vault.editor?.isNew).toBe(true)
  expect(drafts.offered).toHaveLength(1)
})

test('a review stays while it is saved: what would be typed then would be lost', async () => {
  const { main, editor, done } = await saving()
  editor.backToEdit()
  expect(editor.phase).toBe('review')
  await main.fail('secret.write', 0, 'busy')
  expect(await done).toBe(false)
  editor.backToEdit()
  expect(editor.phase).toBe('edit')
})

test('who was asked about an edit that is saved by then goes where they wanted to', async () => {
  const { main, vault, editor, done } = await saving()
  vault.open(store.id, 'prod/other')
  expect(vault.leaving).toBeDefined()
  await main.answer('secret.write', 0, { ...version.metadata, version: 2 as never })
  expect(await done).toBe(true)
  await vault.saved(editor)
  expect(vault.leaving).toBeUndefined()
  expect(vault.secret?.path).toBe('prod/other')
  vault.back()
  expect(vault.secret?.path).toBe('prod/db')
})
