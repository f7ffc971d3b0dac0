import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  Menu,
  Notification,
  app,
  ipcMain,
  nativeImage,
  nativeTheme,
  protocol,
  session,
  type Session,
} from 'electron'
import iconUrl from '../resources/icons/coffret.png?inline'
import type { Preferences } from './contract/calls'
import type { AppEvent } from './contract/events'
import { calibrateKdf } from './crypto/kdf'
import { systemClock as clock, systemRandom as random } from './env'
import type { SwaggerFile } from './http/documentation'
import { LocalApi } from './http/local-api'
import { documentationAnswerer, servedVaults } from './http/served-vaults'
import { createVaultListener } from './http/vault-listener'
import { createDispatch } from './ipc/dispatch'
import { createHandlers } from './ipc/handlers'
import type { HandlerPorts } from './ipc/ports'
import type { VaultId } from './contract/model'
import type { Keychain } from './kv/keychain'
import type { SettingsFile } from './kv/settings-file'
import { systemHome } from './pki/browsers/home'
import { browserStores } from './pki/browsers/import'
import { credentialThreads } from './pki/credential-threads'
import { certificateOffice } from './pki/office'
import { probe } from './remote/probe'
import { authoritiesOf } from './remote/trust'
import { appInfo, backupFolder, defaultVaultFolder, systemLanguage } from './shell/app-info'
import { endCleanly, giveUp, lockWithSystem } from './shell/app-life'
import { appOrigin, appPage, appScheme } from './shell/app-scheme'
import { SecretClipboard } from './shell/clipboard'
import { showFolder, systemDialogs } from './shell/dialogs'
import { DocumentationWindow, documentationScheme } from './shell/documentation-window'
import { systemClipboard, systemSealing } from './shell/electron-compat'
import { expiryText } from './shell/expiry-notification'
import { harden } from './shell/hardening'
import { IdleLock } from './shell/idle-lock'
import { connectIpc } from './shell/ipc-bridge'
import { systemKeychain } from './shell/keychain'
import { LockSequence } from './shell/lock-sequence'
import { MainWindow } from './shell/main-window'
import { menuLanguage, menuTemplate } from './shell/menu'
import { serveDevelopmentPage, servePage } from './shell/page-session'
import { openExternal } from './shell/open-external'
import { privateFiles } from './shell/private-file'
import { report } from './shell/report'
import { openSettingsFile } from './shell/settings-file'
import { dangerousAmong } from './shell/switches'
import { systemTimers as timers } from './shell/timers'
import { partition } from './shell/window-options'
import { accessOfVaults, type LocalAccess, type ServerIdentity } from './stores/local-access'
import { certificatesIn, ExpiryWatch } from './stores/domains/expiry-watch'
import { StoreRegistry } from './stores/store-registry'
import { VaultWatch } from './stores/vault-watch'
import { jobThreads } from './vault/jobs/job-threads'
import type { LocalVault } from './vault/local-vault'
import { searchThreads } from './vault/search/search-threads'
import { openSightings } from './vault/sightings'

/** Set by `npm run dev`: the page comes from vite, which reloads it. */
const developmentUrl = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL']
const pageUrl = developmentUrl ?? appPage
const origin = developmentUrl === undefined ? appOrigin : new URL(developmentUrl).origin

/** How often it is looked whether a backup is due, in milliseconds: the first comes so soon after a write. */
const backupCheckMs = 15_000

/** How often it is looked whether a certificate ends soon, in milliseconds. */
const expiryCheckMs = 3_600_000

type Emit = (event: AppEvent) => void

/** What stands between the start of the program and its end. */
interface Services {
  readonly settings: SettingsFile
  readonly stores: StoreRegistry
  readonly clipboard: SecretClipboard
  readonly window: MainWindow
  readonly lock: LockSequence
  readonly idle: IdleLock
  readonly localApi: LocalApi
  readonly accessOf: (vault: LocalVault) => LocalAccess
  readonly describeApi: () => void
  readonly expiry: ExpiryWatch
  readonly emit: Emit
}

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
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges },
    { scheme: documentationScheme, privileges: { ...privileges, supportFetchAPI: true } },
  ])
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

