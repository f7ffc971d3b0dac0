import { dialog, shell, type MessageBoxOptions } from 'electron'
import { CoffretError } from '../contract/errors'
import { okmsAddress, okmsRegions } from '../contract/okms-regions'
import type { MenuLanguage } from './menu'

/** The few words of the question; it is asked by the system, so that no page can answer it. */
const words = {
  en: {
    message: (host: string) => `Open a page of ${host} in your browser?`,
    open: 'Open',
    cancel: 'Cancel',
  },
  fr: {
    message: (host: string) => `Ouvrir une page de ${host} dans votre navigateur\u00a0?`,
    open: 'Ouvrir',
    cancel: 'Annuler',
  },
} as const

const okmsHosts: readonly string[] = okmsRegions.map(({ id }) => new URL(okmsAddress(id)).host)

/**
 * The address, if it may be opened: `https://`, one of the hosts exactly, and no user in it. The hosts are
 * those of OKMS and those given. Source: security.md E-08.
 * @param own further hosts, with their port
 */
export function allowedAddress(text: string, own: readonly string[] = []): URL | undefined {
  // `URL` would take white space and control characters out, and letters of other scripts as names.
  if (!/^https:\/\/[\x21-\x7e]+$/.test(text) || text.includes('\\')) return undefined
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return undefined
  }
  const isPlain = url.protocol === 'https:' && url.username === '' && url.password === ''
  const isWritten = text.toLowerCase().startsWith(`https://${url.host}/`)
  return isPlain && isWritten && [...okmsHosts, ...own].includes(url.host) ? url : undefined
}

/**
 * Opens a page in the person's browser once they said so to the system's own question.
 * @returns whether it was opened
 * @throws CoffretError `forbidden`
 */
export async function openExternal(
  text: string,
  { own, language }: { readonly own: readonly string[]; readonly language: MenuLanguage },
): Promise<boolean> {
  const url = allowedAddress(text, own)
  if (url === undefined) throw new CoffretError('forbidden', 'this address is not one to open')
  const { response } = await dialog.showMessageBox(questionFor(url, language))
  if (response !== 1) return false
  await shell.openExternal(url.href)
  return true
}

function questionFor({ host, href }: URL, language: MenuLanguage): MessageBoxOptions {
  const say = words[language]
  return {
    type: 'question',
    message: say.message(host),
    detail: href,
    buttons: [say.cancel, say.open],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  }
}
