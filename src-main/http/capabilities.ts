import { MountName } from '../contract/model'
import type { Mount } from '../kv/mount-table'
import { rights, type Right } from '../contract/access'
import { rightsAt, type Caller } from './access'

/** Vault's word for each right, at the addresses where the right is asked for. */
const words: Readonly<Record<string, Partial<Record<Right, readonly string[]>>>> = {
  data: {
    readData: ['read'],
    write: ['create', 'update', 'patch', 'recover'],
    deactivate: ['delete'],
  },
  metadata: {
    readMetadata: ['read'],
    list: ['list'],
    write: ['create', 'update', 'patch'],
    destroy: ['delete'],
  },
  subkeys: { readMetadata: ['read'] },
  delete: { deactivate: ['create', 'update'] },
  undelete: { deactivate: ['create', 'update'] },
  destroy: { destroy: ['create', 'update'] },
  config: { readMetadata: ['read'], configure: ['create', 'update'] },
  version1: {
    list: ['list'],
    readData: ['read'],
    write: ['create', 'update', 'recover'],
    destroy: ['delete'],
  },
}

/** Whether a caller has every right everywhere: Vault's root. */
export function isRoot(caller: Caller): boolean {
  return rightsAt(caller, {}).length === rights.length
}

/**
 * What a caller may do at a path of the Vault dialect, in Vault's words, sorted.
 * @param path without `/v1/`, for example `secret/data/app`
 */
export function capabilitiesAt(
  caller: Caller,
  mounts: readonly Mount[],
  path: string,
): readonly string[] {
  if (isRoot(caller)) return ['root']
  const [name = '', ...rest] = path.split('/').filter((part) => part !== '')
  const mount = mounts.find((one) => one.name === name)
  if (mount === undefined) return ['deny']
  const [endpoint = '', ...below] = rest
  const table = mount.version === 1 ? words['version1'] : words[endpoint]
  const secret = (mount.version === 1 ? rest : below).join('/')
  const place = { mount: MountName.parse(name), path: path.endsWith('/') ? `${secret}/` : secret }
  const known = Object.entries(table ?? {}) as [Right, readonly string[]][]
  const held = known.flatMap(([right, names]) => (caller.mayDo({ ...place, right }) ? names : []))
  return held.length === 0 ? ['deny'] : [...new Set(held)].sort()
}
