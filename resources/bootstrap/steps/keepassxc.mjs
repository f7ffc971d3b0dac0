import { existsSync } from 'node:fs'
import { isRoot } from '../places.mjs'
import { run } from '../run.mjs'
import { say } from '../say.mjs'
import { apt } from './system-libraries.mjs'

const program = 'keepassxc-cli'

/**
 * The program that the bench compares with, installed as root on Debian and its kin. Without it the rest
 * of the bench still runs.
 * @returns {Promise<string | undefined>} its name, or undefined when it cannot be had
 */
export async function keepassxc() {
  if (await isThere()) return program
  if (!existsSync('/usr/bin/apt-get') || !isRoot) {
    say('bench', 'no keepassxc-cli here (Debian: apt-get install keepassxc), so nothing to compare')
    return undefined
  }
  say('bench', 'installing keepassxc with apt…')
  await apt(['update', '-q'])
  await apt(['install', '-qy', '--no-install-recommends', 'keepassxc'])
  return (await isThere()) ? program : undefined
}

async function isThere() {
  return (await run(program, ['--version'])).code === 0
}
