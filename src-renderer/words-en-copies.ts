import type { KeyDifference, SecretRelation } from '../src-main/contract/compare-calls'
import type { CopyAction, CopyOutcome, CopyReason } from '../src-main/contract/copy-calls'
import { counted, sizeText } from './words-format'

const count = counted('en')
const size = (n: number) =>
  n < 1000 ? count(n, { one: 'byte', other: 'bytes' }) : sizeText('en', n)
const secrets = (n: number) => count(n, { one: 'secret', other: 'secrets' })

/** One secret does, several do. */
const agree = (n: number, one: string, other: string) =>
  count(n, { one: `secret ${one}`, other: `secrets ${other}` })

/** What is said of copying, moving and comparing between stores, and of offline copies. */
export const enCopies = {
  copies: {
    copyTo: 'Copy to…',
    moveTo: 'Move to…',
    compareWith: 'Compare with…',
    storeMenu: 'Actions for everything here',
    copyTitle: (name: string) => `Copy ${name}`,
    moveTitle: (name: string) => `Move ${name}`,
    everything: (store: string) => `everything in ${store}`,
    noTarget: 'There is no other place yet. Add a vault or a remote domain first.',
    target: 'To',
    place: (owner: string, store: string) => `${owner} › ${store}`,
    path: 'Path there',
    folder: 'Folder there',
    folderHint: 'Empty for the top.',
    samePlace: 'That is where it is now. Choose another place.',
    versions: 'Versions',
    versionChoices: { latest: 'The current one', all: 'All that can be read, in order' },
    conflicts: 'Where the path holds other data',
    conflictChoices: {
      skip: 'Leave it as it is',
      newVersion: 'Add a new version',
      rename: 'Copy beside it, as name-copy',
    },
    settings: 'Settings and metadata go along',
    seePlan: 'See the plan',
    planning: 'Looking at both sides…',
    planTitle: 'What will happen',
    planTable: 'Plan',
    action: 'What',
    secret: 'Secret',
    counts: {
      create: (n: number) => `${secrets(n)} will be new there`,
      newVersion: (n: number) => `${secrets(n)} will get a new version`,
      rename: (n: number) => `${secrets(n)} will be put beside the one there`,
      identical: (n: number) => agree(n, 'is the same already', 'are the same already'),
      settings: (n: number) => `${secrets(n)} will get other settings`,
      conflict: (n: number) =>
        agree(n, 'holds other data there and stays', 'hold other data there and stay'),
      notAllowed: (n: number) => `${secrets(n)} may not be read`,
      inactive: (n: number) => agree(n, 'has no active version', 'have no active version'),
      tooLarge: (n: number) => agree(n, 'is too large', 'are too large'),
      notExpressible: (n: number) => `${secrets(n)} cannot be kept there`,
      unreadable: (n: number) => agree(n, 'is damaged', 'are damaged'),
    } satisfies Record<CopyAction, (n: number) => string>,
    actions: {
      create: 'New',
      newVersion: 'New version',
      rename: 'Beside it',
      identical: 'Same',
      settings: 'Settings',
      conflict: 'Holds other data',
      notAllowed: 'May not be read',
      inactive: 'No active version',
      tooLarge: 'Too large',
      notExpressible: 'Cannot be kept there',
      unreadable: 'Damaged',
    } satisfies Record<CopyAction, string>,
    reasons: {
      path: 'its path is not taken there',
      emptyKey: 'it has an empty key',
      emptyData: 'it is empty',
      numbers: 'its numbers would change',
      noData: 'it has no data',
      noVersions: 'the place keeps no versions',
    } satisfies Record<CopyReason, string>,
    nothing: 'There is nothing to copy.',
    total: (versions: number, bytes: number) =>
      `${count(versions, { one: 'version', other: 'versions' })} will be written, ${size(bytes)}.`,
    leftBehind: (n: number) =>
      `Of ${secrets(n)} something stays behind: older versions, or words that the target cannot keep.`,
    keepsSource: 'These are copied and also stay where they are.',
    acceptLoss: 'Delete them here all the same',
    deletesForGood: 'What is moved is deleted here for good: this place has no bin.',
    toBin: 'What is moved goes into the bin here, once its copy was read back.',
    copy: 'Copy now',
    move: 'Move now',
    change: 'Change',
    copying: 'Copying…',
    moving: 'Moving…',
    done: (done: number, total: number) =>
      `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`,
    stop: 'Stop',
    stopped: 'Stopped. What is done stays; you can go on later.',
    reportTitle: 'Done',
    reportTable: 'What did not go as planned',
    outcome: 'Outcome',
    outcomes: {
      copied: (n: number) => `${secrets(n)} copied and read back`,
      moved: (n: number) => `${secrets(n)} moved`,
      kept: (n: number) => `${secrets(n)} copied and kept here too`,
      changed: (n: number) => `${secrets(n)} changed meanwhile and left alone`,
      skipped: (n: number) => `${secrets(n)} skipped`,
      failed: (n: number) => `${secrets(n)} failed`,
    } satisfies Record<CopyOutcome, (n: number) => string>,
    outcomeWords: {
      copied: 'Copied',
      moved: 'Moved',
      kept: 'Kept here too',
      changed: 'Changed meanwhile',
      skipped: 'Skipped',
      failed: 'Failed',
    } satisfies Record<CopyOutcome, string>,
    pending: 'Unfinished copies',
    pendingCopy: (from: string, to: string, soFar: string) =>
      `A copy from ${from} to ${to} was interrupted: ${soFar}.`,
    pendingMove: (from: string, to: string, soFar: string) =>
      `A move from ${from} to ${to} was interrupted: ${soFar}.`,
    /** Those under way are done or not: that is seen once it goes on. */
    doneSoFar: (done: number, underWay: number) => {
      if (underWay === 0) return `${secrets(done)} done`
      if (done === 0) return `up to ${secrets(underWay)} done`
      return `${done.toLocaleString('en')} to ${secrets(done + underWay)} done`
    },
    resume: 'Go on',
    resumeTitle: 'Going on with the copy',
    discard: 'Give up',
    unknownPlace: 'a place that is not open',

    compareTitle: (name: string) => `Compare ${name}`,
    compare: 'Compare',
    comparing: 'Comparing…',
    relations: {
      same: 'Same',
      different: 'Different',
      onlyFirst: 'Only here',
      onlySecond: 'Only there',
      unknown: 'Cannot be read',
    } satisfies Record<SecretRelation, string>,
    relationCounts: {
      same: (n: number) => agree(n, 'is the same', 'are the same'),
      different: (n: number) => agree(n, 'differs', 'differ'),
      onlyFirst: (n: number) => agree(n, 'is only here', 'are only here'),
      onlySecond: (n: number) => agree(n, 'is only there', 'are only there'),
      unknown: (n: number) => `${secrets(n)} cannot be read on one side`,
    } satisfies Record<SecretRelation, (n: number) => string>,
    keyRelations: {
      same: 'Same',
      different: 'Different',
      onlyFirst: 'Only here',
      onlySecond: 'Only there',
    } satisfies Record<KeyDifference['relation'], string>,
    allSame: 'Both sides hold the same.',
    differences: 'Differences',
    keys: (path: string) => `Keys of ${path}`,
    key: 'Key',
    here: 'Here',
    there: 'There',
    relation: 'Relation',
    backToList: 'Back to the list',
    noKeys: 'One of the two has no data that can be read.',

    takeSnapshot: 'Make an offline copy…',
    snapshotTitle: (name: string) => `Offline copy of ${name}`,
    snapshotLead:
      'Reads the current version of every secret that you may read, and keeps it sealed in your vault, to be read without a network. Nobody can edit it.',
    snapshotKeeper: 'Kept in',
    snapshotTake: 'Make the copy',
    snapshotFilling: 'Reading…',
    snapshotDone: 'The offline copy is complete.',
    snapshotMissing: (n: number) => `${secrets(n)} could not be read and are not in it.`,
    snapshotRefresh: 'Refresh the offline copy',
    snapshotErase: 'Erase the offline copy…',
    snapshotEraseTitle: 'Erase this offline copy?',
    snapshotEraseText: 'The remote domain is not touched. The copy is erased from your vault.',
    snapshotErased: 'The offline copy is erased',
    snapshotAge: (age: string) => `offline copy, ${age}`,
    snapshotEmpty: 'offline copy, not complete',
  },
}