function start(): void {
  const pageSession = session.fromPartition(partition)
  if (developmentUrl !== undefined) serveDevelopmentPage(pageSession, origin)
  else servePage(pageSession, join(app.getAppPath(), 'out/renderer'), random)
  const services = createServices(pageSession)
  const { settings, stores, clipboard, window, lock, idle, localApi, expiry } = services
  answerCalls(services)
  applyPreferences(settings.read().preferences, services)
  lockWithSystem(lock, idle, timers)
  app.on('second-instance', () => window.focus())
  app.on('window-all-closed', () => app.quit())
  timers.every(backupCheckMs, () => void stores.backUp())
  timers.every(expiryCheckMs, () => expiry.check())
  endCleanly(async () => {
    await localApi.end()
    stores.close()
    await Promise.all([clipboard.clear(), stores.settled()])
  })
  window.open()
}

function createServices(pageSession: Session): Services {
  const settings = openSettingsFile()
  const emit: Emit = (event) => window.send(event)
  const stores = openStores(settings, emit, () => {
    watch.follow()
    localApi.follow()
    expiry.check()
  })
  const expiry: ExpiryWatch = watchExpiry(settings, stores, emit)
  const office = certificateOffice({ clock, random })
  const onChange = ({ id }: LocalVault) => {
    localApi.refresh()
    emit({ name: 'access.changed', vault: id })
  }
  const accessOf = accessOfVaults({ office, clock, random, onChange })
  const described = { version: app.getVersion(), readSwaggerFile }
  const served = servedVaults({
    ...{ stores, accessOf, clock, random, ...described },
    onFault: (error) => report('api', error),
  })
  const localApi: LocalApi = new LocalApi({
    ...{ settings, stores, environment: process.env },
    newListener: (vault) => createVaultListener(served(vault)),
    keepAuthority: async (vault) =>
      keepAuthority(await accessOf(stores.vault(vault)).serverIdentity(), vault),
    onChange: () => emit({ name: 'localApi.changed' }),
  })
  const watch = new VaultWatch({ unlocked: () => stores.unlocked(), emit, after: timers.after })
  const clipboard = openClipboard(settings, emit)
  const replaceWindow = () => {
    window.replace()
    // In memory, but it would outlive the process.
    void pageSession.clearStorageData()
  }
  const isInUse = () => stores.isInUse
  const lockAll = () => stores.lockAll()
  const clearClipboard = () => clipboard.clear()
  const lockPorts = { isInUse, lockAll, clearClipboard, replaceWindow, emit, timers, report }
  const lock = new LockSequence(lockPorts)
  const window: MainWindow = createWindow(settings, lock, replaceWindow)
  const idle = new IdleLock({
    clock,
    minutesToLock: () => settings.read().preferences.lockAfterMinutes,
    isInUse,
    lock: () => void lock.run(),
  })
  const documentation = new DocumentationWindow({
    answer: documentationAnswerer(localApi, served, described),
    icon: nativeImage.createFromDataURL(iconUrl),
  })
  const describeApi = () => {
    const isServed = localApi.status().running !== undefined
    documentation.open(window.current, isServed ? '/docs/try/' : '/docs/')
  }
  const parts = { settings, stores, clipboard, window, lock, idle, describeApi, emit }
  return { ...parts, localApi, accessOf, expiry }
}

/** Tells the window of certificates that end, and the person who does not look at it. */
function watchExpiry(settings: SettingsFile, stores: StoreRegistry, emit: Emit): ExpiryWatch {
  const language = () => {
    const { language: chosen } = settings.read().preferences
    return menuLanguage(chosen === 'system' ? systemLanguage() : chosen)
  }
  return new ExpiryWatch({
    ...{ clock, settings },
    domains: () => stores.domains.list(),
    certificates: () => certificatesIn(stores.unlocked()),
    tell: (notice) => {
      emit({ name: 'certificate.expiring', ...notice })
      if (Notification.isSupported()) new Notification(expiryText(notice, language())).show()
    },
  })
}

/** Read when it is asked for: few people open the page. */
function readSwaggerFile(name: SwaggerFile): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(app.getAppPath(), 'out/swagger-ui', name)))
}

