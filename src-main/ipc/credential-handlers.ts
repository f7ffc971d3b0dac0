import type { HandlersOf } from './handlers-of'
import type { HandlerPorts } from './ports'

const extension = 'p12'

/** Credential files: looked into, and made into PKCS#12. */
export function credentialHandlers({ credentials, dialog, files: privateFiles }: HandlerPorts) {
  return {
    'credential.inspect': ({ files, password }) => credentials.inspect(files, password),
    'credential.savePkcs12': async ({ keyPassword, ...request }) => {
      // Made first: nobody is asked for a place if there is nothing to put there.
      const bytes = await credentials.makePkcs12({ ...request, keyPassword })
      try {
        const suggestedPath = `${fileName(request.friendlyName)}.${extension}`
        const chosen = await dialog.chooseNewFile({ suggestedPath, extension, kind: 'PKCS#12' })
        if (chosen === undefined) return undefined
        const hasExtension = /\.(p12|pfx)$/i.test(chosen)
        const file = hasExtension ? chosen : `${chosen}.${extension}`
        // The dialog asked before replacing the name that was typed, not the one we made of it.
        await privateFiles.write(file, bytes, { mayReplace: hasExtension })
        return file
      } finally {
        bytes.fill(0)
      }
    },
  } satisfies HandlersOf<'credential'>
}

/** A friendly name as a file name that every system takes. */
function fileName(friendlyName: string): string {
  return friendlyName.replace(/[^\p{L}\p{N} _-]+/gu, '-').slice(0, 64) || 'credential'
}
