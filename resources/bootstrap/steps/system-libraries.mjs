import { existsSync } from 'node:fs'
import { isRoot } from '../places.mjs'
import { run } from '../run.mjs'
import { SetupError, say, secondsSince } from '../say.mjs'

/** What Electron and a display need on Debian and its kin. */
// prettier-ignore
const debianPackages = [
  'xvfb', 'xauth', 'libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libxtst6', 'libsecret-1-0',
]

/**
 * Makes sure that the libraries of an Electron are on the system (Linux).
 * @param {string} executable
 * @throws {SetupError} with the command to type, when they are missing and we may not install them
 */
export async function ensureLibraries(executable) {
  const missing = await missingLibrariesOf(executable)
  if (missing.length === 0) return
  await installPackages(`missing ${missing.join(', ')}`)
  const still = await missingLibrariesOf(executable)
  if (still.length > 0) throw new SetupError(`libraries: still missing ${still.join(', ')}`)
}

/**
 * Installs the packages that Electron and a display need, as root on Debian and its kin.
 * @param {string} reason said aloud
 * @throws {SetupError} with the command to type, when we may not
 */
export async function installPackages(reason) {
  if (!existsSync('/usr/bin/apt-get')) {
    throw new SetupError(
      `libraries: ${reason}. Install what your system calls ${debianPackages.join(' ')}`,
    )
  }
  if (!isRoot) {
    throw new SetupError(
      `libraries: ${reason}. Type this, then try again:\n` +
        `  sudo apt-get update && sudo apt-get install -y ${debianPackages.join(' ')}`,
    )
  }
  const start = Date.now()
  say('libraries', `${reason}, installing with apt…`)
  await apt(['update', '-q'])
  const names = await Promise.all(debianPackages.map(nameHere))
  await apt(['install', '-qy', '--no-install-recommends', ...names])
  say('libraries', `done in ${secondsSince(start)}`)
}

/**
 * The libraries that the loader does not find, from the output of `ldd`.
 * @param {string} output
 */
export function missingLibraries(output) {
  const found = output.matchAll(/^\s*(\S+) => not found$/gm)
  return [...new Set(Array.from(found, ([, name]) => /** @type {string} */ (name)))]
}

/** @param {string} executable */
async function missingLibrariesOf(executable) {
  return missingLibraries((await run('ldd', [executable])).output)
}

/**
 * Debian 13 and Ubuntu 24.04 renamed some libraries for 64-bit times.
 * @param {string} name
 */
async function nameHere(name) {
  const renamed = `${name}t64`
  return (await run('apt-cache', ['show', renamed])).code === 0 ? renamed : name
}

/**
 * Runs apt-get without questions.
 * @param {string[]} args
 * @throws {SetupError} when it fails
 */
export async function apt(args) {
  // Another installation may be running: wait for it instead of failing.
  const options = ['-o', 'DPkg::Lock::Timeout=300']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { code, output } = await run('apt-get', [...options, ...args], { env })
  if (code !== 0) throw new SetupError(`${output.trim()}\nlibraries: apt-get ${args[0]} failed`)
}
