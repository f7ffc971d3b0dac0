import { join } from 'node:path'
import {
  Menu,
  app,
  ipcMain,
  nativeImage,
  nativeTheme,
  powerMonitor,
  protocol,
  session,
  type Session,
} from 'electron'
import iconUrl from '../resources/icons/coffret.png?inline'
import type { AppInfo, Preferences } from './contract/calls'
import type { AppEvent } from './contract/events'
import { calibrateKdf } from './crypto/kdf'
import { systemClock, systemRandom } from './env'
import { createDispatch } from './ipc/dispatch'
import { createHandlers } from './ipc/handlers'
import type { AppPort, CredentialTools } from './ipc/ports'
import { inspectCredentials, makePkcs12 } from './pki/credential-tools'
import { appOrigin, appPage, appScheme, createPageHandler, listPageFiles } from './shell/app-scheme'
import { SecretClipboard } from './shell/clipboard'
import { developmentPolicy } from './shell/content-security-policy'
import { systemDialogs } from './shell/dialogs'
import { systemClipboard } from './shell/electron-compat'
import { harden, refuseNetwork } from './shell/hardening'
import { IdleLock, idleCheckMs } from './shell/idle-lock'
import { connectIpc } from './shell/ipc-bridge'
import { LockSequence } from './shell/lock-sequence'
import { MainWindow } from './shell/main-window'
import { menuLanguage, menuTemplate } from './shell/menu'
import { privateFiles } from './shell/private-file'
import { report } from './shell/report'
import { openSettingsFile } from './shell/settings-file'
import { dangerousAmong } from './shell/switches'
import { systemTimers as timers } from './shell/timers'
import { partition } from './shell/window-options'
import { StoreRegistry } from './stores/store-registry'

/** Set by `npm run dev`: the page comes from vite, which reloads it. */
const developmentUrl = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL']
const pageUrl = developmentUrl ?? appPage
const origin = developmentUrl === undefined ? appOrigin : new URL(developmentUrl).origin

const clock = systemClock
const random = systemRandom

function main(): void {
  const dangerous = dangerousAmong((name) => app.commandLine.hasSwitch(name))
  if (app.isPackaged && dangerous.length > 0) {
    console.error(`coffret does not start with --${dangerous.join(', --')}`)
    app.exit(1)
    return
  }
  // With the switch, `enableSandbox` makes Chromium's network service start over and over.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  app.commandLine.appendSwitch('disable-http-cache')
  app.commandLine.appendSwitch('disable-gpu-shader-disk-cache')
  const privileges = { standard: true, secure: true }
  protocol.registerSchemesAsPrivileged([{ scheme: appScheme, privileges }])
  process.on('uncaughtException', (error) => giveUp('uncaught', error))
  process.on('unhandledRejection', (error) => report('unhandled', error))
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  harden(app, pageUrl)
  app
    .whenReady()
    .then(start)
    .catch((error: unknown) => giveUp('start', error))
}

/** After this nothing can be relied on: the keys go with the process. */
function giveUp(where: string, error: unknown): void {
  report(where, error)
  app.exit(1)
}

