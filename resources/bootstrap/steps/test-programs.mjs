import { existsSync } from 'node:fs'
import { isRoot } from '../places.mjs'
import { run } from '../run.mjs'
import { say } from '../say.mjs'
import { apt } from './system-libraries.mjs'

/** The programs of others that unit tests use and their packages. */
const programs = [
  // Lets the disk fail, and sees what is handed to programs.
  { command: 'strace', package: 'strace' },
  // The certificate databases of browsers.
  { command: 'certutil', package: 'libnss3-tools' },
  // The browsers themselves.
  { command: 'chromium', package: 'chromium' },
  { command: 'firefox-esr', package: 'firefox-esr' },
]

/**
 * Makes sure that the programs are there which tests use (Linux): installed as root on Debian and its kin.
 * Without one of them its tests fail and say so, and the others run.
 */
export async function ensureTestPrograms() {
  if (process.platform !== 'linux') return
  const tried = await Promise.all(
    programs.map(async (program) => ({ ...program, isThere: await isThere(program) })),
  )
  const missing = tried.filter(({ isThere }) => !isThere).map((program) => program.package)
  if (missing.length === 0) return
  const list = missing.join(' ')
  if (!existsSync('/usr/bin/apt-get') || !isRoot) {
    say('test', `missing here: type sudo apt-get install ${list}, or some tests fail`)
    return
  }
  say('test', `installing ${list} with apt…`)
  await apt(['update', '-q'])
  await apt(['install', '-qy', '--no-install-recommends', ...missing])
}

/** @param {{ command: string }} program */
async function isThere({ command }) {
  return (await run('which', [command])).code === 0
}
