import {
  SecretMetadata,
  type StoreConfig,
  type VersionMetadata,
} from '../../src-main/contract/model'
import { noSettings } from '../../src-main/kv/settings-rules'

/** A secret that keeps versions `from` to `to` (`to` 0: none), each changed by `change`. */
export function secretWith(options: {
  from: number
  to: number
  settings?: Partial<StoreConfig>
  change?: (version: VersionMetadata) => VersionMetadata
}): SecretMetadata {
  const { from, to, settings = {}, change = (version) => version } = options
  const versions = Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => ({
    version: from + at,
    createdAt: 100 + from + at,
    destroyed: false,
  }))
  const secret = SecretMetadata.parse({
    createdAt: 100,
    updatedAt: 100 + to,
    currentVersion: to,
    oldestVersion: from === 1 ? 0 : from,
    settings: { ...noSettings, ...settings },
    customMetadata: [],
    versions,
  })
  return { ...secret, versions: secret.versions.map(change) }
}
