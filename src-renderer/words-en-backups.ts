import type { BackupSummary } from '../src-main/contract/backup-calls'
import { counted, sizeText } from './words-format'

const count = counted('en')
const secrets = (n: number) => count(n, { one: 'secret', other: 'secrets' })

/** What is said of backups: their tab, looking at one, and restoring from it. */
export const enBackups = {
  backups: {
    tab: 'Backups',
    title: 'Backups of this vault',
    lead: 'Sealed copies of the vault file. Each is checked by opening it before older ones are dropped.',
    list: 'Backups',
    made: 'Made',
    size: 'Size',
    sizeOf: (bytes: number) => sizeText('en', bytes),
    state: 'State',
    kept: 'Kept as',
    actions: 'Actions',
    states: {
      opens: 'Opens',
      otherKey: 'Older key',
      damaged: 'Damaged',
    } satisfies Record<BackupSummary['state'], string>,
    stateHints: {
      opens: 'It opens with the keys of this vault.',
      otherKey:
        'Made before the data key was replaced. It opens with a passphrase or recovery key of that time.',
      damaged: 'It does not open. It takes no other backup’s place; delete it when you like.',
    } satisfies Record<BackupSummary['state'], string>,
    reasons: {
      last: 'one of the latest',
      daily: 'last of its day',
      weekly: 'last of its week',
    } satisfies Record<BackupSummary['kept'][number], string>,
    notKept: 'dropped with the next one',
    emptyTitle: 'No backups yet',
    emptyOn: 'The first one is made soon after something is saved.',
    emptyOff: 'Automatic backups are off. Make one yourself, or switch them on below.',
    make: 'Back up now',
    making: 'Backing up…',
    made1: 'Backup made and checked',
    showFolder: 'Open folder',
    browse: 'Browse',
    browseOf: (time: string) => `Browse the backup of ${time}`,
    more: (time: string) => `More for the backup of ${time}`,
    remove: 'Delete…',
    removeTitle: (time: string) => `Delete the backup of ${time}?`,
    removeText: 'The file is removed. The vault itself and the other backups stay as they are.',
    removeConfirm: 'Delete backup',
    removed: 'Backup deleted',
    problem: (time: string) => `The last backup failed (${time}). Saving secrets is not affected.`,
    problemShort: 'Backup failed',
    problemOpen: 'The last backup failed: show backups',
    noFolder: 'The folder for backups is missing. Is its disk connected?',

    passphraseTitle: 'Open an older backup',
    passphraseText:
      'This backup was made under another data key. Enter a passphrase that opened the vault then.',
    passphrase: 'Passphrase of that time',
    wrongPassphrase: 'This passphrase does not open the backup.',
    open: 'Open',

    settings: 'When and how many',
    settingsHint: 'They hold for all vaults on this computer.',
    isOn: 'Make backups automatically',
    isOnHint: 'Soon after the first change, then while you work, and when the vault is locked.',
    every: 'While you work, every',
    lastKept: 'Latest backups',
    dailyKept: 'Days',
    weeklyKept: 'Weeks',
    keptHint: 'Of each day and week, the last backup is kept.',
    numberInvalid: (least: number) => `A whole number from ${least} to 1000`,
    folder: 'Folder',
    folderHint: 'Backups made so far stay where they are. A folder on another disk is safest.',
    folderDefault: 'Use the usual folder',
    save: 'Save settings',
    saved: 'Settings saved',

    exportTitle: 'Export as one file',
    exportLead:
      'A complete copy under a passphrase of its own: to keep elsewhere or hand over. It opens in Coffret like any vault.',
    export: 'Export…',
    exportName: (vault: string) => `${vault} export.coffret`,
    exportPlace: 'Place of the file',
    exportPlaceEmpty: 'Choose where to save it',
    exportPassphrase: 'Passphrase of the file',
    exportRepeat: 'Repeat the passphrase of the file',
    exportHint: 'There is no recovery key for it. You can add one after opening the file.',
    exportSubmit: 'Export',
    exporting: 'Writing the file…',
    exported: 'The file is written and checked',
    exportExists: 'A file of that name exists. Exporting writes over nothing: choose another name.',

    label: (vault: string, time: string) => `${vault}, backup of ${time}`,
    short: (time: string) => `Backup of ${time}`,
    banner: (time: string) =>
      `You are looking at the backup of ${time}. Nothing here can be changed.`,
    close: 'Close backup',
    restoreAll: 'Restore all…',
    restoreAllTitle: 'Restore everything?',
    counting: 'Comparing with the vault…',
    planMissing: (n: number) =>
      count(n, {
        one: 'secret is missing in the vault: it comes back with all its versions',
        other: 'secrets are missing in the vault: they come back with all their versions',
      }),
    planDiffering: (n: number) =>
      count(n, {
        one: 'secret has changed since: the data of then becomes a new version',
        other: 'secrets have changed since: the data of then becomes a new version of each',
      }),
    planSame: (n: number) => count(n, { one: 'secret is the same', other: 'secrets are the same' }),
    planUnreadable: (n: number) =>
      count(n, {
        one: 'secret cannot be read and is left out',
        other: 'secrets cannot be read and are left out',
      }),
    planNothing: 'The vault has everything that is in this backup.',
    planHint:
      'Nothing is deleted or overwritten. A secret that was moved since comes back at its old path too.',
    restoring: 'Restoring…',
    restoreAllSubmit: 'Restore',
    restoredAll: (n: number) => `${secrets(n)} restored`,
    restoreStopped: 'Stopped. What was restored so far stays; restoring again completes it.',

    restore: 'Restore…',
    restoreTitle: (path: string) => `Restore ${path}`,
    restoreText: 'The secret comes back with all the versions that this backup holds.',
    restoreTaken: 'The vault has a secret at this path. How should this one come back?',
    asVersion: 'As a new version of it',
    asVersionHint: 'The data of this backup becomes current; the other versions stay.',
    asOther: 'Under another path',
    otherPath: 'Path',
    suffix: '-restored',
    restoreSubmit: 'Restore',
    restored: (path: string) => `${path} restored into the vault`,
    stillTaken: 'This path is taken too. Choose another one.',
    noData: 'This secret had no readable data at the time of the backup.',
    purgeRefused:
      'A backup does not open, so nothing was erased from the backups: delete it under Vault settings, Backups, then try again. The secret is in the bin.',
    emptyBackup: 'This backup holds no secrets',
  },
}
