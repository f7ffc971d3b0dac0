import type { VaultId } from '../contract/model'
import type { LocalAccess } from '../stores/local-access'
import { vaultToServe } from '../stores/served-vault'
import type { StoreRegistry } from '../stores/store-registry'
import { createDocumentation } from './documentation'
import type { Answerer } from './listener'
import type { LocalApi } from './local-api'
import { fromFetch, toFetch } from './message'
import { createVaultAnswerer, type VaultListenerParts } from './vault-listener'

type StoreVault = ReturnType<StoreRegistry['vault']>

/** What the listeners of all vaults have in common. */
export interface ServedVaultsParts
  extends
    Pick<VaultListenerParts, 'clock' | 'random' | 'version' | 'onFault'>,
    Required<Pick<VaultListenerParts, 'readSwaggerFile'>> {
  readonly stores: Pick<StoreRegistry, 'vault'>
  readonly accessOf: (vault: StoreVault) => LocalAccess
}

/** What the listener of each vault of the app stands on. */
export function servedVaults(parts: ServedVaultsParts): (id: VaultId) => VaultListenerParts {
  const { stores, accessOf, ...common } = parts
  return (id) => {
    let last = stores.vault(id)
    const current = () => {
      try {
        last = stores.vault(id)
      } catch {
        // Its file is away, and so it is locked: that is what the last one answers, too.
      }
      return last
    }
    return {
      ...common,
      vault: () => {
        const vault = current()
        return vaultToServe(vault, { revoke: (credential) => accessOf(vault).revoke(credential) })
      },
      identity: () => accessOf(current()).serverIdentity(),
    }
  }
}

/**
 * Answers the page that describes the API: for reading, and for trying while a vault is served. What answers
 * then is what the listener answers, to the same credentials, so that the window needs no network.
 * @returns undefined for an address that the page has no business with
 */
export function documentationAnswerer(
  localApi: Pick<LocalApi, 'status'>,
  served: (id: VaultId) => VaultListenerParts,
  { version, readSwaggerFile }: Pick<ServedVaultsParts, 'version' | 'readSwaggerFile'>,
): (request: Request, rawTarget: string) => Promise<Response | undefined> {
  const forReading = createDocumentation({ version, readSwaggerFile, forms: 'read' })
  let answerer: { readonly vault: VaultId; readonly answer: Answerer } | undefined
  return async (request, rawTarget) => {
    const vault = localApi.status().running?.vault
    if (vault === undefined) {
      const page = forReading(request.method, rawTarget)
      return page && toFetch(page)
    }
    if (answerer?.vault !== vault) answerer = { vault, answer: createVaultAnswerer(served(vault)) }
    const context = { rawTarget, peerAddress: 'documentation' }
    return toFetch(await answerer.answer(fromFetch(request), context))
  }
}
