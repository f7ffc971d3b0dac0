import type { VersionState } from '../src-main/contract/model'
import { enActivity } from './words-en-activity'
import { enBackups } from './words-en-backups'
import { enBin } from './words-en-bin'
import { enCheck } from './words-en-check'
import { enKept } from './words-en-kept'
import { enCopies } from './words-en-copies'
import { enDomains } from './words-en-domains'
import { enKeys } from './words-en-keys'
import { enLocalApi } from './words-en-local-api'
import { enRemote } from './words-en-remote'
import { enRotation } from './words-en-rotation'
import { enSearch } from './words-en-search'
import { enSecrets } from './words-en-secrets'
import { enTools } from './words-en-tools'
import { bytesText, counted, dateText, dateTimeText, timeText } from './words-format'
import type { StrengthSuggestion, StrengthWarning } from './state/strength'

const locale = 'en'
const count = counted(locale)

/** Every sentence of the window in English. Its type is what other languages must fill. */
export const en = {
  locale: 'en' as string,
  name: 'Coffret',
  tagline: 'The little chest for developers’ secrets',

  /** Words that several screens share. */
  common: {
    cancel: 'Cancel',
    close: 'Close',
    back: 'Back',
    next: 'Continue',
    done: 'Done',
    save: 'Save',
    copy: 'Copy',
    copied: 'Copied',
    remove: 'Remove',
    discard: 'Discard',
    choose: 'Choose…',
    show: 'Show',
    hide: 'Hide',
    loading: 'Loading…',
    tryAgain: 'Try again',
    more: 'More actions',
    never: 'Never',
    yes: 'Yes',
    no: 'No',
    notSet: 'Not set',
    seconds: (n: number) => count(n, { one: 'second', other: 'seconds' }),
    minutes: (n: number) => count(n, { one: 'minute', other: 'minutes' }),
  },

  format: {
    date: (at: number) => dateText(locale, at),
    dateTime: (at: number) => dateTimeText(locale, at),
    time: (at: number) => timeText(locale, at),
    size: (bytes: number, limit: number) => `${bytesText(locale, bytes, limit)} KB`,
    bytes: (n: number) => count(n, { one: 'byte', other: 'bytes' }),
  },

  /** A time as it stands to now. */
  ago: {
    now: 'just now',
    minutes: (n: number) => `${n} min ago`,
    hours: (n: number) => `${n} h ago`,
    days: (n: number) => `${count(n, { one: 'day', other: 'days' })} ago`,
    inMinutes: (n: number) => `in ${n} min`,
    inHours: (n: number) => `in ${n} h`,
    inDays: (n: number) => `in ${count(n, { one: 'day', other: 'days' })}`,
  },

  welcome: {
    title: 'Welcome to Coffret',
    lead: 'Keep secrets in one encrypted file on this computer. No account, no network, no telemetry.',
    create: 'Create a vault',
    createHint: 'A new encrypted file, with a passphrase only you know',
    open: 'Open a vault file',
    openHint: 'A .coffret file that you already have',
    language: 'Language',
  },

  create: {
    title: 'Create a vault',
    steps: ['Vault', 'Recovery key', 'Check'],
    progress: 'Progress',
    name: 'Vault name',
    nameEmpty: 'Give the vault a name.',
    nameSlash: 'A name cannot contain / or \\.',
    defaultName: 'personal',
    place: 'Place',
    placeHint: 'The vault is this one file. You can copy or back it up like any other.',
    passphrase: 'Passphrase',
    passphraseHint: 'At least 12 characters. Several words in a row are strong and easy to type.',
    repeat: 'Repeat the passphrase',
    differs: 'The two passphrases differ.',
    tooShort: (n: number) =>
      `${count(n, { one: 'character is', other: 'characters are' })} missing to 12.`,
    acceptRisk: 'I accept the risk of a weak passphrase',
    suggest: 'Suggest a passphrase',
    suggested: 'Write it down before you go on: it is shown in both fields.',
    submit: 'Create vault',
    working: 'Deriving the key… usually about 1 s',
  },

  strength: {
    label: 'Strength',
    scores: ['Very weak', 'Weak', 'Fair', 'Strong', 'Very strong'],
    crack: (time: string) => `Guessing it would take ${time}.`,
    times: {
      instant: 'less than a second',
      seconds: 'seconds',
      minutes: 'minutes',
      hours: 'hours',
      days: 'days',
      months: 'months',
      years: 'years',
      centuries: 'centuries',
    },
    warnings: {
      straightRow: 'Straight rows of keys on the keyboard are easy to guess.',
      keyPattern: 'Short keyboard patterns are easy to guess.',
      simpleRepeat: 'Repeated characters like “aaa” are easy to guess.',
      extendedRepeat: 'Repeated patterns like “abcabc” are easy to guess.',
      sequences: 'Sequences like “abc” are easy to guess.',
      recentYears: 'Recent years are easy to guess.',
      dates: 'Dates are easy to guess.',
      topTen: 'This is one of the ten most used passwords.',
      topHundred: 'This is one of the hundred most used passwords.',
      common: 'This is a commonly used password.',
      similarToCommon: 'This is close to a commonly used password.',
      wordByItself: 'A single word is easy to guess.',
      namesByThemselves: 'A name by itself is easy to guess.',
      commonNames: 'Common names are easy to guess.',
      userInputs: 'It should not contain the name of the vault.',
      pwned: 'This password was exposed in a data breach.',
    } satisfies Record<StrengthWarning, string>,
    suggestions: {
      l33t: 'Replacing letters, like @ for a, helps little.',
      reverseWords: 'Spelling words backwards helps little.',
      allUppercase: 'Upper case everywhere helps little.',
      capitalization: 'A capital first letter helps little.',
      dates: 'Avoid dates that have to do with you.',
      recentYears: 'Avoid recent years.',
      associatedYears: 'Avoid years that have to do with you.',
      sequences: 'Avoid common sequences.',
      repeated: 'Avoid repeated words and characters.',
      longerKeyboardPattern: 'Avoid keyboard patterns.',
      anotherWord: 'Add another word or two; uncommon ones are better.',
      useWords: 'Use several words, but no well-known phrase.',
      noNeed: 'Symbols, digits and capitals are not needed.',
      pwned: 'If you use it elsewhere, change it there.',
    } satisfies Record<StrengthSuggestion, string>,
  },

  recovery: {
    title: 'Your recovery key',
    lead: 'These 24 words open the vault if you forget the passphrase. They are shown only now. Write them on paper and keep it where you keep important papers.',
    list: 'Recovery key, 24 words in order',
    copy: 'Copy all words',
    copyHint: 'The clipboard may keep them: paper is safer.',
    written: 'I have written them down',
    checkTitle: 'Check what you wrote',
    checkLead: 'Type two of the words from your paper.',
    word: (n: number) => `Word ${n}`,
    wrong: 'That is not the word at this place. Look at your paper again.',
    again: 'Show the words again',
    check: 'Check and open the vault',
    skip: 'Skip, I understand nobody can help me',
  },

  unlock: {
    title: 'Unlock your vault',
    vaults: 'Vaults',
    passphrase: 'Passphrase',
    recoveryWords: 'Recovery key',
    recoveryHint: 'All 24 words, with spaces between them',
    submit: 'Unlock',
    working: 'Deriving the key… usually about 1 s',
    forget: 'Remove from this list',
    forgetHint: 'The file stays where it is.',
    createAnother: 'Create a vault',
    openAnother: 'Open a vault file',
    locked: 'locked',
    unlocked: 'unlocked',
    unreachable: 'cannot be opened',
  },

  stale: {
    title: {
      older: 'This file is older than the one this computer knows',
      forked: 'This file lacks what this computer wrote last',
    },
    older: (file: string, seen: string) =>
      `It was written at ${file}; this computer saw the vault as of ${seen}.`,
    forked: (file: string, seen: string) =>
      `It is another copy, written at ${file}; this computer wrote to the vault at ${seen}.`,
    what: 'A synchronisation tool or a restored backup may have replaced it. You can read it. To bring the other copy back, lock the vault and restore the file; or go on with this one, and merge the other into it under Vault settings.',
    accept: 'Go on with this file',
    journalTitle: 'An unfinished change lay beside the vault file, and was not of it',
    journal:
      'A crash left it, and the file was replaced since. It was not applied: it would have damaged the file. It is kept as',
    read: 'Understood',
  },
  shell: {
    toolbar: 'Toolbar',
    sidebar: 'Sidebar',
    vaults: 'Vaults',
    tools: 'Tools',
    certificates: 'Certificates',
    settings: 'Settings',
    shortcuts: 'Keyboard shortcuts',
    addVault: 'Add a vault',
    newSecret: 'New secret',
    lock: 'Lock',
    search: 'Search paths, keys, metadata',
    clearSearch: 'Clear the search',
    statusBar: 'Status',
    vaultUnlocked: (name: string) => `${name} unlocked`,
    clipboardClears: (seconds: number) =>
      `Clipboard clears in ${count(seconds, { one: 'second', other: 'seconds' })}`,
    clipboardHolds: 'A copied value is in the clipboard',
    clearNow: 'Clear now',
    clipboardCleared: 'The clipboard is cleared',
    fallback: (version: string) => `Electron ${version}, fallback for testing`,
    vaultState: (name: string, state: string) => `${name}, ${state}`,
    notifications: 'Notifications',
    dismiss: 'Dismiss',
    resize: 'Resize the list',
  },

  list: {
    title: 'Secrets',
    tree: 'Tree',
    flat: 'List',
    mode: 'Show as',
    treeLabel: 'Secrets as a tree',
    listLabel: 'Secrets as a list',
    resultsLabel: 'Search results',
    total: (n: number) => count(n, { one: 'secret', other: 'secrets' }),
    found: (n: number, filter: string) =>
      `${count(n, { one: 'match', other: 'matches' })} for “${filter}”`,
    emptyTitle: 'No secrets yet',
    emptyText: 'Create the first one: a path such as prod/database/MySQL, and what it holds.',
    emptyFolder: 'No secrets here',
    noMatchTitle: 'Nothing found',
    noMatchText: (filter: string) => `No path, key name or metadata matches “${filter}”.`,
    version: (n: number) => `v${n}`,
    secretLabel: (name: string, version: number, state: string) =>
      `${name}, version ${version}${state}`,
    folderLabel: (name: string) => `${name}, folder`,
    mountLabel: (name: string) => `${name}, mount`,
  },

  states: {
    active: 'Active',
    deactivated: 'Deactivated',
    deleted: 'Deleted',
  } satisfies Record<VersionState, string>,
  stateHints: {
    active: 'It can be read.',
    deactivated: 'It is kept but cannot be read (KV2: deleted). You can reactivate it.',
    deleted: 'Its data is gone for good (KV2: destroyed).',
  } satisfies Record<VersionState, string>,

  ...enActivity,
  ...enBackups,
  ...enLocalApi,
  ...enBin,
  ...enCheck,
  ...enKept,
  ...enCopies,
  ...enDomains,
  ...enKeys,
  ...enRemote,
  ...enRotation,
  ...enSearch,
  ...enSecrets,
  ...enTools,
}

/** What every language must say. */
export type Words = typeof en
