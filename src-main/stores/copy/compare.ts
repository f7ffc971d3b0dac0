import {
  maxComparedRows,
  type FolderOfStore,
  type SecretComparison,
  type SecretRelation,
  type TreeComparison,
} from '../../contract/compare-calls'
import { CoffretError } from '../../contract/errors'
import { SecretPath, type VersionNumber } from '../../contract/model'
import { compareBytes } from '../../kv/byte-order'
import { compareKeys, isSameData } from '../../kv/data-compare'
import type { SecretStore } from '../../kv/secret-store'
import { eachBounded, type WorkOptions } from './bounded'
import { readValue } from './reading'
import { pathsBelow } from './subtree'

/** A store and a folder of it. */
export interface TreeSide {
  readonly store: SecretStore
  readonly path: FolderOfStore['path']
}

/** A store and a version of a secret of it, the current one when absent. */
export interface SecretSide {
  readonly store: SecretStore
  readonly path: SecretPath
  readonly version?: VersionNumber | undefined
}

/**
 * What differs between two subtrees, by the current versions. No value is kept or told.
 * @throws CoffretError `cancelled`; `forbidden` when one of them may not be listed
 */
export async function compareTrees(
  first: TreeSide,
  second: TreeSide,
  { signal, onProgress }: WorkOptions = {},
): Promise<TreeComparison> {
  const [own, other] = [await below(first), await below(second)]
  const paths = [...new Set([...own, ...other])].sort(compareBytes)
  const relations: SecretRelation[] = []
  let done = 0
  await eachBounded(
    paths.entries(),
    async ([at, path]) => {
      relations[at] = await relationOf(path, { first, second, own, other })
      done += 1
      onProgress?.({ done, total: paths.length })
    },
    signal,
  )
  const counts = { same: 0, different: 0, onlyFirst: 0, onlySecond: 0, unknown: 0 }
  const rows: { path: SecretPath; relation: SecretRelation }[] = []
  for (const [at, path] of paths.entries()) {
    const relation = relations[at] ?? 'unknown'
    counts[relation] += 1
    if (relation !== 'same' && rows.length < maxComparedRows) {
      rows.push({ path: SecretPath.parse(path), relation })
    }
  }
  return { counts, rows }
}

/** What differs between two versions, key by key. @throws CoffretError `not_found` when neither is there */
export async function compareSecrets(
  first: SecretSide,
  second: SecretSide,
): Promise<SecretComparison> {
  const own = await readValue(first.store, first.path, first.version)
  const other = await readValue(second.store, second.path, second.version)
  if (own === 'gone' && other === 'gone') throw new CoffretError('not_found', 'neither is there')
  if (own === 'gone') return { relation: 'onlySecond' }
  if (other === 'gone') return { relation: 'onlyFirst' }
  const [data, otherData] = [dataOf(own), dataOf(other)]
  if (data === undefined || otherData === undefined) return { relation: 'unknown' }
  const isSame = isSameData(data, otherData, isExact(first.store, second.store))
  return { relation: isSame ? 'same' : 'different', keys: compareKeys(data, otherData) }
}

/** Paths from the folder on. */
async function below({ store, path }: TreeSide): Promise<ReadonlySet<string>> {
  const cut = path === '' ? 0 : path.length + 1
  return new Set(Array.from(await pathsBelow(store, path), (one) => one.slice(cut)))
}

async function relationOf(
  path: string,
  sides: {
    readonly first: TreeSide
    readonly second: TreeSide
    readonly own: ReadonlySet<string>
    readonly other: ReadonlySet<string>
  },
): Promise<SecretRelation> {
  if (!sides.other.has(path)) return 'onlyFirst'
  if (!sides.own.has(path)) return 'onlySecond'
  const own = await readValue(sides.first.store, within(sides.first, path))
  const other = await readValue(sides.second.store, within(sides.second, path))
  const [data, otherData] = [dataOf(own), dataOf(other)]
  if (data === undefined || otherData === undefined) return 'unknown'
  const exact = isExact(sides.first.store, sides.second.store)
  return isSameData(data, otherData, exact) ? 'same' : 'different'
}

function within({ path }: TreeSide, below: string): SecretPath {
  return SecretPath.parse(path === '' ? below : `${path}/${below}`)
}

function dataOf(found: Awaited<ReturnType<typeof readValue>>) {
  return typeof found === 'string' ? undefined : found.data
}

function isExact(a: SecretStore, b: SecretStore): boolean {
  return [a, b].every((store) => store.capabilities().includes('exactText'))
}
