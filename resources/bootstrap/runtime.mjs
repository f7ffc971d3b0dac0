import { isRoot, projectFolder } from './places.mjs'
import { copyApp } from './steps/app-copy.mjs'
import { findDisplay } from './steps/display.mjs'
import { findElectron } from './steps/electron.mjs'
import { sandboxSwitches } from './steps/sandbox.mjs'
import { ensureLibraries } from './steps/system-libraries.mjs'
import { asNobodyScript } from './unprivileged.mjs'

/**
 * All that is needed to start the app.
 * @typedef {object} Runtime
 * @property {string} executable what to start: Electron, or the script that starts it as nobody
 * @property {string[]} switches for Chromium, usually none
 * @property {Record<string, string>} env to add to the environment
 * @property {() => void} stop ends what was started for it
 */

/**
 * Finds or makes everything around the app: Electron, its libraries, a display.
 * @returns {Promise<Runtime>}
 */
export async function prepareRuntime() {
  const { executable, isFallback } = await findElectron()
  if (process.platform === 'linux') await ensureLibraries(executable)
  const switches = sandboxSwitches(executable)
  const display = await findDisplay()
  return {
    executable: isRoot ? asNobodyScript : executable,
    switches,
    env: {
      ...display.env,
      ...(isRoot ? { COFFRET_ELECTRON_BINARY: executable } : {}),
      ...(isFallback ? { COFFRET_RUNTIME_FALLBACK: '1' } : {}),
    },
    stop: display.stop,
  }
}

/** The folder of the built app that Electron can read: the clone, or a copy when we are root. */
export async function appFolder() {
  return isRoot ? copyApp() : projectFolder
}
