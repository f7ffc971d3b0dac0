import type { App, Session, WebContents } from 'electron'

/**
 * Takes from every page and session what no screen of ours needs: navigation, windows, webviews,
 * permissions, devices, downloads, the network.
 * @param pageUrl the only address that a page may load, for its own reload
 */
export function harden(app: App, pageUrl: string): void {
  app.on('web-contents-created', (_event, contents) => hardenContents(contents, pageUrl))
  app.on('session-created', hardenSession)
}

/** Refuses to leave the page, to open another, and to embed one. */
export function hardenContents(contents: WebContents, pageUrl: string): void {
  contents.on('will-navigate', (event) => {
    if (event.url !== pageUrl) event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || event.url !== pageUrl) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

/** Refuses permissions, devices and downloads. */
export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setSpellCheckerEnabled(false)
  session.on('will-download', (event) => event.preventDefault())
}

/** Refuses every request that leaves the machine, beside the policy of the page. */
export function refuseNetwork(session: Session): void {
  const urls = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*']
  session.webRequest.onBeforeRequest({ urls }, (_details, answer) => answer({ cancel: true }))
}
