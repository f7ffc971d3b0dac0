import type { HandlersOf } from './handlers-of'
import {
  credentialOfKept,
  domainsEnteredWith,
  enterDomains,
  friendlyNameOf,
  keepFiles,
  withKeptFile,
  type KeptPlace,
} from './kept-credential'
import type { HandlerPorts } from './ports'
import { pemFile, pkcs12File, saveFile } from './saved-file'
import { wiping } from './wiping'

/** Certificates that a vault keeps. Their keys go into files, browsers and TLS, never to the window. */
export function keptCertificateHandlers(ports: HandlerPorts) {
  const { stores, credentials, browsers, access, emit } = ports
  const bookOf = (vault: KeptPlace['vault']) => stores.vault(vault).keptCertificates
  const changed = (vault: KeptPlace['vault']) => emit({ name: 'keptCertificates.changed', vault })

  return {
    'keptCertificate.list': ({ vault }) => bookOf(vault).list(),
    'keptCertificate.keep': async ({ vault, ...keeping }) => {
      const { replaces: id } = keeping
      const entered = id === undefined ? [] : await domainsEnteredWith(ports, { vault, id })
      const kept = await keepFiles(ports, vault, keeping)
      await enterDomains(ports, { vault, id: kept.id }, entered)
      return kept
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
      withKeptFile(ports, one, async ({ files, keyPassword, name }) => {
        const friendlyName = friendlyNameOf(name)
        const request = { files, keyPassword, password, friendlyName, profile }
        const bytes = await credentials.makePkcs12(request)
        return saveFile(ports, bytes, name, pkcs12File)
      }),
    'keptCertificate.savePem': ({ newKeyPassword, ...one }) =>
      withKeptFile(ports, one, async ({ files, keyPassword, name }) => {
        const pem = await credentials.extractPem({ files, keyPassword, newKeyPassword })
        const bytes = Buffer.concat([pem.key, pem.certificates])
        pem.key.fill(0)
        return saveFile(ports, bytes, name, pemFile)
      }),
    'keptCertificate.importIntoBrowser': ({ store, databasePassword, ...one }) =>
      wiping(databasePassword === undefined ? [] : [databasePassword], () =>
        withKeptFile(ports, one, ({ files, keyPassword, name }) => {
          // Names in browsers are shorter than ours.
          const request = { store, files, keyPassword, name: name.slice(0, 64) }
          return browsers.import({ ...request, databasePassword })
        }),
      ),
    'keptCertificate.probe': async ({ url, authorities, ...one }) => {
      const certificate = await credentialOfKept(ports, one)
      const own = isThisComputer(url)
        ? [(await access(stores.vault(one.vault)).serverIdentity()).authority]
        : []
      const trusted = [...own, ...(authorities === undefined ? [] : [authorities])]
      return ports.probe({ url, certificate, authorities: trusted.join('\n') })
    },
    'keptCertificate.openPage': ({ address }) => ports.app.openPage(address),
  } satisfies HandlersOf<'keptCertificate'>
}

/** There the vault's own authority vouches for the local API. */
function isThisComputer(url: string): boolean {
  return /^https:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/i.test(url)
}
