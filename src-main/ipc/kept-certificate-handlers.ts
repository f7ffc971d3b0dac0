import { CertificateFacts, type KeptCertificateId } from '../contract/kept-certificate'
import type { VaultId } from '../contract/model'
import type { HandlersOf } from './handlers-of'
import type { HandlerPorts, NamedBytes } from './ports'
import { pemFile, pkcs12File, saveFile } from './saved-file'
import { wiping } from './wiping'

interface One {
  readonly vault: VaultId
  readonly id: KeptCertificateId
}

/** Certificates that a vault keeps. Their keys go into files, browsers and TLS, never to the window. */
export function keptCertificateHandlers(ports: HandlerPorts) {
  const { stores, credentials, browsers, access, emit } = ports
  const bookOf = (vault: VaultId) => stores.vault(vault).keptCertificates
  const changed = (vault: VaultId) => emit({ name: 'keptCertificates.changed', vault })

  /** Gives a kept certificate as the file that it came from could have been, and wipes that. */
  const withFile = async <T>(
    { vault, id }: One,
    work: (file: NamedBytes, name: string) => Promise<T>,
  ): Promise<T> => {
    const book = bookOf(vault)
    const { name } = book.find(id)
    const { certificates, privateKey } = book.pairOf(id)
    const bytes = new TextEncoder().encode(privateKey + certificates)
    return wiping([bytes], () => work({ name: 'kept.pem', bytes }, name))
  }

  return {
    'keptCertificate.list': ({ vault }) => bookOf(vault).list(),
    'keptCertificate.keep': async ({ vault, files, keyPassword, name, replaces }) => {
      const pem = await credentials.extractPem({ files, keyPassword, newKeyPassword: undefined })
      return wiping([pem.key], async () => {
        const report = await credentials.inspect({ files, password: keyPassword })
        const [leaf] = report.certificates
        if (leaf === undefined) throw new Error('a key was taken out without its certificate')
        const pair = { certificates: textOf(pem.certificates), privateKey: textOf(pem.key) }
        const facts = factsOf(leaf)
        const kept = bookOf(vault).keep({ name, facts, pair, replaces })
        changed(vault)
        return kept
      })
    },
    'keptCertificate.rename': ({ vault, id, name }) => {
      const renamed = bookOf(vault).rename(id, name)
      changed(vault)
      return renamed
    },
    'keptCertificate.remove': ({ vault, id }) => {
      bookOf(vault).remove(id)
      changed(vault)
    },
    'keptCertificate.savePkcs12': ({ password, profile, ...one }) =>
      withFile(one, async (file, friendlyName) => {
        const request = { files: [file], keyPassword: undefined, password, friendlyName, profile }
        const bytes = await credentials.makePkcs12(request)
        return saveFile(ports, bytes, friendlyName, pkcs12File)
      }),
    'keptCertificate.savePem': ({ newKeyPassword, ...one }) =>
      withFile(one, async (file, name) => {
        const request = { files: [file], keyPassword: undefined, newKeyPassword }
        const pem = await credentials.extractPem(request)
        const bytes = Buffer.concat([pem.key, pem.certificates])
        pem.key.fill(0)
        return saveFile(ports, bytes, name, pemFile)
      }),
    'keptCertificate.importIntoBrowser': ({ store, databasePassword, ...one }) =>
      wiping(databasePassword === undefined ? [] : [databasePassword], () =>
        withFile(one, (file, name) => {
          // Names in browsers are shorter than ours.
          const request = { store, files: [file], keyPassword: undefined, name: name.slice(0, 64) }
          return browsers.import({ ...request, databasePassword })
        }),
      ),
    'keptCertificate.probe': async ({ vault, id, url, authorities }) => {
      const { certificates, privateKey } = bookOf(vault).pairOf(id)
      const own = isThisComputer(url)
        ? [(await access(stores.vault(vault)).serverIdentity()).authority]
        : []
      const trusted = [...own, ...(authorities === undefined ? [] : [authorities])]
      const certificate = { kind: 'certificate', certificate: certificates, privateKey } as const
      return ports.probe({ url, certificate, authorities: trusted.join('\n') })
    },
    'keptCertificate.openPage': ({ address }) => ports.app.openPage(address),
  } satisfies HandlersOf<'keptCertificate'>
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

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

/** There the vault's own authority vouches for the local API. */
function isThisComputer(url: string): boolean {
  return /^https:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/i.test(url)
}
