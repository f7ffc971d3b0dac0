import { BrowserWindow, nativeTheme, screen, type Input, type WebContents } from 'electron'
import { channels } from '../contract/channels'
import type { AppEvent } from '../contract/events'
import type { WindowState } from '../contract/settings'
import type { SettingsFile } from '../kv/settings-file'
import { windowOptions, type WindowChoices } from './window-options'
import { usableState } from './window-state'

/** What the window stands on. */
export interface MainWindowOptions extends Pick<
  WindowChoices,
  'preload' | 'icon' | 'isDevelopment'
> {
  readonly pageUrl: string
  readonly settings: SettingsFile
  readonly lock: () => void
  /** The person closes the window: whatever must happen before it goes. */
  readonly beforeClose: () => Promise<void>
  /** The renderer is gone, and nobody had asked for it; whether it had got as far as showing the page. */
  readonly onCrash: (hadLoaded: boolean) => void
}

/** The one window of the app, and its replacement by a new one in a new process. */
export class MainWindow {
  #window: BrowserWindow | undefined

  constructor(private readonly options: MainWindowOptions) {}

  /** The window, while there is one. */
  get current(): BrowserWindow | undefined {
    return this.#window
  }

  /** Opens the first window where the last one was. */
  open(): void {
    const areas = screen.getAllDisplays().map(({ workArea }) => workArea)
    const window = this.#create(usableState(this.options.settings.read().window, areas))
    window.once('ready-to-show', () => window.show())
  }

  /**
   * Puts a new window, with a new renderer process, in the place of the present one. The old process
   * is killed, not asked: what it has seen goes with it.
   */
  replace(): void {
    const old = this.#window
    if (old === undefined) return
    const isVisible = old.isVisible() && !old.isMinimized()
    const isFocused = old.isFocused()
    const window = this.#create(stateOf(old))
    if (!isVisible) window.minimize()
    else if (isFocused) window.show()
    else window.showInactive()
    killRenderer(old.webContents)
    old.destroy()
  }

  /** Brings the window to the front. */
  focus(): void {
    if (this.#window?.isMinimized()) this.#window.restore()
    this.#window?.show()
    this.#window?.focus()
  }

  /** Whether these are the contents of the window as it is now. */
  owns(contents: WebContents): boolean {
    return this.#window !== undefined && this.#window.webContents === contents
  }

  /** Tells the page. Before it listens, nothing is lost: it asks for all it needs when it starts. */
  send(event: AppEvent): void {
    const contents = this.#window?.webContents
    if (contents === undefined || contents.isDestroyed() || contents.isCrashed()) return
    contents.send(channels.event, event)
  }

  #create(state: WindowState | undefined): BrowserWindow {
    const { preload, icon, isDevelopment, pageUrl } = this.options
    const isDark = nativeTheme.shouldUseDarkColors
    const window = new BrowserWindow(windowOptions({ state, isDark, isDevelopment, preload, icon }))
    this.#window = window
    if (state?.isMaximized) window.maximize()
    this.#listen(window)
    // A page that cannot be loaded shows an empty window; there is nothing more to do about it here.
    window.loadURL(pageUrl).catch(() => undefined)
    return window
  }

  #listen(window: BrowserWindow): void {
    let mayClose = false
    window.on('close', (event) => {
      if (mayClose) return
      event.preventDefault()
      mayClose = true
      this.options.settings.change({ window: stateOf(window) })
      void this.options.beforeClose().finally(() => {
        if (!window.isDestroyed()) window.destroy()
      })
    })
    window.on('closed', () => {
      if (this.#window === window) this.#window = undefined
    })
    let hasLoaded = false
    window.webContents.on('did-finish-load', () => {
      hasLoaded = true
    })
    window.webContents.on('render-process-gone', () => {
      if (this.#window === window) this.options.onCrash(hasLoaded)
    })
    window.webContents.on('before-input-event', (event, input) => {
      if (!isLockKey(input)) return
      event.preventDefault()
      this.options.lock()
    })
  }
}

/** By SIGKILL and not by a crash: a crash may leave a dump of what the process has seen. */
function killRenderer(contents: WebContents): void {
  const pid = contents.getOSProcessId()
  // 0 when it has died already; to `kill` that is our own process group.
  if (pid === 0) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}

/** Ctrl+L, or Cmd+L on a Mac. */
function isLockKey({ type, key, control, meta, alt, shift }: Input): boolean {
  const command = process.platform === 'darwin' ? meta && !control : control && !meta
  return type === 'keyDown' && command && !alt && !shift && key.toLowerCase() === 'l'
}

function stateOf(window: BrowserWindow): WindowState {
  return { ...window.getNormalBounds(), isMaximized: window.isMaximized() }
}
