import { existsSync } from 'node:fs'
import { isRoot } from '../places.mjs'
import { run } from '../run.mjs'
import { say } from '../say.mjs'
import { apt } from './system-libraries.mjs'

/**
 * Makes sure that strace is there, with which tests let the disk fail: installed as root on Debian and its
 * kin. Without it those tests fail and say so, and the others run.
 */
export async function ensureStrace() {
  if (process.platform !== 'linux' || (await run('strace', ['--version'])).code === 0) return
  if (!existsSync('/usr/bin/apt-get') || !isRoot) {
    say('test', 'no strace here: type sudo apt-get install strace, or some tests fail')
    return
  }
  say('test', 'installing strace with apt…')
  await apt(['update', '-q'])
  await apt(['install', '-qy', '--no-install-recommends', 'strace'])
}
