import { afterEach, expect, test, vi } from 'vitest'
import type { BinId } from '../../src-main/contract/bin-calls'
import {
  SecretPath,
  type ListEntry,
  type SecretMetadata,
  type VaultSummary,
} from '../../src-main/contract/model'
import { AppState } from '../../src-renderer/state/app-state.svelte'
import { moveToBin } from '../../src-renderer/state/move-to-bin'
import { SettingsEdit } from '../../src-renderer/state/settings-edit.svelte'
import { secretId } from '../../src-renderer/state/tree'
import { VaultState } from '../../src-renderer/state/vault-state.svelte'
import { holdMain, storeOf } from './held-main'

const store = storeOf({ kind: 'vault', capabilities: ['write', 'versions', 'bin'] })
const secrets = (...names: string[]): ListEntry[] => names.map((name) => ({ kind: 'secret', name }))
const at = (path: string) => ({ store: store.id, path, kind: 'secret' as const })

afterEach(() => {
  vi.unstubAllGlobals()
})

/** A list of three secrets with the cursor on the first. */
async function listed() {
  vi.stubGlobal('document', { activeElement: null, querySelector: () => null })
  let names = ['a', 'b', 'c']
  const main = holdMain({
    'secret.list': () => secrets(...names),
    'search.query': () => ({ hits: [], total: 0, searched: 3, unreadable: 0 }),
    'bin.list': () => [],
  })
  const app = new AppState()
  const summary = { id: store.id.split('/')[0], label: 'v', stores: [store] }
  const mode = () => 'tree' as const
  const vault = new VaultState(summary as unknown as VaultSummary, mode, app.drafts)
  await vault.browser.start()
  vault.browser.activeId = secretId(store.id, 'a')
  /** Main has moved the first that was asked for. */
  const moved = async (...left: string[]) => {
    names = left
    await main.answer('bin.discard', 0, ['id' as BinId])
  }
  return { main, app, vault, moved }
}

test('what is moved into the bin twice goes once, and nothing is said to be wrong', async () => {
  const { main, app, vault, moved } = await listed()
  moveToBin(app, vault, at('a'))
  moveToBin(app, vault, at('a'))
  expect(main.inputs('bin.discard')).toHaveLength(1)
  await moved('b', 'c')
  expect(vault.error).toBeUndefined()
  expect(app.notices.list).toHaveLength(1)
})

test('a secret that came back can go again', async () => {
  const { main, app, vault, moved } = await listed()
  moveToBin(app, vault, at('a'))
  await moved('b', 'c')
  moveToBin(app, vault, at('a'))
  expect(main.inputs('bin.discard')).toHaveLength(2)
})

test('the cursor goes on at once: the next key is for the next row', async () => {
  const { app, vault, moved } = await listed()
  moveToBin(app, vault, at('a'))
  expect(vault.browser.activeId).toBe(secretId(store.id, 'b'))
  await moved('b', 'c')
  expect(vault.browser.activeId).toBe(secretId(store.id, 'b'))
})

test('a cursor that was moved meanwhile stays where it is', async () => {
  const { app, vault, moved } = await listed()
  moveToBin(app, vault, at('a'))
  vault.browser.activeId = secretId(store.id, 'c')
  await moved('b', 'c')
  expect(vault.browser.activeId).toBe(secretId(store.id, 'c'))
})

test('a cursor whose row went too goes to what is left', async () => {
  const { app, vault, moved } = await listed()
  vault.browser.activeId = secretId(store.id, 'b')
  moveToBin(app, vault, at('b'))
  await moved('a')
  expect(vault.browser.rows[vault.browser.activeIndex]?.path).toBe('a')
})

/** The first of three is in the bin, and Undo is pressed. */
async function undoing() {
  const { main, app, vault, moved } = await listed()
  moveToBin(app, vault, at('a'))
  await moved('b', 'c')
  const { id } = app.notices.list[0] ?? { id: 0 }
  app.notices.act(id)
  return { main, app, vault }
}

test('what comes back is shown', async () => {
  const { main, app, vault } = await undoing()
  await main.answer('bin.restore', 0, [SecretPath.parse('a')])
  expect(vault.secret?.path).toBe('a')
  expect(app.notices.list.map(({ text }) => text)).toContain('a restored')
})

test('who opens another secret while one comes back stays there', async () => {
  const { main, app, vault } = await undoing()
  vault.open(store.id, 'c')
  await main.answer('bin.restore', 0, [SecretPath.parse('a')])
  expect(vault.secret?.path).toBe('c')
  expect(app.notices.list.map(({ text }) => text)).toContain('a restored')
})

test('who begins a new secret while one comes back goes on with it', async () => {
  const { main, vault } = await undoing()
  vault.startNew()
  const { editor } = vault
  await main.answer('bin.restore', 0, [SecretPath.parse('a')])
  expect(editor).toBeDefined()
  expect(vault.editor).toBe(editor)
  expect(vault.leaving).toBeUndefined()
})

test('settings of it that would be lost are asked about first', async () => {
  const { main, app, vault } = await listed()
  vault.open(store.id, 'a')
  const { secret } = vault
  if (secret === undefined) throw new Error('a secret is open')
  secret.settings = new SettingsEdit(secret.at, {
    settings: {
      ...{ maxVersions: 0, casRequired: false },
      deactivateVersionAfter: { seconds: 0, text: '0s' },
    },
    customMetadata: [],
  } as unknown as SecretMetadata)
  secret.settings.form.maxVersions = '3'
  moveToBin(app, vault, at('a'))
  expect(main.inputs('bin.discard')).toEqual([])
  await vault.discardAndLeave()
  expect(main.inputs('bin.discard')).toHaveLength(1)
})
