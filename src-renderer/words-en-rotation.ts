import type { KeyFate } from './state/key-fates'

/** What is said of replacing the data key of a vault. */
export const enRotation = {
  rotation: {
    section: 'Data key',
    lead: 'Everything in this vault is sealed under one data key, and each key above opens that one. Replace it when somebody who should not have it may know a key of yours, or may have had a copy of the file.',
    begin: 'Replace the data key…',
    title: 'Replace the data key',
    about: [
      'Everything is sealed anew, under a new data key, into a second file beside this one. When that is complete and checked, it takes the place of the first.',
      'Until then nothing changes: you can go on working, stop, or lose power, and continue later. The disk needs room for a second copy of the vault.',
      'You get a new recovery key. Keys that are not at hand now end: they would have to be added again.',
    ],
    oldCopies:
      'Copies and backups of the file that were made before are not changed. They still open with the old keys, and hold what they held. Once you are sure, delete them.',
    fates: 'What becomes of the keys',
    fate: {
      stays: 'Stays',
      ifUsed: 'Stays if you confirm with this one; ends otherwise',
      newWords:
        'New: the words that you have just written down. The old ones open nothing any more',
      newKey: 'Stays, with a new key in this computer’s keychain',
      needsFile: 'Ends, unless you give its file here',
      ends: 'Ends: it opens nothing any more',
    } satisfies Record<KeyFate, string>,
    newRecovery: 'New: the words that you have just written down',
    pin: 'The PIN for quick unlock is forgotten.',
    keepFile: (name: string) => `File of ${name}, to keep it`,
    submit: 'Replace the data key',
    running: 'Sealing everything anew…',
    closeHint: 'Closing this window stops the work too. It can be continued later.',
    done: 'Everything in this vault is sealed under a new data key.',
    doneHint:
      'Make a backup now. Backups from before still open, with the old keys; delete them once you need them no more.',
    damaged: (place: string) => `${place} is damaged, so nothing was replaced.`,
    somewhere: 'A part of the vault',
    damagedHint:
      'The vault is as it was. Verify it on the page Check, repair what is damaged, then try again.',
    keyFileRefused:
      'One of the key files does not open this vault. Take it out, or choose another.',
    exists: 'Replacing the data key was begun already. Continue it, or discard it.',
    busy: 'Other programs write to this vault all the time. Close them, then continue.',

    interrupted: 'Replacing the data key was interrupted',
    interruptedText:
      'The vault is as it was. What is done so far lies in a second file beside it, sealed like the vault.',
    interruptedBroken:
      'The second file cannot be read, so it can only be discarded. The vault is as it was.',
    resume: 'Continue…',
    discard: 'Discard',
    discarded: 'Discarded. The data key is the one from before.',
    resumeTitle: 'Continue replacing the data key',
    resumeText: 'It goes on from where it was, with what was written since.',
    resumeSubmit: 'Continue',
    changed:
      'The keys of this vault were changed since it was begun. Discard what was begun, then begin again.',
    broken: 'The second file is damaged or complete already. Discard it, then begin again.',
  },
}
