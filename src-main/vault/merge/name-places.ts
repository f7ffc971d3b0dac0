import type { EpochMs, MountName } from '../../contract/model'
import type { PlacedSecret } from '../../kv/merge-places'
import type { Mount } from '../mounts'
import { lastMove, type FolderRow, type NameRow, type SecretRow } from '../names'

/** A secret found in a vault, with its name row. */
export interface ScannedSecret extends PlacedSecret {
  readonly mount: MountName
  readonly row: SecretRow
}

/** A name row and the id that it lies under, in hexadecimal digits. */
export interface ScannedName {
  readonly parent: string
  readonly row: NameRow
}

/** Where a folder is: a mount's root when the path is empty. */
export interface FolderPlace {
  readonly mount: MountName
  readonly path: string
}

/** The paths of names: each row knows only what it lies in. */
export class NamePlaces {
  readonly #roots: ReadonlyMap<string, MountName>
  readonly #bins: ReadonlyMap<string, MountName>
  readonly #folders = new Map<string, { readonly parent: string; readonly row: FolderRow }>()

  constructor(mounts: readonly Mount[], rows: Iterable<ScannedName>) {
    this.#roots = new Map(mounts.map((mount) => [mount.root, mount.name]))
    this.#bins = new Map(mounts.map((mount) => [mount.bin.root, mount.name]))
    for (const { parent, row } of rows) {
      if (row.kind === 'folder') this.#folders.set(row.id, { parent, row })
    }
  }

  /** Where a row lies; undefined when it is lost: it lies in no mount. */
  placeOf({ parent, row }: ScannedName): FolderPlace | undefined {
    const folder = this.folder(parent)
    if (folder === undefined) return undefined
    return { ...folder, path: folder.path === '' ? row.name : `${folder.path}/${row.name}` }
  }

  /** A secret with its place; undefined when it is lost. */
  secret({ parent, row }: { parent: string; row: SecretRow }): ScannedSecret | undefined {
    const { id, updatedAt, binned } = row
    const bin = this.#bins.get(parent)
    if (bin !== undefined && binned !== undefined) {
      const binnedAt: EpochMs = binned.at
      return { id, updatedAt, row, mount: bin, path: binned.path, binnedAt, ...lastMoveOf(row) }
    }
    const place = this.placeOf({ parent, row })
    if (place === undefined) return undefined
    return { id, updatedAt, row, ...place, ...lastMoveOf(row, ...this.#foldersAbove(parent)) }
  }

  /** Where the folder of an id is. */
  folder(id: string): FolderPlace | undefined {
    const { mount, names } = this.way(id)
    return mount === undefined ? undefined : { mount, path: names.join('/') }
  }

  /** The folders on the way to a folder, from a mount, or from where they are lost. */
  way(id: string): {
    readonly mount?: MountName
    readonly lost?: string
    readonly names: string[]
  } {
    const folders = this.#foldersAbove(id)
    const at = this.#folders.get(folders.at(-1)?.id ?? '')?.parent ?? id
    const mount = this.#roots.get(at)
    const names = folders.map(({ name }) => name).reverse()
    return mount === undefined ? { lost: at, names } : { mount, names }
  }

  /** A folder and those that it lies in, from the inside out. */
  #foldersAbove(id: string): FolderRow[] {
    const folders: FolderRow[] = []
    let folder = this.#folders.get(id)
    // A circle of folders has no way to a root.
    while (folder !== undefined && folders.length <= this.#folders.size) {
      folders.push(folder.row)
      folder = this.#folders.get(folder.parent)
    }
    return folders
  }
}

function lastMoveOf(...rows: readonly NameRow[]): { readonly movedAt?: EpochMs } {
  const movedAt = lastMove(rows)
  return movedAt === undefined ? {} : { movedAt }
}
