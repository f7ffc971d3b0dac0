import { call } from '../bridge'
import type { VaultSummary } from '../../src-main/contract/model'
import type { AppState } from './app-state.svelte'

/**
 * Asks for a vault file and lists it, locked.
 * @returns undefined when the person gave up
 * @throws CoffretError why the file cannot be opened
 */
export async function openVaultFile(app: AppState): Promise<VaultSummary | undefined> {
  const file = await call('vault.choose', { purpose: 'open' })
  if (file === undefined) return undefined
  const vault = await call('vault.add', { file })
  await app.refreshVaults()
  return vault
}
