import type { PathPrefix, Right, Scope } from '../contract/access'

/** What is to be done, and where. */
export interface Errand {
  readonly right: Right
  /** Absent for what belongs to the whole vault, such as adding a mount. */
  readonly mount?: string
  /**
   * A secret; with a final `/` a folder (`/` alone is the root), allowed when anything below it is;
   * absent for what belongs to the whole mount.
   */
  readonly path?: string
}

/**
 * Whether a scope allows an errand. Prefixes go by whole parts between slashes: `secret/prod` covers
 * `prod` and `prod/db`, never `production`. Texts are compared as they are: a path is decoded once before
 * it comes here, and `..` is a name like any other.
 */
export function allows({ prefixes, rights }: Scope, { right, mount, path }: Errand): boolean {
  if (!rights.includes(right)) return false
  if (mount === undefined) return prefixes.some((prefix) => prefix === '')
  if (path === undefined) return prefixes.some((prefix) => covers(prefix, mount))
  if (!path.endsWith('/')) return prefixes.some((prefix) => covers(prefix, `${mount}/${path}`))
  const folder = path === '/' ? mount : `${mount}/${path.slice(0, -1)}`
  // Who may see something below a folder may see the folder, and of it only that.
  return prefixes.some((prefix) => covers(prefix, folder) || covers(folder, prefix))
}

function covers(prefix: PathPrefix | string, whole: string): boolean {
  return prefix === '' || whole === prefix || whole.startsWith(`${prefix}/`)
}
