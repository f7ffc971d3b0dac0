import { join } from 'node:path'
import type { VaultId } from '../contract/model'
import { authorityFile, type IssuedAccess, type LocalAccess } from '../stores/local-access'
import type { HandlersOf } from './handlers-of'
import { keepCredential } from './kept-credential'
import type { HandlerPorts } from './ports'
import { fileName, pemFile, saveFile } from './saved-file'

/** Beside the authority's certificate, for servers that check it by themselves. */
const revocationListName = 'coffret-ca-crl'

/** Who may call the local API. The key of a client certificate goes into files, never to the window. */
export function accessHandlers(ports: HandlerPorts) {
  const { stores, access, dialog, files } = ports
  const of = (vault: VaultId): LocalAccess => access(stores.vault(vault))

  /** Writes all files into a new folder; what cannot be delivered is not left good. */
  const deliver = async (issued: IssuedAccess, chosen: string, from: LocalAccess) => {
    const { credential } = issued
    const folder = join(chosen, `${fileName(credential.name)}-${credential.id.slice(0, 8)}`)
    try {
      await files.newFolder(folder)
      for (const { name, bytes } of issued.files) {
        await files.write(join(folder, name), bytes, { mayReplace: false })
      }
      return folder
    } catch (error) {
      from.remove(credential.id)
      throw error
    } finally {
      for (const { bytes } of issued.files) bytes.fill(0)
    }
  }

  return {
    'access.list': ({ vault }) => of(vault).list(),
    'access.issueToken': ({ vault, ...request }) => of(vault).issueToken(request),
    'access.issueCertificate': async ({ vault, keeps, ...request }) => {
      const from = of(vault)
      // Asked for first: a certificate that nobody has would stay in the list.
      const chosen = await dialog.chooseFolder('')
      if (chosen === undefined) return undefined
      const issued = await from.issueCertificate(request)
      const folder = await deliver(issued, chosen, from)
      const { credential, certificate, privateKey } = issued
      if (keeps !== undefined && privateKey !== undefined) {
        const { authority } = await from.serverIdentity()
        const secret = {
          kind: 'certificate',
          certificate: certificate + authority,
          privateKey,
        } as const
        await keepCredential(ports, vault, { secret, name: credential.name, ...keeps })
      }
      return { credential, certificate, folder, files: issued.files.map(({ name }) => name) }
    },
    'access.revoke': ({ vault, id }) => of(vault).revoke(id),
    'access.remove': ({ vault, id }) => of(vault).remove(id),
    'access.authority': async ({ vault }) => {
      const { authority, fingerprint } = await of(vault).serverIdentity()
      return { certificate: authority, fingerprint }
    },
    'access.saveAuthority': async ({ vault }) => {
      const { authority } = await of(vault).serverIdentity()
      const bytes = new TextEncoder().encode(authority)
      return saveFile({ dialog, files }, bytes, authorityFile.replace(/\.pem$/, ''), pemFile)
    },
    'access.saveRevocationList': async ({ vault }) => {
      const { revoked } = await of(vault).serverIdentity()
      const bytes = new TextEncoder().encode(revoked)
      return saveFile({ dialog, files }, bytes, revocationListName, pemFile)
    },
  } satisfies HandlersOf<'access'>
}
