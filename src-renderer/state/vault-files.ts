import { call } from '../bridge'
import { CoffretError } from '../../src-main/contract/errors'
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
  const vault = await call('vault.add', { file }).catch((error: unknown) => {
    if (error instanceof CoffretError && error.code === 'exists') app.copyToMerge = file
    throw error
  })
  await app.refreshVaults()
  return vault
}
