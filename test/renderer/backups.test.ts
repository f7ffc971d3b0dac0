import { afterEach, expect, test, vi } from 'vitest'
import type { BackupSummary } from '../../src-main/contract/backup-calls'
import { VaultId } from '../../src-main/contract/model'
import { Backups, type BackupSettingsOutput } from '../../src-renderer/state/backups.svelte'
import { holdMain } from './held-main'

const backup = { name: 'one' } as BackupSummary

afterEach(() => {
  vi.unstubAllGlobals()
})

function load() {
  const main = holdMain({ 'backups.settings': () => ({}) as BackupSettingsOutput })
  const backups = new Backups(VaultId.parse('3f2a8a5e-97a1-4c30-8f0e-7a3a5f0f5a10'))
  return { main, backups, loads: Promise.all([backups.load(), backups.load()]) }
}

test('a list of backups that comes late does not take the place of a newer one', async () => {
  const { main, backups, loads } = load()
  await main.answer('backups.list', 1, [backup])
  await main.answer('backups.list', 0, [])
  await loads
  expect(backups.list).toEqual([backup])
})

test('a failure that comes late does not stand beside a newer list', async () => {
  const { main, backups, loads } = load()
  await main.answer('backups.list', 1, [backup])
  await main.fail('backups.list', 0, 'not_found')
  await loads
  expect(backups.error).toBeUndefined()
})
