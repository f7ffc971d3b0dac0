import type { HandlersOf } from './handlers-of'
import type { HandlerPorts } from './ports'
import { pemFile, pkcs12File, saveFile } from './saved-file'

/** Credential files: looked into, made into PKCS#12, taken apart. */
export function credentialHandlers(ports: HandlerPorts) {
  const { credentials } = ports
  return {
    'credential.inspect': ({ files, password }) => credentials.inspect({ files, password }),
    'credential.savePkcs12': async ({ keyPassword, ...request }) => {
      // Made first: nobody is asked for a place if there is nothing to put there.
      const bytes = await credentials.makePkcs12({ ...request, keyPassword })
      return saveFile(ports, bytes, request.friendlyName, pkcs12File)
    },
    'credential.savePem': async ({ files, keyPassword, newKeyPassword, name }) => {
      const pem = await credentials.extractPem({ files, keyPassword, newKeyPassword })
      const bytes = Buffer.concat([pem.key, pem.certificates])
      pem.key.fill(0)
      return saveFile(ports, bytes, name, pemFile)
    },
  } satisfies HandlersOf<'credential'>
}
