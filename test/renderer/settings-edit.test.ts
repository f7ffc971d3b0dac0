import { afterEach, expect, test, vi } from 'vitest'
import { StoreId, type SecretMetadata, type VaultSummary } from '../../src-main/contract/model'
import { Drafts } from '../../src-renderer/state/drafts.svelte'
import { SettingsEdit } from '../../src-renderer/state/settings-edit.svelte'
import { VaultState } from '../../src-renderer/state/vault-state.svelte'
import { holdMain, storeOf } from './held-main'

const store = storeOf({ capabilities: ['write', 'versions', 'metadata', 'settings'] })
const settings = {
  ...{ maxVersions: 5, casRequired: false },
  deactivateVersionAfter: { seconds: 0, text: '0s' },
}
const metadata = { settings, customMetadata: [['owner', 'ada']] } as unknown as SecretMetadata
const offer = { store: StoreId.parse(store.id), path: 'b', baseVersion: 1, savedAt: 1 as never }

afterEach(() => {
  vi.unstubAllGlobals()
})

/** A vault with a secret open, of which the settings are edited. */
function editing() {
  const main = holdMain({
    'secret.list': () => [],
    'search.query': () => ({ hits: [], total: 0, searched: 2, unreadable: 0 }),
  })
  const summary = { id: '3f2a8a5e-97a1-4c30-8f0e-7a3a5f0f5a10', label: 'v', stores: [store] }
  const vault = new VaultState(summary as unknown as VaultSummary, () => 'tree', new Drafts())
  vault.open(store.id, 'a')
  const { secret } = vault
  if (secret === undefined) throw new Error('a secret is open')
  const edit = new SettingsEdit(secret.at, metadata)
  secret.settings = edit
  return { main, vault, secret, edit }
}

test('settings in which nothing was changed are left without a question', () => {
  const { vault, edit } = editing()
  edit.form.maxVersions = '6'
  edit.form.maxVersions = '5'
  vault.open(store.id, 'b')
  expect(vault.secret?.path).toBe('b')
})

test.each([
  ['another secret', (vault: VaultState) => vault.open(store.id, 'b')],
  ['a new one', (vault: VaultState) => vault.startNew()],
  ['an edit of its data', (vault: VaultState) => vault.startEdit()],
  ['an edit that was kept', (vault: VaultState) => vault.resume(offer)],
])('settings that were changed are asked about before %s', async (_, go) => {
  const { main, vault, secret, edit } = editing()
  edit.form.add('team', 'blue')
  void go(vault)
  expect(vault.leaving).toBeDefined()
  expect([vault.secret, vault.editor]).toEqual([secret, undefined])
  expect(main.inputs('secret.reveal')).toEqual([])
  await vault.discardAndLeave()
  expect(vault.leaving).toBeUndefined()
  expect(secret.settings).toBeUndefined()
})

test('discarding them goes where the person wanted to', async () => {
  const { vault, edit } = editing()
  edit.form.casRequired = true
  vault.open(store.id, 'b')
  await vault.discardAndLeave()
  expect(vault.secret?.path).toBe('b')
})

test('they are saved once, and stay when that fails', async () => {
  const { main, edit } = editing()
  edit.form.maxVersions = '7'
  const [first, second] = [edit.save(), edit.save()]
  expect(await second).toBe(false)
  await main.fail('secret.configure', 0, 'busy')
  expect(await first).toBe(false)
  expect(edit.error).toMatchObject({ code: 'busy' })
  expect([edit.isSaving, edit.isDirty]).toEqual([false, true])
  expect(main.inputs('secret.configure')).toHaveLength(1)
})

test('who was asked about settings that are saved by then goes where they wanted to', async () => {
  const { main, vault, secret, edit } = editing()
  edit.form.maxVersions = '7'
  const saving = edit.save()
  vault.open(store.id, 'b')
  await main.answer('secret.configure', 0, metadata)
  expect(await saving).toBe(true)
  await vault.settled(secret)
  expect([vault.leaving, vault.secret?.path]).toEqual([undefined, 'b'])
})

test('what cannot be saved is not sent', async () => {
  const { main, edit } = editing()
  edit.form.maxVersions = 'many'
  expect(await edit.save()).toBe(false)
  expect(main.inputs('secret.configure')).toEqual([])
})
