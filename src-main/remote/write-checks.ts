import { CoffretError } from '../contract/errors'
import type { SecretMetadata, StoreConfig } from '../contract/model'
import type { WriteRequest } from '../kv/secret-store'
import { applyConfig, isCasRequired, noSettings } from '../kv/settings-rules'

/**
 * What a store checks in the transaction of a write, for servers whose protocol has no word for it.
 * @param current the secret as it was read just before; undefined when there is none
 * @throws CoffretError `exists`, `not_found`, `cas_mismatch`, `cas_required`
 */
export async function checkBefore(
  current: SecretMetadata | undefined,
  request: WriteRequest,
  readConfig: () => Promise<StoreConfig>,
): Promise<void> {
  const { mode, cas, settings, patch } = request
  if (mode === 'create' && current !== undefined) {
    throw new CoffretError('exists', 'the secret exists')
  }
  if ((mode === 'update' || patch !== undefined) && current === undefined) {
    throw new CoffretError('not_found', 'the secret does not exist')
  }
  if (settings === undefined) return
  const currentVersion = current?.currentVersion ?? 0
  if (cas !== undefined && cas !== currentVersion) {
    const problem = `cas is ${cas}, current version is ${currentVersion}`
    throw new CoffretError('cas_mismatch', problem, { field: 'cas' })
  }
  if (cas !== undefined || mode === 'create') return
  const own = current?.settings ?? noSettings
  const guardsSettings = request.casGuards === 'settings'
  const writesData = request.data !== undefined || patch !== undefined
  if (!guardsSettings && !writesData) return
  const effective = guardsSettings ? applyConfig(own, settings) : own
  if (!isCasRequired(effective, await readConfig())) return
  const problem = `cas is required, current version is ${currentVersion}`
  throw new CoffretError('cas_required', problem, { field: 'cas' })
}
