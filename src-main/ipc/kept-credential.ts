import {
  CertificateFacts,
  type KeptCertificate,
  type KeptCertificateId,
} from '../contract/kept-certificate'
import type { DomainId } from '../contract/domain'
import { CoffretError } from '../contract/errors'
import type { VaultId } from '../contract/model'
import type { DomainSecret } from '../kv/domain-book'
import type { HandlerPorts, NamedBytes } from './ports'
import { wiping } from './wiping'

/** Where a kept certificate is. */
export interface KeptPlace {
  readonly vault: VaultId
  readonly id: KeptCertificateId
}

/** What is to be kept: files of any form, with a key, its certificate and perhaps a chain in them. */
export interface Keeping {
  readonly files: readonly NamedBytes[]
  readonly keyPassword?: string | undefined
  readonly name: string
  readonly replaces?: KeptCertificateId | undefined
}

type Ports = Pick<HandlerPorts, 'stores' | 'credentials' | 'random' | 'emit'>

/**
 * Makes one PKCS#12 file of the files, and keeps it sealed in a vault.
 * @throws CoffretError as `keptCertificate.keep`
 */
export async function keepFiles(
  { stores, credentials, random, emit }: Ports,
  vault: VaultId,
  { files, keyPassword, name, replaces }: Keeping,
): Promise<KeptCertificate> {
  // Nobody types it, and it lies beside the file in the same sealed record.
  const password = Buffer.from(random(24)).toString('hex')
  const friendlyName = friendlyNameOf(name)
  const request = { files, keyPassword, password, friendlyName, profile: 'modern' } as const
  const pkcs12 = await credentials.makePkcs12(request)
  return wiping([pkcs12], async () => {
    const report = await credentials.inspect({ files, password: keyPassword })
    const [leaf] = report.certificates
    if (leaf === undefined) throw new Error('a PKCS#12 file was made of no certificate')
    const book = stores.vault(vault).keptCertificates
    const kept = book.keep({
      name,
      facts: factsOf(leaf),
      file: { bytes: pkcs12, password },
      replaces,
    })
    emit({ name: 'keptCertificates.changed', vault })
    return kept
  })
}

/** A kept certificate as the file that it is, with what opens it. */
export interface OpenedFile {
  readonly files: readonly [NamedBytes]
  readonly keyPassword: string | undefined
  readonly name: string
}

/** Gives the file of a kept certificate, and wipes it. @throws CoffretError `not_found`, `locked`, `corrupt` */
export async function withKeptFile<T>(
  { stores }: Pick<Ports, 'stores'>,
  { vault, id }: KeptPlace,
  work: (opened: OpenedFile) => Promise<T>,
): Promise<T> {
  const book = stores.vault(vault).keptCertificates
  const { name } = book.find(id)
  const { bytes, password: keyPassword } = book.fileOf(id)
  return wiping([bytes], () => work({ files: [{ name: 'kept', bytes }], keyPassword, name }))
}

/**
 * A kept certificate as connections take it: in PEM, which JavaScript cannot wipe.
 * @throws CoffretError as {@link withKeptFile}
 */
export async function credentialOfKept(
  ports: Pick<Ports, 'stores' | 'credentials'>,
  place: KeptPlace,
): Promise<Extract<DomainSecret, { kind: 'certificate' }>> {
  const pem = await withKeptFile(ports, place, ({ files, keyPassword }) =>
    ports.credentials.extractPem({ files, keyPassword, newKeyPassword: undefined }),
  )
  return wiping([pem.key], async () => ({
    kind: 'certificate',
    certificate: textOf(pem.certificates),
    privateKey: textOf(pem.key),
  }))
}

/**
 * Keeps what a server is entered with in the list of certificates too. One that is there already stays.
 * @param replaces the one whose place it takes
 * @throws CoffretError as `keptCertificate.keep`, but for `exists`
 */
export async function keepCredential(
  ports: Ports,
  vault: VaultId,
  {
    secret,
    name,
    replaces,
  }: { secret: DomainSecret; name: string; replaces?: KeptCertificateId | undefined },
): Promise<void> {
  if (secret.kind !== 'certificate') return
  const bytes = new TextEncoder().encode(secret.privateKey + secret.certificate)
  const files = [{ name: 'credential.pem', bytes }]
  await wiping([bytes], () => keepFiles(ports, vault, { files, name, replaces })).catch(
    (error: unknown) => {
      if (!(error instanceof CoffretError && error.code === 'exists')) throw error
    },
  )
}

/** The one of a vault's list that is this very certificate. @param certificate PEM; undefined for none */
export async function keptTwin(
  { stores, credentials }: Pick<Ports, 'stores' | 'credentials'>,
  vault: VaultId,
  certificate: string | undefined,
): Promise<KeptCertificate | undefined> {
  const fingerprint = await fingerprintOf(credentials, certificate)
  const kept = stores.vault(vault).keptCertificates.list()
  return kept.find(({ sha256Fingerprint }) => sha256Fingerprint === fingerprint)
}

/** The domains that are entered with a kept certificate. */
export async function domainsEnteredWith(
  { stores, credentials }: Pick<Ports, 'stores' | 'credentials'>,
  { vault, id }: KeptPlace,
): Promise<readonly DomainId[]> {
  const { sha256Fingerprint } = stores.vault(vault).keptCertificates.find(id)
  const found: DomainId[] = []
  for (const domain of stores.domains.list()) {
    const certificate = stores.domains.certificateOf(domain.id)
    const isIt = (await fingerprintOf(credentials, certificate)) === sha256Fingerprint
    if (isIt) found.push(domain.id)
  }
  return found
}

/**
 * Enters domains with a certificate that was renewed. A domain that refuses it, since it has ended or is of
 * another domain, goes on with the one that it has.
 */
export async function enterDomains(
  ports: Ports,
  place: KeptPlace,
  domains: readonly DomainId[],
): Promise<void> {
  if (domains.length === 0) return
  const secret = await credentialOfKept(ports, place)
  for (const id of domains) {
    try {
      ports.stores.domains.replaceCredential(id, secret)
    } catch (error) {
      if (!(error instanceof CoffretError)) throw error
    }
  }
  ports.emit({ name: 'domains.changed' })
}

/** Of a certificate in PEM; undefined for none. */
async function fingerprintOf(
  credentials: Ports['credentials'],
  certificate: string | undefined,
): Promise<string | undefined> {
  if (certificate === undefined) return undefined
  const files = [{ name: 'domain.pem', bytes: new TextEncoder().encode(certificate) }]
  const [leaf] = (await credentials.inspect({ files, password: undefined })).certificates
  return leaf?.sha256Fingerprint
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** PKCS#12 counts in the first 65,536 characters of Unicode; the vault keeps the name as it was typed. */
export const friendlyNameOf = (name: string): string => name.replace(/[\0\ud800-\udfff]/g, '')

/** What a list shows, and nothing else of the report. Subjects from strangers have no end. */
function factsOf(leaf: {
  readonly [N in keyof CertificateFacts]: CertificateFacts[N]
}): CertificateFacts {
  const { okmsDomainId, keyType, sha256Fingerprint, validFrom, validTo, clientAuth } = leaf
  return CertificateFacts.parse({
    ...{ keyType, sha256Fingerprint, validFrom, validTo, clientAuth },
    subject: leaf.subject.slice(0, 4096),
    issuer: leaf.issuer.slice(0, 4096),
    ...(okmsDomainId === undefined ? {} : { okmsDomainId }),
  })
}
