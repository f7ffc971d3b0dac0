import {
  CertificateFacts,
  type KeptCertificate,
  type KeptCertificateId,
} from '../contract/kept-certificate'
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
    const kept = book.keep({ name, facts: factsOf(leaf), file: { pkcs12, password }, replaces })
    emit({ name: 'keptCertificates.changed', vault })
    return kept
  })
}

/** A kept certificate as connections take it: in PEM, which JavaScript cannot wipe. */
export async function credentialOfKept(
  { stores, credentials }: Pick<Ports, 'stores' | 'credentials'>,
  { vault, id }: KeptPlace,
): Promise<Extract<DomainSecret, { kind: 'certificate' }>> {
  const { pkcs12: bytes, password: keyPassword } = stores.vault(vault).keptCertificates.fileOf(id)
  const files = [{ name: 'kept.p12', bytes }]
  const pem = await wiping([bytes], () =>
    credentials.extractPem({ files, keyPassword, newKeyPassword: undefined }),
  )
  return wiping([pem.key], async () => ({
    kind: 'certificate',
    certificate: textOf(pem.certificates),
    privateKey: textOf(pem.key),
  }))
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
