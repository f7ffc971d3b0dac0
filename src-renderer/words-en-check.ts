import type { MergeReport, VaultProblem } from '../src-main/contract/check-calls'
import { counted } from './words-format'

const count = counted('en')
const secrets = (n: number) => count(n, { one: 'secret', other: 'secrets' })
const versions = (n: number) => count(n, { one: 'version', other: 'versions' })

/** What is said of checking a vault, saving what is left of it, and merging another copy. */
export const enCheck = {
  check: {
    tab: 'Check',
    verifyTitle: 'Verify this vault',
    verifyLead:
      'Reads and proves everything: pages, names, every version of every secret. Nothing is changed and no value is shown.',
    verify: 'Verify',
    verifying: 'Verifying…',
    percent: (n: number) => `${n}%`,
    cancelled: 'Stopped. Nothing was changed.',
    whole: 'Everything is in order.',
    read: (n: number, v: number) => `${secrets(n)} and ${versions(v)} were read and proved.`,
    checked: (n: number, v: number) => `${secrets(n)} and ${versions(v)} were checked.`,
    problems: (n: number) => count(n, { one: 'problem was found', other: 'problems were found' }),
    problemsHint: 'What is not listed was read and proved. Repair saves it into a new file.',
    harmless: 'What is listed does no harm. Repair makes a new file without it.',
    problemTable: 'Problems',
    what: 'What',
    where: 'Where',
    somewhere: 'not known',
    andMore: (n: number) => `and ${count(n, { one: 'other', other: 'others' })}`,
    kinds: {
      pages: 'A part of the file is damaged',
      tables: 'The tables of the file are damaged',
      header: 'The header is damaged',
      state: 'The state is damaged',
      mounts: 'The list of mounts is damaged',
      keySlots: 'The names of the keys are damaged',
      credential: 'A credential of the local API is damaged',
      authority: 'The certificate authority of the local API is damaged',
      audit: 'Lines of the audit log were removed, replaced or moved',
      copy: 'The journal of an unfinished copy is damaged',
      domain: 'A remote domain, with its key or token, is damaged',
      listing: 'The last known list of a remote domain is damaged; it will be read again',
      keptCertificate: 'A kept certificate, with its key, is damaged',
      tree: 'The record of what is newest is damaged',
      name: 'A name is damaged, missing or out of date',
      lostName: 'A name has lost its folder',
      metadata: 'Metadata is damaged or out of date',
      version: 'The value of a version is damaged',
      draft: 'An unsaved edit is damaged',
      orphan: 'Data that belongs to no secret',
    } satisfies Record<VaultProblem['what'], string>,

    repair: 'Repair into a new file…',
    repairing: 'Saving what can be read…',
    repairName: (vault: string) => `${vault} repaired.coffret`,
    repaired: 'The new file is written and verified.',
    saved: (n: number, v: number) => `${secrets(n)} and ${versions(v)} were saved.`,
    lost: (n: number) =>
      `${count(n, { one: 'thing', other: 'things' })} could not be saved as it was:`,
    repairedHint:
      'It opens with the same passphrase. This file was not changed: to use the new one, remove this vault from the list and open the new file.',
    repairExists: 'A file of that name exists. Repair writes over nothing: choose another name.',

    replaced: (vault: string) => `Another program has replaced the file of ${vault}`,
    replacedText:
      'A synchronisation tool or a restored backup, most likely. Nothing can be read or saved until it is opened again. Copy an unsaved edit first: it cannot be kept.',
    reopen: 'Open again',

    mergeTitle: 'Merge another copy',
    mergeLead:
      'When a sync tool has made a second file, such as “prod (conflicted copy)”, merging brings everything of it into this vault. The other file is not changed.',
    choose: 'Choose the other copy…',
    otherCopy: 'The other copy:',
    passphrase: 'Passphrase of the other copy',
    passphraseHint: 'Its data key was replaced, so it opens with its own passphrase only.',
    wrongPassphrase: 'This passphrase does not open the other copy.',
    notThis: 'This is the vault itself, or a file of another vault.',
    look: 'Look at it',
    looking: 'Comparing the two copies…',
    plan: 'What merging brings',
    nothing: 'The other copy has nothing that this vault lacks.',
    counts: {
      added: (n: number) => `${secrets(n)} that only the other copy has`,
      changed: (n: number) => `${secrets(n)} with changes from the other copy`,
      conflicts: (n: number) => `of these, ${secrets(n)} changed in both copies`,
      versions: (n: number) => count(n, { one: 'new version', other: 'new versions' }),
      moved: (n: number) => `${secrets(n)} in another place`,
      beside: (n: number) =>
        `${count(n, { one: 'value', other: 'values' })} kept beside the later one`,
      mounts: (n: number) => count(n, { one: 'new mount', other: 'new mounts' }),
      drafts: (n: number) => count(n, { one: 'unsaved edit', other: 'unsaved edits' }),
      unchanged: (n: number) => `${secrets(n)} without changes`,
      unreadable: (n: number) => `${secrets(n)} left out, since they cannot be read`,
    } satisfies Record<keyof Omit<MergeReport, 'places'>, (n: number) => string>,
    addedHint:
      'Nobody can tell a secret made there from one removed here: both come in. What is in the bin stays there.',
    conflictHint:
      'Where both copies changed a secret, all versions stay, in the order of their times, and the latest is current. Versions may get higher numbers.',
    placeTable: 'Secrets that change',
    places: {
      added: 'Comes in',
      changed: 'Changed there',
      conflict: 'Changed in both',
      moved: 'Moves',
      beside: 'Second value',
      unreadable: 'Cannot be read',
    } satisfies Record<MergeReport['places'][number]['what'], string>,
    merge: 'Merge',
    merging: 'Merging…',
    merged: 'The other copy is merged.',
    mergedHint:
      'Nothing of it is missing here, except what could not be read. Once you have checked, you can delete the other file yourself.',
    mergedCancelled: 'Stopped. What was merged so far stays; merging again completes it.',
    another: 'Merge another…',
    otherFile:
      'This vault is listed already, from another file. Unlock it, and the copy you chose can be merged into it.',
  },
}
