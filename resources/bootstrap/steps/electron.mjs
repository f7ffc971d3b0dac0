import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { withLock } from '../lock.mjs'
import { cacheFolder, isRoot, projectFile, readJson } from '../places.mjs'
import { SetupError, say } from '../say.mjs'
import { runsAsNobody } from '../unprivileged.mjs'
import { downloadOfficial } from './electron-download.mjs'
import { fallback, fallbackVersion, hasFallback } from './electron-fallback.mjs'

/**
 * An Electron to run.
 * @typedef {{ executable: string, isFallback: boolean }} Electron
 */

/** A failed download is not tried again for this long. */
const retryAfterMs = 24 * 3600 * 1000

/**
 * Finds an Electron: the one that `ELECTRON_OVERRIDE_DIST_PATH` names, the official binary, or on
 * Linux x64 the fallback from the registry.
 * @returns {Promise<Electron>}
 * @throws {SetupError} when none can be had
 */
export function findElectron() {
  return withLock('electron', async () => {
    const given = process.env['ELECTRON_OVERRIDE_DIST_PATH']
    if (given) return { executable: givenExecutable(given), isFallback: false }

    const { version } = readJson(projectFile('node_modules/electron/package.json'))
    const reason = isOfficialInstalled(version) ? undefined : await tryDownload(version)
    if (reason === undefined) {
      say('electron', `official ${version}`)
      return { executable: readableByNobody(officialExecutable(), version), isFallback: false }
    }
    if (!hasFallback) throw new SetupError(`electron: ${version} cannot be had here (${reason})`)
    say(
      'electron',
      `official ${version} cannot be had here (${reason}), ` +
        `using the fallback Electron ${fallbackVersion} for testing`,
    )
    return { executable: await fallback(), isFallback: true }
  })
}

/** @param {string} folder */
function givenExecutable(folder) {
  const executable = join(folder, platformPath())
  if (!existsSync(executable)) {
    throw new SetupError(`electron: ELECTRON_OVERRIDE_DIST_PATH has no ${executable}`)
  }
  say('electron', `given, ${executable}`)
  return executable
}

/** Where an Electron distribution keeps its executable. Source: electron/install.js. */
function platformPath() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return process.platform === 'win32' ? 'electron.exe' : 'electron'
}

function officialExecutable() {
  return projectFile(join('node_modules/electron/dist', platformPath()))
}

/** @param {string} version */
function isOfficialInstalled(version) {
  const folder = projectFile('node_modules/electron')
  // The package's install.js writes path.txt last.
  return (
    existsSync(join(folder, 'path.txt')) &&
    existsSync(officialExecutable()) &&
    readFileSync(join(folder, 'dist/version'), 'utf8').trim().replace(/^v/, '') === version
  )
}

/**
 * Tries the official download, unless it failed within the last day.
 * @param {string} version
 * @returns {Promise<string | undefined>} why it failed
 */
async function tryDownload(version) {
  const memory = join(cacheFolder(), `electron-${version}.failed`)
  if (existsSync(memory) && Date.now() - statSync(memory).mtimeMs < retryAfterMs) {
    return `${readFileSync(memory, 'utf8')}, remembered for a day in ${memory}`
  }
  const reason = await downloadOfficial(version)
  if (reason === undefined) rmSync(memory, { force: true })
  else writeFileSync(memory, reason)
  return reason
}

/**
 * The executable itself, or as root its copy in the cache when the clone lies where nobody may read.
 * @param {string} executable
 * @param {string} version
 */
function readableByNobody(executable, version) {
  if (!isRoot || runsAsNobody('test', ['-x', executable])) return executable
  const copy = join(cacheFolder(), `electron-${version}`)
  if (!existsSync(join(copy, 'complete'))) {
    rmSync(copy, { recursive: true, force: true })
    mkdirSync(copy)
    cpSync(dirname(executable), copy, { recursive: true })
    writeFileSync(join(copy, 'complete'), '')
  }
  return join(copy, platformPath())
}