function start(): void {
  const settings = openSettingsFile()
  const emit = (event: AppEvent) => window.send(event)
  const stores = new StoreRegistry({
    settings,
    clock,
    random,
    chooseKdf: () => calibrateKdf(clock),
    defaultFolder: defaultVaultFolder(),
    onChange: () => emit({ name: 'stores.changed' }),
  })
  const clipboard = new SecretClipboard({
    device: systemClipboard(),
    clock,
    random,
    timers,
    secondsToClear: () => settings.read().preferences.clearClipboardAfterSeconds,
    emit,
  })
  const pageSession = session.fromPartition(partition)
  const replaceWindow = () => {
    window.replace()
    // In memory, but it would outlive the process.
    void pageSession.clearStorageData()
  }
  const lock = new LockSequence({
    isInUse: () => stores.isInUse,
    lockAll: () => stores.lockAll(),
    clearClipboard: () => clipboard.clear(),
    replaceWindow,
    emit,
    timers,
    report,
  })
  const idle = new IdleLock({
    clock,
    minutesToLock: () => settings.read().preferences.lockAfterMinutes,
    isInUse: () => stores.isInUse,
    lock: () => void lock.run(),
  })
  const window = new MainWindow({
    pageUrl,
    icon: nativeImage.createFromDataURL(iconUrl),
    preload: join(app.getAppPath(), 'out/preload/preload.cjs'),
    isDevelopment: developmentUrl !== undefined,
    settings,
    lock: () => void lock.run(),
    beforeClose: () => lock.run({ replacesWindow: false }),
    onCrash: (hadLoaded) => {
      if (!hadLoaded) giveUp('start', new Error('the page crashes while it loads'))
      else void lock.run({ replacesWindow: false }).then(replaceWindow)
    },
  })
  const application = appPort(lock)
  const handlers = createHandlers({
    stores,
    settings,
    clipboard,
    dialog: systemDialogs(() => window.current),
    credentials,
    files: privateFiles(random),
    app: application,
    emit,
  })
  connectIpc({
    ipcMain,
    dispatch: createDispatch(handlers, origin, report),
    origin,
    isOurWindow: (contents) => window.owns(contents),
    onActivity: () => idle.touch(),
  })
  servePage(pageSession)
  application.applyPreferences(settings.read().preferences)
  watchSystem(lock, idle)
  app.on('second-instance', () => window.focus())
  app.on('window-all-closed', () => app.quit())
  endCleanly(() => {
    stores.close()
    return clipboard.clear()
  })
  window.open()
}

const credentials: CredentialTools = {
  inspect: (files, password) => inspectCredentials(files, password, clock.now()),
  makePkcs12: (request) => makePkcs12({ ...request, random, now: clock.now() }),
}

function appPort(lock: LockSequence): AppPort {
  return {
    info: appInfo,
    quit: () => app.quit(),
    lock: () => void lock.run(),
    draftKept: () => lock.draftKept(),
    applyPreferences: (preferences) => applyPreferences(preferences, () => void lock.run()),
  }
}

function appInfo(): AppInfo {
  return {
    version: app.getVersion(),
    electron: process.versions['electron'] ?? '',
    chrome: process.versions['chrome'] ?? '',
    fallbackRuntime: process.env['COFFRET_RUNTIME_FALLBACK'] === '1',
    platform: process.platform,
    systemLanguage: systemLanguage(),
    defaultVaultFolder: defaultVaultFolder(),
  }
}

function systemLanguage(): string {
  return app.getPreferredSystemLanguages()[0] ?? app.getLocale()
}

function defaultVaultFolder(): string {
  return join(app.getPath('userData'), 'vaults')
}

/** What of the preferences is not the page's own business: its `prefers-color-scheme`, and the menu. */
function applyPreferences({ theme, language }: Preferences, lock: () => void): void {
  nativeTheme.themeSource = theme
  const spoken = menuLanguage(language === 'system' ? systemLanguage() : language)
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(spoken, { lock })))
}

/** Prepares the session of the page: its files, or in development vite's, and no network. */
function servePage(pageSession: Session): void {
  if (developmentUrl === undefined) {
    const files = listPageFiles(join(app.getAppPath(), 'out/renderer'))
    pageSession.protocol.handle(appScheme, createPageHandler(files, random))
    refuseNetwork(pageSession)
    return
  }
  pageSession.webRequest.onHeadersReceived(({ responseHeaders }, answer) => {
    const policy = { 'content-security-policy': [developmentPolicy(origin)] }
    answer({ responseHeaders: { ...responseHeaders, ...policy } })
  })
}

/** Locks when the computer sleeps, its screen locks or its session ends, and when nobody uses the app. */
function watchSystem(lock: LockSequence, idle: IdleLock): void {
  const lockNow = () => void lock.run()
  powerMonitor.on('suspend', lockNow)
  powerMonitor.on('shutdown', lockNow)
  powerMonitor.on('lock-screen', lockNow)
  powerMonitor.on('user-did-resign-active', lockNow)
  // Before anything is painted: the clock has gone on while the timers stood still.
  powerMonitor.on('resume', () => idle.check())
  timers.every(idleCheckMs, () => idle.check())
}

/** Ends only after the last work is done: the clipboard may be asynchronous. */
function endCleanly(lastWork: () => Promise<void>): void {
  let isDone = false
  app.on('will-quit', (event) => {
    if (isDone) return
    event.preventDefault()
    lastWork()
      .catch((error: unknown) => report('end', error))
      .finally(() => {
        isDone = true
        app.quit()
      })
  })
}

main()
