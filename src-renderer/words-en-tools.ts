import type { CredentialReport } from '../src-main/contract/calls'
import type { FailureCode } from '../src-main/contract/errors'

/** What the tools, the settings and failures say. */
export const enTools = {
  certificates: {
    title: 'Certificates',
    lead: 'Certificates with their keys: kept in the vault, put into browsers, and turned from any form into PKCS#12 or PEM.',
    drop: 'Drop a certificate and its key here',
    dropHint:
      'Any number of .pem, .crt, .key, .der, .p12 or .zip files; what they are is told by their content.',
    chooseFiles: 'Choose files…',
    files: 'Files',
    file: 'File',
    found: 'Found',
    clear: 'Start over',
    removeFile: (name: string) => `Remove ${name}`,
    foundKinds: {
      archive: 'ZIP archive',
      pkcs12: 'PKCS#12 file',
      certificate: 'certificate',
      'private-key': 'private key',
      'encrypted-private-key': 'encrypted private key',
    },
    fileProblems: {
      empty: 'The file is empty.',
      'not-a-credential': 'No certificate and no key in it.',
      'too-large': 'Larger than 1 MB.',
      'too-many': 'With it there are more than 64 certificates and keys.',
      damaged: 'It begins like a certificate, a key or a PKCS#12 file and is damaged.',
      unsupported:
        'Its encryption is of a kind, or a cost, that Coffret does not take. Export it again, with AES-256 for example.',
      'encrypted-archive': 'This archive is encrypted. Unpack it first.',
      'nested-archive': 'An archive in an archive. Unpack it first.',
      'unsafe-archive':
        'This archive is damaged, packed in a rare way, or unpacks to more than is safe. Unpack it first.',
      'certificate-request':
        'A certificate request (CSR). What the authority answered to it, the certificate, is needed.',
      'public-key': 'A public key only. The private key is in another file.',
      'java-key-store':
        'A Java key store (JKS). Turn it into PKCS#12 first: keytool -importkeystore -deststoretype PKCS12.',
    } satisfies Record<NonNullable<CredentialReport['files'][number]['problem']>, string>,
    tooMany: 'At most 16 files at once.',
    leaf: 'Certificate',
    chain: 'Chain',
    validUntil: (day: string) => `until ${day}`,
    unused: 'Not in the chain',
    subject: 'Subject',
    issuer: 'Issuer',
    validity: 'Valid',
    validRange: (from: string, to: string) => `${from} to ${to}`,
    names: 'Names',
    usage: 'Usage',
    fingerprint1: 'SHA-1 fingerprint',
    serialNumber: 'Serial number',
    keyType: 'Key type',
    fingerprint: 'SHA-256 fingerprint',
    okmsDomain: 'OKMS domain',
    privateKey: 'Private key',
    keyMatches: 'It belongs to the certificate.',
    keyClosed: 'Encrypted: give its password to go on.',
    authority: 'authority',
    problems: {
      'no-certificate': 'No certificate yet. Add the certificate file.',
      'no-key': 'No private key yet. Add the key file.',
      'several-keys':
        'There is more than one private key. Keep the one that belongs to the certificate.',
      'key-mismatch': 'This key belongs to another certificate.',
      'key-encrypted': 'The private key or the PKCS#12 file is encrypted. Give its password.',
      'wrong-password': 'That password does not open the private key or the PKCS#12 file.',
      'unsupported-key':
        'Coffret cannot use this kind of key. It takes RSA of 2048 to 8192 bits, EC P-256, P-384 and P-521, and Ed25519.',
      'unsupported-encryption':
        'The private key is encrypted in a way, or at a cost, that Coffret does not take.',
      'damaged-key': 'The private key is damaged.',
    } satisfies Record<CredentialReport['problems'][number], string>,
    mismatch: (certificate: string, key: string) =>
      `Public key of the certificate: ${certificate}. Public key of the private key: ${key}.`,
    warnings: {
      expired: 'The certificate has expired. Servers will refuse it.',
      'not-yet-valid': 'The certificate is not valid yet.',
      'not-for-client-auth': 'The certificate is not meant to identify a client.',
      'incomplete-chain': 'A certificate between this one and its authority is missing.',
    } satisfies Record<CredentialReport['warnings'][number], string>,
    keyPassword: 'Password of the private key',
    openKey: 'Open the key',
    output: 'PKCS#12 file',
    profile: 'Profile',
    profiles: { modern: 'Modern', compatible: 'Compatible' },
    profileHints: {
      modern:
        'AES-256 and SHA-256. For Firefox, Chrome and Edge on Linux, Windows 10 (1709) or later, and servers.',
      compatible:
        '3DES and SHA-1. For the macOS Keychain and Windows Server 2016 or older, which refuse the modern file. Its encryption is weak: import it, then delete it.',
    },
    friendlyName: 'Friendly name',
    friendlyNameHint: 'The name under which browsers list it.',
    password: 'Password of the file',
    passwordHint: 'The import asks for it. It is never empty.',
    generate: 'Generate',
    passwordEmpty: 'Give the file a password.',
    copyPassword: 'Copy the password',
    save: 'Save PKCS#12 file…',
    saved: 'Saved',
    savedAt: (file: string) => `Saved as ${file}. Only you can read it.`,
    next: 'Import it in your browser or keychain with the password above.',
    savePem: 'Save PEM file…',
    entries: (file: string) => `In ${file}`,
  },

  settings: {
    title: 'Settings',
    appearance: 'Appearance',
    language: 'Language',
    languages: { system: 'Same as the system', en: 'English', fr: 'Français' },
    theme: 'Theme',
    themes: { system: 'Same as the system', light: 'Light', dark: 'Dark' },
    security: 'Security',
    lockAfter: 'Lock after',
    lockAfterHint: 'Time without use of this app.',
    clearAfter: 'Clear the clipboard after',
    clearAfterHint: 'Counts from each copy. Only a value that is still there is cleared.',
    clearNever: 'Copied values stay in the clipboard until something else is copied.',
    vault: 'Vault',
    about: 'About',
    versionLine: (version: string) => `Coffret ${version}`,
    runtimeLine: (electron: string, chrome: string) => `Electron ${electron} · Chromium ${chrome}`,
    saved: 'Saved',
  },

  shortcuts: {
    title: 'Keyboard shortcuts',
    search: 'Search',
    newSecret: 'New secret',
    lock: 'Lock',
    edit: 'Edit the secret',
    save: 'Review, then save',
    rename: 'Rename or move',
    remove: 'Move the secret to the bin',
    undo: 'Undo moving to the bin',
    escape: 'Close, clear the search, leave the edit',
    settings: 'Settings',
    sheet: 'This list',
    panes: 'Next pane, previous pane',
    tree: 'Move in the tree; a letter finds a name',
    addRow: 'Add a key while editing',
    reveal: 'Reveal or hide the values',
    history: 'Back, forward',
  },

  failures: {
    invalid: 'Something in the form is not accepted.',
    not_found: 'It is not there any more. Somebody may have removed or renamed it.',
    exists: 'Something of this name is already there. Choose another name.',
    cas_mismatch: 'It was changed in the meantime. Review the other change before saving.',
    cas_required: 'This secret wants to know which version is replaced. Open it again and retry.',
    too_large: 'It is too large. A secret is at most 64 KB.',
    locked: 'The vault is locked. Unlock it and try again; nothing is lost.',
    wrong_passphrase: 'That does not open this vault. Check Caps Lock and the keyboard layout.',
    wrong_password: 'That password does not open the file.',
    corrupt:
      'The file is damaged: a part of it is not what was written. Nothing was changed. Restore a copy of the file.',
    not_a_vault: 'This file is no Coffret vault. Choose a .coffret file.',
    newer_format: 'This vault was written by a newer Coffret. Update Coffret to open it.',
    kdf_bounds:
      'The file asks for a key derivation outside safe bounds. It was damaged, or made to harm.',
    not_writable:
      'The file or its folder cannot be written. Check its permissions, or choose another place.',
    stale:
      'The vault file is an older or another copy than this computer knows. Decide first which one to keep.',
    busy: 'Another program is using the vault file. Close it there, then try again.',
    storage:
      'The disk failed or is full. The earlier state is intact. Free some space and try again.',
    unreachable:
      'The server cannot be reached, or is not the one that you trust. Check the network and the address.',
    key_mismatch: 'The private key does not belong to the certificate. Choose the matching pair.',
    forbidden: 'You have no right to do this.',
    unsupported: 'This kind of store cannot do that.',
    cancelled: 'It was given up. Nothing has changed.',
    internal: 'A fault in Coffret. Nothing was lost; try again.',
  } satisfies Record<FailureCode, string>,
  /** What fits better than the general words in one place. */
  failuresHere: {
    missingFile:
      'The vault file is not there. It was moved, renamed, or its disk is not connected.',
    fileExists: 'A file of this name is already there. Choose another name or place.',
    noFolder: 'This folder does not exist. Choose another place.',
    wrongWords: 'These words do not open this vault. Check their order and spelling.',
    wrongCurrent: 'The current passphrase is not right.',
    secretExists:
      'A secret with this path exists. Open it to add a version, or choose another path.',
    code: (code: string) => `Code: ${code}`,
  },
}
