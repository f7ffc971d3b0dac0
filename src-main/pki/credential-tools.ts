import type { CredentialReport, Pkcs12Profile } from '../contract/calls'
import { CoffretError, type FailureCode } from '../contract/errors'
import type { EpochMs } from '../contract/model'
import type { RandomBytes } from '../env'
import type { Certificate } from './certificate-info'
import { type Chain, belongsTo, isSelfIssued, orderChain } from './chain'
import { type CredentialFile, readCredentialFiles } from './credential-files'
import { writePkcs12 } from './pkcs12'
import {
  type OpenedKey,
  type StoredKey,
  isEncrypted,
  provesCertificate,
  readPrivateKey,
} from './private-key'
import { fingerprint } from './fingerprint'
import { WorkBudget } from './work-budget'

type Problem = CredentialReport['problems'][number]
type Warning = CredentialReport['warnings'][number]

/** What was made of the files. */
export interface Examination {
  readonly report: CredentialReport
  readonly chain: Chain
  readonly key: OpenedKey | undefined
}

/** The key, or why there is none. */
type KeyResult =
  { readonly opened: OpenedKey } | { readonly problem: Problem; readonly type?: string }

/** With what files and keys are opened, and what they may ask for. */
interface Opening {
  readonly password: string | undefined
  readonly work: WorkBudget
}

/** More keys than this are not tried: each may ask for a second of work. */
const maxKeysTried = 4

function openKey(stored: StoredKey, { password, work }: Opening): KeyResult {
  // A key from a PKCS#12 file comes with the password that opened the file.
  const isClosed = isEncrypted(stored) && stored.password === undefined
  if (isClosed && !password) return { problem: 'key-encrypted' }
  try {
    const read = readPrivateKey(stored, password ?? '', work)
    return 'key' in read ? { opened: read } : { problem: 'unsupported-key', type: read.otherType }
  } catch (error) {
    if (!(error instanceof CoffretError)) throw error
    if (error.code === 'wrong_password') return { problem: 'wrong-password' }
    return { problem: error.code === 'invalid' ? 'damaged-key' : 'unsupported-encryption' }
  }
}

/** The one key among those found. The same key in two forms, each opened, counts once. */
function openOnlyKey(keys: readonly StoredKey[], opening: Opening): KeyResult {
  const [only] = keys
  if (!only) return { problem: 'no-key' }
  if (keys.length === 1) return openKey(only, opening)
  if (keys.length > maxKeysTried) return { problem: 'several-keys' }
  const results = keys.map((key) => openKey(key, opening))
  const opened = results.flatMap((result) => ('opened' in result ? [result.opened] : []))
  const kinds = new Set(opened.map((one) => one.publicKeyFingerprint))
  const [first] = opened
  return first && opened.length === keys.length && kinds.size === 1
    ? { opened: first }
    : { problem: 'several-keys' }
}

/** What is wrong between the certificate and the key. */
function pairProblem(leaf: Certificate, { key }: OpenedKey): Problem | undefined {
  if (!belongsTo(leaf, key)) return 'key-mismatch'
  // The right public half beside a wrong private one.
  return provesCertificate(key, leaf) ? undefined : 'damaged-key'
}

function warningsOf({ path, others }: Chain, now: EpochMs): Warning[] {
  const [leaf] = path
  const last = path.at(-1)
  const warnings: readonly [Warning, boolean][] = [
    ['expired', path.some(({ info }) => now > info.validTo)],
    ['not-yet-valid', path.some(({ info }) => now < info.validFrom)],
    ['not-for-client-auth', leaf !== undefined && !leaf.info.clientAuth],
    // Authorities beside a chain that ends in its root are of another one: cross-signed, or just there.
    [
      'incomplete-chain',
      last !== undefined && !isSelfIssued(last) && others.some(({ info }) => info.isCa),
    ],
  ]
  return warnings.flatMap(([warning, applies]) => (applies ? [warning] : []))
}

/** Reads files, opens their key and puts their certificates in order. It never throws for what is in them. */
export function examine(
  files: readonly CredentialFile[],
  password: string | undefined,
  now: EpochMs,
): Examination {
  const opening: Opening = { password, work: new WorkBudget() }
  const found = readCredentialFiles(files, password, opening.work)
  const result = openOnlyKey(found.keys, opening)
  const key = 'opened' in result ? result.opened : undefined
  const chain = orderChain(found.certificates, key?.key)
  const [leaf] = chain.path
  const unpaired = leaf && key && pairProblem(leaf, key)
  const problems: Problem[] = found.isClosed
    ? // Nobody knows what is in it: whether something is missing, and what, is to be seen then.
      [password ? 'wrong-password' : 'key-encrypted']
    : [
        ...(leaf === undefined ? (['no-certificate'] as const) : []),
        ...('problem' in result ? [result.problem] : []),
        ...(unpaired ? [unpaired] : []),
      ]
  const [stored] = found.keys
  const isSingle = key !== undefined || found.keys.length === 1
  const keyType = key?.type ?? ('type' in result ? result.type : undefined) ?? 'unknown'
  const report: CredentialReport = {
    files: found.files,
    certificates: [...chain.path, ...chain.others].map(({ info }) => info),
    chainLength: chain.path.length,
    ...(found.friendlyName && { friendlyName: found.friendlyName }),
    ...(stored && isSingle && { key: { type: keyType, encrypted: isEncrypted(stored) } }),
    ...(leaf &&
      key &&
      unpaired === 'key-mismatch' && {
        mismatch: { certificate: fingerprint(leaf.publicKeyDer), key: key.publicKeyFingerprint },
      }),
    problems,
    warnings: warningsOf(chain, now),
  }
  return { report, chain, key }
}

