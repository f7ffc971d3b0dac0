import type { BrowserWindowConstructorOptions, NativeImage } from 'electron'
import type { WindowState } from '../contract/settings'

/** The session of our page: without `persist:`, so that nothing of it reaches the disk. */
export const partition = 'coffret'

/** What differs between two windows. */
export interface WindowChoices {
  readonly state: WindowState | undefined
  readonly isDark: boolean
  readonly isDevelopment: boolean
  /** Absolute path of the built preload. */
  readonly preload: string
  readonly icon: NativeImage
}

/** The background before the first paint, `--paper` of `src-renderer/styles/tokens.css`. */
export const backgrounds = { dark: '#151716', light: '#f5f3ee' } as const

/**
 * What isolates every page from Electron. Options that are Electron's defaults are said all the same:
 * they are what the isolation hangs on. Source: Electron's security tutorial.
 */
export const isolation = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  plugins: false,
  navigateOnDragDrop: false,
  spellcheck: false,
  disableDialogs: true,
} as const

/** The options of every window of ours that shows secrets. */
export function windowOptions(choices: WindowChoices): BrowserWindowConstructorOptions {
  const { state, isDark, isDevelopment, preload, icon } = choices
  return {
    width: state?.width ?? 1180,
    height: state?.height ?? 760,
    ...(state === undefined ? {} : { x: state.x, y: state.y }),
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Coffret',
    icon,
    backgroundColor: isDark ? backgrounds.dark : backgrounds.light,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      partition,
      ...isolation,
      devTools: isDevelopment,
    },
  }
}
