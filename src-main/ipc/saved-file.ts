import type { HandlerPorts } from './ports'

/** What a file is for the dialog that asks for its place. */
export interface SavedKind {
  /** Without the dot; the first is added to a name that has none of them. */
  readonly extensions: readonly [string, ...string[]]
  readonly kind: string
}

/**
 * Asks for a place and writes there (0600); the bytes are wiped.
 * @returns the file; undefined when the person gave up
 * @throws CoffretError `exists`, `not_writable`, `storage`
 */
export async function saveFile(
  { dialog, files }: Pick<HandlerPorts, 'dialog' | 'files'>,
  bytes: Uint8Array,
  name: string,
  { extensions, kind }: SavedKind,
): Promise<string | undefined> {
  try {
    const [extension] = extensions
    const suggestedPath = `${fileName(name)}.${extension}`
    const chosen = await dialog.chooseNewFile({ suggestedPath, extension, kind })
    if (chosen === undefined) return undefined
    const hasExtension = extensions.some((one) => chosen.toLowerCase().endsWith(`.${one}`))
    const file = hasExtension ? chosen : `${chosen}.${extension}`
    // The dialog asked before replacing the name that was typed, not the one we made of it.
    await files.write(file, bytes, { mayReplace: hasExtension })
    return file
  } finally {
    bytes.fill(0)
  }
}

/** PKCS#12, by either of its names. */
export const pkcs12File: SavedKind = { extensions: ['p12', 'pfx'], kind: 'PKCS#12' }

/** PEM. */
export const pemFile: SavedKind = { extensions: ['pem'], kind: 'PEM' }

/** A friendly name as a file name that every system takes. */
export function fileName(friendlyName: string): string {
  return friendlyName.replace(/[^\p{L}\p{N} _-]+/gu, '-').slice(0, 64) || 'credential'
}