/**
 * Says what certificate, key and PKCS#12 files, and archives of them, hold, by content and not by name. It never throws for what is
 * in them, and gives no private key away.
 * @param password opens an encrypted key or PKCS#12 file; undefined or empty when none was given
 */
export function inspectCredentials(
  files: readonly CredentialFile[],
  password: string | undefined,
  now: EpochMs,
): CredentialReport {
  return examine(files, password, now).report
}

/** How each problem is refused when a file is asked for all the same. */
const refusals: Readonly<Record<Problem, { code: FailureCode; field: string; message: string }>> = {
  'no-certificate': { code: 'invalid', field: 'files', message: 'no certificate in the files' },
  'no-key': { code: 'invalid', field: 'files', message: 'no private key in the files' },
  'several-keys': {
    code: 'invalid',
    field: 'files',
    message: 'several private keys, expected one',
  },
  'key-mismatch': {
    code: 'key_mismatch',
    field: 'files',
    message: 'the private key does not belong to the certificate',
  },
  'key-encrypted': {
    code: 'wrong_password',
    field: 'keyPassword',
    message: 'the private key or PKCS#12 file is encrypted, and no password was given',
  },
  'wrong-password': {
    code: 'wrong_password',
    field: 'keyPassword',
    message: 'the password does not open the private key or PKCS#12 file',
  },
  'unsupported-key': {
    code: 'unsupported',
    field: 'files',
    message: 'private key of another kind than RSA 2048 to 8192, EC P-256/384/521 or Ed25519',
  },
  'unsupported-encryption': {
    code: 'unsupported',
    field: 'files',
    message: 'the private key is encrypted in a way, or at a cost, that is not accepted',
  },
  'damaged-key': { code: 'invalid', field: 'files', message: 'the private key is damaged' },
}

/**
 * The key and the chain of files that lack nothing.
 * @throws {CoffretError} as the first problem of the report
 */
export function examineSound(
  files: readonly CredentialFile[],
  password: string | undefined,
  now: EpochMs,
): { chain: Chain; key: OpenedKey; report: CredentialReport } {
  const { report, chain, key } = examine(files, password, now)
  const [problem] = report.problems
  if (problem) {
    const { code, field, message } = refusals[problem]
    throw new CoffretError(code, message, { field })
  }
  if (!key) throw new Error('a report without problems has a key')
  return { chain, key, report }
}

/** Refuses what some program would read differently from the one beside it, or not at all. */
function checkText(text: string, field: string, least: number, most: number): void {
  if (text.length < least || text.length > most) {
    throw new CoffretError('invalid', `${field} is ${least} to ${most} characters`, { field })
  }
  // C programs end a password at a zero. PKCS#12 counts in the 65,536 first characters of Unicode:
  // with any other BoringSSL refuses the whole file.
  if (/[\0\ud800-\udfff]/.test(text)) {
    throw new CoffretError('invalid', `${field} holds a character beyond U+FFFF, or a zero`, {
      field,
    })
  }
}

/** @throws {CoffretError} `invalid` for a password that is not 1 to 1,024 characters of U+0001 to U+FFFF */
export function checkNewPassword(password: string): void {
  checkText(password, 'password', 1, 1024)
}

/**
 * Makes a PKCS#12 file of the key, its certificate and the chain above it; from a PKCS#12 file, one with
 * another password or profile. Expired certificates
 * are no hindrance: the report warns of them.
 * @param request `password` protects the new file, 1 to 1,024 characters; `keyPassword` opens the key;
 * `friendlyName` is 0 to 128 characters. Neither holds characters beyond U+FFFF, for example emoji
 * @throws {CoffretError} `invalid`, `unsupported`, `wrong_password` or `key_mismatch`, as the
 * problems of the report
 */
export async function makePkcs12(request: {
  readonly files: readonly CredentialFile[]
  readonly keyPassword?: string | undefined
  readonly password: string
  readonly friendlyName: string
  readonly profile: Pkcs12Profile
  readonly random: RandomBytes
  readonly now: EpochMs
}): Promise<Uint8Array> {
  const { password, friendlyName, profile, random } = request
  checkNewPassword(password)
  checkText(friendlyName, 'friendlyName', 0, 128)
  const { chain, key } = examineSound(request.files, request.keyPassword, request.now)
  const certificates = chain.path.map(({ der }) => der)
  return writePkcs12({ key: key.key, certificates, friendlyName, password }, profile, random)
}
