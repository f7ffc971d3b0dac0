import { z } from 'zod'
import type { Capability, FolderPath, MountName, VaultId } from '../contract/model'
import { formatGoDuration } from '../wire/go-duration'
import { kv2 } from '../wire/kv2-operations'
import { KeysWire } from '../wire/kv2-shapes'
import { okmsV1 } from '../wire/okms-v1-operations'
import type { Operation } from '../wire/operation'
import type { Kv2Server } from './kv2-dialect'
import { allPages } from './okms-listing'
import { ask } from './send'

const Keys = z.object({ data: KeysWire })

const versioned: readonly Capability[] = [
  ...(['write', 'versions', 'cas', 'metadata', 'settings', 'states'] as const),
  ...(['emptyData', 'emptySecrets'] as const),
]

/** A KV version 2 mount of a Vault or OpenBao server. Numbers pass through float64 there. */
export function vaultKv2(mount: MountName): Kv2Server {
  return {
    capabilities: [...versioned, 'anyName'],
    operations: kv2,
    place: { mount },
    removesByPatch: true,
    durationText: ({ seconds }) => formatGoDuration(seconds),
    async names(fetch, folder, { after, limit }) {
      // OpenBao and Coffret cut the page, Vault ignores this. One name more tells whether any follows.
      const query = { after, limit: limit === undefined ? undefined : limit + 1 }
      const [operation, params] = folderAddress(kv2, { mount }, folder)
      return (await ask(fetch, operation, { params, query }, Keys)).body.data.keys
    },
  }
}

/** OVHcloud's description has no query at the top: reading it is listing it. Source: okms-api 4. */
const okmsLists = {
  list: okmsV1.list,
  listRoot: { ...okmsV1.listRoot, methods: ['GET'] },
} as const satisfies Record<string, Operation>

/** The KV2-compatible API of an OKMS domain, which keeps text as it was written. */
export function okmsKv2(okmsId: VaultId): Kv2Server {
  return {
    capabilities: [...versioned, 'exactText'],
    operations: okmsV1,
    place: { okmsId },
    // Its description of custom metadata knows no null.
    removesByPatch: false,
    durationText: ({ text }) => text,
    names: (fetch, folder) => {
      const [operation, params] = folderAddress(okmsLists, { okmsId }, folder)
      return allPages(
        fetch,
        operation,
        params,
        Keys.transform(({ data }) => data.keys),
      )
    },
  }
}

/** The top of a store has an address of its own. */
export function folderAddress<L, R>(
  { list, listRoot }: { readonly list: L; readonly listRoot: R },
  place: Readonly<Record<string, string>>,
  folder: FolderPath,
): [L | R, Readonly<Record<string, string>>] {
  return folder === '' ? [listRoot, place] : [list, { ...place, path: folder }]
}
