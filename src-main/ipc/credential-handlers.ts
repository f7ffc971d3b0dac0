import type { HandlersOf } from './handlers-of'
import type { HandlerPorts } from './ports'

/** Credential files: looked into, made into PKCS#12, taken apart. */
export function credentialHandlers({ credentials, dialog, files: privateFiles }: HandlerPorts) {
  /** Asks for a place and writes there; the bytes are wiped. */
  const save = async (
    bytes: Uint8Array,
    name: string,
    { extensions, kind }: { extensions: readonly [string, ...string[]]; kind: string },
  ): Promise<string | undefined> => {
    try {
      const [extension] = extensions
      const suggestedPath = `${fileName(name)}.${extension}`
      const chosen = await dialog.chooseNewFile({ suggestedPath, extension, kind })
      if (chosen === undefined) return undefined
      const hasExtension = extensions.some((one) => chosen.toLowerCase().endsWith(`.${one}`))
      const file = hasExtension ? chosen : `${chosen}.${extension}`
      // The dialog asked before replacing the name that was typed, not the one we made of it.
      await privateFiles.write(file, bytes, { mayReplace: hasExtension })
      return file
    } finally {
      bytes.fill(0)
    }
  }
  return {
    'credential.inspect': ({ files, password }) => credentials.inspect({ files, password }),
    'credential.savePkcs12': async ({ keyPassword, ...request }) => {
      // Made first: nobody is asked for a place if there is nothing to put there.
      const bytes = await credentials.makePkcs12({ ...request, keyPassword })
      return save(bytes, request.friendlyName, { extensions: ['p12', 'pfx'], kind: 'PKCS#12' })
    },
    'credential.savePem': async ({ files, keyPassword, newKeyPassword, name }) => {
      const pem = await credentials.extractPem({ files, keyPassword, newKeyPassword })
      const bytes = Buffer.concat([pem.key, pem.certificates])
      pem.key.fill(0)
      return save(bytes, name, { extensions: ['pem'], kind: 'PEM' })
    },
  } satisfies HandlersOf<'credential'>
}

/** A friendly name as a file name that every system takes. */
export function fileName(friendlyName: string): string {
  return friendlyName.replace(/[^\p{L}\p{N} _-]+/gu, '-').slice(0, 64) || 'credential'
}
