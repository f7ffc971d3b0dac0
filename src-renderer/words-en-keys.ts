import type { KeySlotKind, KeychainProblem } from '../src-main/contract/key-slots'
import type { UnlockWay } from '../src-main/contract/model'
import { counted } from './words-format'

const count = counted('en')
const tries = (n: number) => count(n, { one: 'try', other: 'tries' })

/** What the page of one vault says, and its tab of keys. */
export const enKeys = {
  vaultSettings: {
    title: (vault: string) => `Vault settings: ${vault}`,
    open: (vault: string) => `Vault settings of ${vault}`,
    tabs: 'Vault settings',
    link: 'Keys, passphrase and quick unlock are set for each vault.',
  },

  keys: {
    tab: 'Keys',
    title: 'Ways into this vault',
    lead: 'Each of these opens the vault by itself. Keep two at least, in different places.',
    list: 'Keys of this vault',
    kinds: {
      passphrase: 'Passphrase',
      recovery: 'Recovery key',
      keyfile: 'Key file',
      keychain: 'Keychain of a computer',
    } satisfies Record<KeySlotKind, string>,
    kindHints: {
      passphrase: 'Something you know. Another person can have one of their own.',
      recovery: '24 words to write on paper.',
      keyfile: 'A small file, on a stick for example. Whoever has the file can open the vault.',
      keychain:
        'The vault opens without typing while you are signed in. So can every program that runs as you.',
    } satisfies Record<KeySlotKind, string>,
    keychainProblems: {
      plaintext:
        'Not offered: no keychain is running, so this system would keep the key under a password that everybody knows. Start GNOME Keyring or KWallet, then try again.',
      unavailable: 'Not offered: the keychain of this system cannot be used by Coffret.',
    } satisfies Record<KeychainProblem, string>,
    here: 'this computer',
    elsewhere: 'another computer, or set up anew since',
    since: (date: string) => `since ${date}`,
    costs: ['Moderate key derivation', 'Strong key derivation', 'Very strong key derivation'],
    costDetails: (mebibytes: number, passes: number) =>
      `Argon2id: each guess takes ${mebibytes} MiB of memory, ${count(passes, { one: 'time', other: 'times' })} over`,
    add: 'Add a key…',
    change: 'Change…',
    remove: 'Remove…',
    changeOf: (name: string) => `Change ${name}`,
    removeOf: (name: string) => `Remove ${name}`,
    lastHint: 'The last key cannot be removed.',
    onlyKeychainHint: 'Without it only a keychain would be left, and be lost with its computer.',

    addTitle: 'Add a key',
    kind: 'Kind of key',
    label: 'Name',
    labelHint: 'To tell it apart in this list. It is sealed in the vault.',
    place: 'Place of the key file',
    placeHint: 'Best on another disk than the vault, such as a stick.',
    placeEmpty: 'Choose where to save it',
    addSubmit: 'Add key',
    added: (kind: string) => `Added: ${kind}`,
    confirm: 'To go on, show that it is you',
    currentPassphrase: 'Current passphrase',
    recoveryCheck: 'Check and continue',

    changeTitle: { passphrase: 'Change the passphrase', recovery: 'New recovery key' },
    changeSubmit: { passphrase: 'Change passphrase', recovery: 'Replace recovery key' },
    changed: { passphrase: 'Passphrase changed', recovery: 'Recovery key replaced' },
    newPassphrase: 'New passphrase',
    repeatPassphrase: 'Repeat the new passphrase',
    oldCopies:
      'Copies and backups of the vault file that exist already still open with the old key. Keep that in mind if somebody else knows it.',

    removeTitle: (name: string) => `Remove ${name}?`,
    removeText: 'From now on it does not open this vault.',
    removeKeyFile: 'The file itself stays where it is. Delete it yourself.',
    noWords:
      'Afterwards no passphrase and no recovery key opens the vault. If the key file is lost or damaged, so is everything in the vault.',
    removeSubmit: 'Remove key',
    removed: 'Key removed',

    quickTitle: 'Quick unlock',
    quickLead:
      'A PIN unlocks this vault again until Coffret quits. It is never written to the disk.',
    quickLimit:
      'While the vault is locked its keys stay in memory, sealed with the PIN. Somebody who can read the memory of this computer could then try PINs without end: a longer one takes longer. That is why it is off by default.',
    quickOn: 'On until Coffret quits',
    quickOff: 'Off',
    setPin: 'Set a PIN…',
    changePin: 'Another PIN…',
    clearPin: 'Forget the PIN',
    pinTitle: 'PIN for quick unlock',
    pin: 'PIN',
    pinRepeat: 'Repeat the PIN',
    pinHint: '4 to 32 characters, letters too. After five wrong tries it is forgotten.',
    pinLength: 'A PIN has 4 to 32 characters.',
    pinDiffers: 'The two PINs differ.',
    pinSubmit: 'Set PIN',
    pinSet: 'The PIN unlocks this vault until Coffret quits',
    pinCleared: 'The PIN is forgotten',

    use: {
      pin: 'Use the PIN instead',
      keychain: 'Unlock with this computer’s keychain',
      passphrase: 'Use the passphrase instead',
      keyfile: 'Use a key file instead',
      recovery: 'Use the recovery key instead',
    } satisfies Record<UnlockWay, string>,
    dropKeyFile: 'Drop the key file here',
    wrong: {
      keyfile: 'This key file does not open this vault.',
      keychain:
        'The keychain gives no key that opens this vault any more. Unlock it another way, then add the keychain again.',
    },
    badKeyFile: 'This is not a Coffret key file. Choose a .coffretkey file.',
    damagedKeyFile: 'This key file is damaged: its checksum is wrong. Use another copy of it.',
    goneKeyFile: 'The key file cannot be read. Connect its disk, then choose it again.',
    pinTries: (n: number) => `That PIN is not right. ${tries(n)} left.`,
    pinForgotten: 'The PIN is forgotten. Use another way to unlock the vault.',
  },
}
