import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { SetupError, say } from '../say.mjs'
import { installPackages } from './system-libraries.mjs'

/**
 * A display for the window.
 * @typedef {{ env: Record<string, string>, stop: () => void }} Display
 */

const xvfb = '/usr/bin/Xvfb'

/**
 * The display that is there, or a virtual one that lives until `stop`.
 * @returns {Promise<Display>}
 * @throws {SetupError} when there is none and none can be made
 */
export async function findDisplay() {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  if (process.platform !== 'linux' || DISPLAY || WAYLAND_DISPLAY) {
    return { env: {}, stop: () => undefined }
  }
  if (!existsSync(xvfb)) await installPackages('no display, and no Xvfb to make one')
  return startXvfb()
}

/** @returns {Promise<Display>} */
async function startXvfb() {
  // `setpriv --pdeathsig` ends it even when we are killed; `-displayfd 3` lets it choose a free number.
  const child = spawn(
    'setpriv',
    [
      '--pdeathsig=TERM',
      xvfb,
      '-displayfd',
      '3',
      '-screen',
      '0',
      '1440x1000x24',
      '-nolisten',
      'tcp',
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  )
  const stop = () => void child.kill()
  process.once('exit', stop)
  child.unref()
  const number = await firstLine(/** @type {import('node:stream').Readable} */ (child.stdio[3]))
  if (number === '') throw new SetupError('display: Xvfb did not start')
  say('display', `none here, using Xvfb :${number}`)
  return { env: { DISPLAY: `:${number}` }, stop }
}

/** @param {import('node:stream').Readable} stream */
async function firstLine(stream) {
  let read = ''
  for await (const chunk of stream) {
    read += chunk
    if (read.includes('\n')) break
  }
  return read.trim()
}
