import type { CertificateInfo, CredentialReport } from '../contract/calls'
import { printable } from '../pki/distinguished-name'

const foundWords: Readonly<Record<CredentialReport['files'][number]['found'][number], string>> = {
  archive: 'ZIP archive',
  pkcs12: 'PKCS#12 file',
  certificate: 'certificate',
  'private-key': 'private key',
  'encrypted-private-key': 'encrypted private key',
}

const fileProblems: Readonly<
  Record<NonNullable<CredentialReport['files'][number]['problem']>, string>
> = {
  empty: 'empty',
  'not-a-credential': 'no certificate and no key in it',
  'too-large': 'larger than 1 MiB',
  'too-many': 'with it there are more than 64 certificates and keys',
  damaged: 'damaged',
  unsupported:
    'encrypted in a way, or at a cost, that is not accepted: export it again, with AES-256 or 3DES',
  'encrypted-archive': 'an encrypted archive: unpack it first',
  'nested-archive': 'an archive in an archive: unpack it first',
  'unsafe-archive': 'an archive that is damaged, unsafe or packed in a rare way: unpack it first',
  'certificate-request': 'a certificate request (CSR): its answer, the certificate, is needed',
  'public-key': 'a public key: the private one is needed',
  'java-key-store':
    'a Java key store: turn it into PKCS#12 with keytool -importkeystore -deststoretype PKCS12',
}

const keyKinds = 'RSA 2048 to 8192, EC P-256, EC P-384, EC P-521 and Ed25519'

const problems: Readonly<Record<CredentialReport['problems'][number], string>> = {
  'no-certificate': 'no certificate',
  'no-key': 'no private key',
  'several-keys': 'more than one private key',
  'key-mismatch': 'the private key belongs to another certificate',
  'key-encrypted': 'a password is needed',
  'wrong-password': 'wrong password',
  'unsupported-key': `the private key is none of ${keyKinds}`,
  'unsupported-encryption':
    'the private key is encrypted in a way, or at a cost, that is not accepted: openssl pkcs8 -topk8 encrypts it anew',
  'damaged-key': 'the private key is damaged',
}

const warnings: Readonly<Record<CredentialReport['warnings'][number], string>> = {
  expired: 'a certificate has expired',
  'not-yet-valid': 'a certificate is not valid yet',
  'not-for-client-auth': 'the certificate is not meant to identify a client',
  'incomplete-chain': 'a certificate of the chain is missing',
}

/** What stands in the way, as one line: the files that are none, and what all of them together lack. */
export function problemText(report: CredentialReport): string {
  const ofFiles = report.files.flatMap(({ name, problem }) =>
    problem === undefined ? [] : [`${printable(name)}: ${fileProblems[problem]}`],
  )
  // What lies in a file that cannot be opened is not missing.
  const isUnknown = report.files.some(({ problem }) => problem === 'unsupported')
  const known = isUnknown ? report.problems.filter((one) => !absences.has(one)) : report.problems
  return [...ofFiles, ...known.map((one) => problemLine(one, report))].join('; ')
}

const absences: ReadonlySet<string> = new Set(['no-certificate', 'no-key'])

/** A problem, with the kind of the key where that is the problem. */
function problemLine(problem: CredentialReport['problems'][number], report: CredentialReport) {
  const type = problem === 'unsupported-key' ? report.key?.type : undefined
  return type === undefined
    ? problems[problem]
    : `a private key of type ${printable(type)} cannot be used, only ${keyKinds}`
}

/** The certificates that go into no file that is made, since they are not of the chain. */
export const leftOut = ({ certificates, chainLength }: CredentialReport): string[] =>
  certificates.slice(chainLength).map(({ subject }) => printable(subject))

/** What people should know of a credential that can be used all the same, a line each. */
export const warningLines = (report: CredentialReport): string[] =>
  report.warnings.map((one) => `warning: ${warnings[one]}`)

function linesOfCertificate(info: CertificateInfo, isInChain: boolean): string[] {
  const date = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z')
  const rows: readonly [string, string][] = [
    ['subject', info.subject],
    ['issuer', info.issuer],
    ['valid', `${date(info.validFrom)} to ${date(info.validTo)}`],
    ['key', info.keyType],
    ['names', info.subjectAltNames.join(', ')],
    ['OKMS domain', info.okmsDomainId ?? ''],
    ['uses', info.extendedKeyUsages.join(', ')],
    ['serial', info.serialNumber],
    ['SHA-256', info.sha256Fingerprint],
    ['SHA-1', info.sha1Fingerprint],
  ]
  const notes = [...(info.isCa ? ['authority'] : []), ...(isInChain ? [] : ['not in the chain'])]
  return [
    notes.length === 0 ? 'certificate' : `certificate (${notes.join(', ')})`,
    ...rows
      .filter(([, value]) => value !== '')
      .map(([name, value]) => `  ${name.padEnd(12)}${value}`),
  ]
}

function linesOfFile({
  name,
  found,
  problem,
  entries,
}: CredentialReport['files'][number]): string[] {
  const what = found.map((one) => foundWords[one])
  const all = problem === undefined ? what : [...what, fileProblems[problem]]
  const inside = entries?.flatMap((entry) => linesOfFile(entry).map((line) => `  ${line}`)) ?? []
  return [`${printable(name)}: ${all.join(', ')}`, ...inside]
}

/** What was found in files, for people: whatever the files call themselves, no control characters. */
export function reportText(report: CredentialReport): string {
  const { key, friendlyName, mismatch, chainLength } = report
  const belongs = report.problems.length === 0 ? ', belongs to the first certificate' : ''
  return [
    ...report.files.flatMap(linesOfFile),
    ...(friendlyName === undefined ? [] : [`name: ${printable(friendlyName)}`]),
    ...report.certificates.flatMap((info, at) => linesOfCertificate(info, at < chainLength)),
    ...(key === undefined ? [] : [`private key: ${key.type}${belongs}`]),
    ...report.problems.map((one) => `problem: ${problemLine(one, report)}`),
    ...(mismatch === undefined
      ? []
      : [
          `  public key of the certificate, SHA-256: ${mismatch.certificate}`,
          `  public key of the private key, SHA-256: ${mismatch.key}`,
        ]),
    ...warningLines(report),
  ].join('\n')
}
