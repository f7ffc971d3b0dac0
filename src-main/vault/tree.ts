import { CoffretError } from '../contract/errors'
import type { EpochMs } from '../contract/model'
import { compareBytes } from '../kv/byte-order'
import {
  idBytes,
  idText,
  lastMove,
  type FolderRow,
  type NameRow,
  type RowOf,
  type SecretRow,
} from './names'
import { naming } from './naming'
import type { VaultTransaction } from './unlocked-vault'

/** A folder on the way to a path. */
interface Step {
  readonly parent: Uint8Array
  readonly row: FolderRow
}

/** A secret found on a walk. */
export interface Found {
  readonly path: string
  readonly row: SecretRow
}

/**
 * Paths over name rows, inside a transaction. Folders have no life of their own: they appear with their
 * first child and vanish with their last.
 */
export class Tree {
  constructor(
    private readonly transaction: VaultTransaction,
    /** The id under which the top-level names lie, 16 bytes. */
    private readonly root: Uint8Array,
  ) {}

  /** The row at a path; undefined when there is none. */
  find<K extends NameRow['kind']>(kind: K, path: string): RowOf<K> | undefined {
    const [folders, name] = split(path)
    const steps = this.#steps(folders)
    return steps && this.transaction.names.find(kind, this.#end(steps), name)
  }

  /** The same for whoever may ask for it again soon: see `Names.atPath`. */
  findAgain<K extends NameRow['kind']>(kind: K, path: string): RowOf<K> | undefined {
    return this.transaction.names.atPath(kind, this.root, path, () => this.find(kind, path))
  }

  /** When what is at a path was moved last, itself or with a folder above it; undefined when never. */
  lastMove(path: string, row: NameRow): EpochMs | undefined {
    const [folders] = split(path)
    return lastMove([row, ...(this.#steps(folders) ?? []).map((step) => step.row)])
  }

  /** The children of a folder, empty for the root, in the order of lists. @throws CoffretError `corrupt` */
  children(folder: string): NameRow[] {
    return naming(`folder "${folder}"`, () => {
      if (folder === '') return this.#sorted(this.root)
      const row = this.find('folder', folder)
      return row === undefined ? [] : this.#sorted(idBytes(row))
    })
  }

  /** Writes a row at a path, with the folders that it needs. The row's name becomes the path's. */
  put(path: string, row: NameRow): void {
    const [folders, name] = split(path)
    let parent = this.root
    for (const folder of folders) {
      let step = this.transaction.names.find('folder', parent, folder)
      if (step === undefined) {
        step = { kind: 'folder', name: folder, id: idText(this.transaction.records.newId()) }
        this.transaction.names.put(parent, step)
      }
      parent = idBytes(step)
    }
    this.transaction.names.put(parent, { ...row, name })
  }

  /** Erases the row at a path, and the folders that it leaves empty. */
  remove(kind: NameRow['kind'], path: string): void {
    const [folders, name] = split(path)
    const steps = this.#steps(folders)
    if (steps === undefined) return
    this.transaction.names.remove(kind, this.#end(steps), name)
    for (const { parent, row } of steps.reverse()) {
      if (!this.transaction.names.isEmpty(idBytes(row))) return
      this.transaction.names.remove('folder', parent, row.name)
    }
  }

  /**
   * The secrets below a folder in byte order of their whole paths, those behind `after` only. What lies
   * wholly before it is not opened.
   */
  *walk(folder: string, after = ''): Generator<Found> {
    for (const row of this.children(folder)) {
      const path = folder === '' ? row.name : `${folder}/${row.name}`
      if (row.kind === 'secret') {
        if (compareBytes(path, after) > 0) yield { path, row }
      } else if (after.startsWith(`${path}/`) || compareBytes(`${path}/`, after) > 0) {
        yield* this.walk(path, after)
      }
    }
  }

  #steps(folders: readonly string[]): Step[] | undefined {
    const steps: Step[] = []
    let parent = this.root
    for (const folder of folders) {
      const row = this.transaction.names.find('folder', parent, folder)
      if (row === undefined) return undefined
      steps.push({ parent, row })
      parent = idBytes(row)
    }
    return steps
  }

  #end(steps: readonly Step[]): Uint8Array {
    const last = steps.at(-1)
    return last === undefined ? this.root : idBytes(last.row)
  }

  #sorted(parent: Uint8Array): NameRow[] {
    return this.transaction.names
      .children(parent)
      .sort((a, b) => compareBytes(listName(a), listName(b)))
  }
}

/** A row's name as lists order it: a folder counts as its name and `/`. */
export function listName(row: NameRow): string {
  return row.kind === 'folder' ? `${row.name}/` : row.name
}

function split(path: string): [folders: string[], name: string] {
  const segments = path.split('/')
  const name = segments.pop()
  if (name === undefined || name === '')
    throw new CoffretError('invalid', 'a path has a last segment')
  return [segments, name]
}
