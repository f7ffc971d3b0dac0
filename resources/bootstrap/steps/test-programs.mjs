import { existsSync } from 'node:fs'
import { isRoot } from '../places.mjs'
import { run } from '../run.mjs'
import { say } from '../say.mjs'
import { apt } from './system-libraries.mjs'

/**
 * A Debian package, and the command that ends well where it is.
 * @typedef {{ package: string, probe: [string, ...string[]] }} Program
 */

/**
 * What unit tests use.
 * @type {Program[]}
 */
export const unitPrograms = [
  // Lets the disk fail, and sees what is handed to programs.
  { package: 'strace', probe: ['which', 'strace'] },
  // The certificate databases of browsers.
  { package: 'libnss3-tools', probe: ['which', 'certutil'] },
  // The browsers themselves.
  { package: 'chromium', probe: ['which', 'chromium'] },
  { package: 'firefox-esr', probe: ['which', 'firefox-esr'] },
]

/**
 * The clients of Vault that Debian gives.
 * @type {Program[]}
 */
export const clientPrograms = [
  { package: 'curl', probe: ['which', 'curl'] },
  // Debian's own Python: the first one of the path may be another.
  { package: 'python3-hvac', probe: ['/usr/bin/python3', '-c', 'import hvac'] },
]

/**
 * Makes sure that programs are there which tests use (Linux): installed as root on Debian and its kin.
 * Without one of them its tests fail, or are skipped, and say so; the others run.
 * @param {Program[]} programs
 */
export async function ensureTestPrograms(programs) {
  if (process.platform !== 'linux') return
  const tried = await Promise.all(
    programs.map(async ({ package: name, probe: [command, ...args] }) => ({
      name,
      isThere: (await run(command, args)).code === 0,
    })),
  )
  const missing = tried.filter(({ isThere }) => !isThere).map(({ name }) => name)
  if (missing.length === 0) return
  const list = missing.join(' ')
  if (!existsSync('/usr/bin/apt-get') || !isRoot) {
    say('test', `missing here: type sudo apt-get install ${list}, or some tests cannot run`)
    return
  }
  say('test', `installing ${list} with apt…`)
  await apt(['update', '-q'])
  await apt(['install', '-qy', '--no-install-recommends', ...missing])
}
