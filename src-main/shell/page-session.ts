import type { Session } from 'electron'
import type { RandomBytes } from '../env'
import { appScheme, createPageHandler, listPageFiles } from './app-scheme'
import { developmentPolicy } from './content-security-policy'
import { refuseNetwork } from './hardening'

/** Serves the built page from its folder, and lets the session reach nothing else. */
export function servePage(session: Session, folder: string, random: RandomBytes): void {
  session.protocol.handle(appScheme, createPageHandler(listPageFiles(folder), random))
  refuseNetwork(session)
}

/** Lets vite serve the page: its own policy instead of ours. */
export function serveDevelopmentPage(session: Session, origin: string): void {
  session.webRequest.onHeadersReceived(({ responseHeaders }, answer) => {
    const policy = { 'content-security-policy': [developmentPolicy(origin)] }
    answer({ responseHeaders: { ...responseHeaders, ...policy } })
  })
}