function openStores(settings: SettingsFile, emit: Emit, onChange: () => void): StoreRegistry {
  return new StoreRegistry({
    settings,
    sharesTurns: true,
    clock,
    random,
    chooseKdf: () => calibrateKdf(clock),
    keychain: openKeychain(),
    sightings: openSightings(join(app.getPath('userData'), 'sightings'), random),
    jobs: jobThreads(join(app.getAppPath(), 'out/main/vault-worker.cjs')),
    search: searchThreads(join(app.getAppPath(), 'out/main/search-worker.cjs')),
    onSearchProgress: (vault, { done, total }) =>
      emit({ name: 'search.progress', vault, of: 'index', done, total }),
    backupFolder: backupFolder(),
    onBackupsChange: (vault) => emit({ name: 'backups.changed', vault }),
    after: timers.after,
    onAuditChange: (vault) => emit({ name: 'audit.changed', vault }),
    onAuditFault: (error) => report('audit', error),
    defaultFolder: defaultVaultFolder(),
    onDomainsChange: () => emit({ name: 'domains.changed' }),
    onArrival: (store) => emit({ name: 'secrets.changed', store }),
    onChange: () => {
      emit({ name: 'stores.changed' })
      emit({ name: 'domains.changed' })
      onChange()
    },
  })
}

/** Clients are given this file to trust; it holds no secret. */
async function keepAuthority({ authority }: ServerIdentity, vault: VaultId): Promise<string> {
  const folder = join(app.getPath('userData'), 'local-api')
  const file = join(folder, `${vault}-ca.pem`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await privateFiles(random).write(file, new TextEncoder().encode(authority), { mayReplace: true })
  return file
}

function openKeychain(): Keychain {
  const folder = join(app.getPath('userData'), 'keychain')
  return systemKeychain(systemSealing(), folder, privateFiles(random))
}

function openClipboard(settings: SettingsFile, emit: Emit): SecretClipboard {
  const secondsToClear = () => settings.read().preferences.clearClipboardAfterSeconds
  return new SecretClipboard({
    device: systemClipboard(),
    clock,
    random,
    timers,
    secondsToClear,
    emit,
  })
}

function createWindow(
  settings: SettingsFile,
  lock: LockSequence,
  replaceWindow: () => void,
): MainWindow {
  return new MainWindow({
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
}

function answerCalls(services: Services): void {
  const { settings, stores, clipboard, window, lock, idle, localApi, accessOf, emit } = services
  const credentials = credentialThreads(join(app.getAppPath(), 'out/main/credential-worker.cjs'))
  const system = { platform: process.platform, home: systemHome() }
  const handlers = createHandlers({
    stores,
    settings,
    clipboard,
    dialog: systemDialogs(() => window.current),
    credentials,
    browsers: browserStores({ ...system, environment: process.env, credentials, random }),
    files: privateFiles(random),
    random,
    probe: tryCertificate,
    backupFolder: backupFolder(),
    access: accessOf,
    app: {
      info: appInfo,
      showFolder,
      quit: () => app.quit(),
      lock: () => void lock.run(),
      draftKept: () => lock.draftKept(),
      applyPreferences: (preferences) => applyPreferences(preferences, services),
      openPage: (address) => openPage(address, services),
    },
    localApi: {
      status: () => localApi.status(),
      start: (request) => localApi.start(request),
      stop: () => localApi.stop(),
      openDocumentation: () => services.describeApi(),
    },
    emit,
  })
  connectIpc({
    ipcMain,
    dispatch: createDispatch(handlers, origin, report),
    origin,
    isOurWindow: (contents) => window.owns(contents),
    onActivity: () => idle.touch(),
  })
}

const tryCertificate: HandlerPorts['probe'] = ({ authorities, ...request }) => {
  const trusted = authoritiesOf(
    authorities === '' ? { kind: 'public' } : { kind: 'own', pem: authorities, withPublic: true },
  )
  return probe({ ...request, authorities: trusted, after: timers.after })
}

/** A page of OKMS, or of the local API while it runs. */
function openPage(address: string, { localApi, settings }: Services): Promise<boolean> {
  const port = localApi.status().running?.port
  const own = port === undefined ? [] : [`localhost:${port}`, `127.0.0.1:${port}`]
  const { language } = settings.read().preferences
  return openExternal(address, {
    own,
    language: menuLanguage(language === 'system' ? systemLanguage() : language),
  })
}

/** What of the preferences is not the page's own business: its `prefers-color-scheme`, and the menu. */
function applyPreferences(
  { theme, language }: Preferences,
  { lock, describeApi }: Pick<Services, 'lock' | 'describeApi'>,
): void {
  nativeTheme.themeSource = theme
  const spoken = menuLanguage(language === 'system' ? systemLanguage() : language)
  const template = menuTemplate(spoken, { lock: () => void lock.run(), describeApi })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

main()
