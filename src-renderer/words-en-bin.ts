import { counted } from './words-format'

const count = counted('en')

/** What is said of deleting, restoring and erasing. */
export const enBin = {
  bin: {
    title: 'Bin',
    open: (n: number) =>
      n === 0 ? 'Bin, empty' : `Bin, ${count(n, { one: 'secret', other: 'secrets' })}`,
    lead: 'Deleted secrets stay here for 30 days with all their versions. Then they are erased for good.',
    table: 'Deleted secrets',
    path: 'Path',
    mount: 'Mount',
    deleted: 'Deleted',
    left: 'Time left',
    daysLeft: (n: number) => count(n, { one: 'day', other: 'days' }),
    actions: 'Actions',
    emptyTitle: 'The bin is empty',
    emptyText: 'What you delete comes here first, so that you can restore it for 30 days.',
    more: 'Show more',

    discard: 'Move to the bin',
    discardFolder: 'Delete folder…',
    newHere: 'New secret here',
    rowMenu: (name: string) => `Actions for ${name}`,
    discarded: (path: string) => `${path} is in the bin`,
    discardedMany: (n: number) =>
      `${count(n, { one: 'secret is', other: 'secrets are' })} in the bin`,
    undo: 'Undo',
    undoTaken: (path: string) => `${path} stays in the bin: its path was used again`,
    folderTitle: (folder: string) => `Delete the folder ${folder}?`,
    folderText: (n: number) =>
      `${count(n, { one: 'secret moves', other: 'secrets move' })} to the bin, with all versions. You can restore them for 30 days.`,

    restore: 'Restore',
    restoreOne: (path: string) => `Restore ${path}`,
    restored: (path: string) => `${path} restored`,
    restoredMany: (n: number) => `${count(n, { one: 'secret', other: 'secrets' })} restored`,
    restoreTitle: (path: string) => `Restore ${path}`,
    taken: 'Another secret has this path by now. Give this one another path.',
    stillTaken: 'This path is taken too. Choose another one.',
    newPath: 'Restore as',
    suffix: '-restored',

    purge: 'Delete now…',
    purgeOne: (path: string) => `Delete ${path} now…`,
    purgeText:
      'The secret and all its versions are erased from the vault. This cannot be reversed.',
    empty: 'Empty the bin…',
    emptyBinTitle: 'Empty the bin?',
    emptyBinText: (n: number) =>
      `${count(n, { one: 'secret is', other: 'secrets are' })} erased from the vault, with all versions. This cannot be reversed.`,
    emptyBinConfirm: 'Empty the bin',
    emptied: 'The bin is emptied',
    copies:
      'Backups and other copies of the vault file that were made before still hold what is erased here, until they are replaced.',
    fromBackups: 'Also erase it from the backups',
  },
}
