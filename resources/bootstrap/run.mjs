import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { projectFolder } from './places.mjs'

/**
 * What a finished program left behind. Killed by a signal, its code is 128 + the signal's number.
 * @typedef {{ code: number, output: string }} Finished
 */

/**
 * Runs a program without a shell and waits for its end; interrupting us interrupts it too.
 * @param {string} command
 * @param {string[]} args
 * @param {{ show?: boolean, env?: NodeJS.ProcessEnv, cwd?: string, timeoutMs?: number, signal?: AbortSignal }} [options]
 *   `show`: its output goes to ours instead of being collected (stdout and stderr together)
 * @returns {Promise<Finished>} code 127 when the program does not exist
 */
export function run(command, args, options = {}) {
  const { show = false, env = process.env, cwd = projectFolder, timeoutMs, signal } = options
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      signal,
    })
    let output = ''
    const collect = (/** @type {Buffer} */ chunk) => (output += chunk.toString('utf8'))
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    const stopForwarding = forwardSignals(child)
    child.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      stopForwarding()
      if (error.name === 'AbortError') return // 'close' follows
      if (error.code === 'ENOENT') resolve({ code: 127, output: `${command}: not found` })
      else reject(error)
    })
    child.on('close', (code, signal) => {
      stopForwarding()
      resolve({ code: code ?? 128 + (signal ? constants.signals[signal] : 0), output })
    })
  })
}

/**
 * Runs npm, the one that started us if there is one.
 * @param {string[]} args
 * @param {{ show?: boolean, cwd?: string, timeoutMs?: number }} [options]
 */
export function runNpm(args, options) {
  const npm = process.env['npm_execpath']
  return npm?.endsWith('.js')
    ? run(process.execPath, [npm, ...args], options)
    : run('npm', args, options)
}

/**
 * Passes signals on to a child while it runs. A signal that came ends us too, after the child.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} to call at the child's end
 */
function forwardSignals(child) {
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  /** @type {NodeJS.Signals | undefined} */
  let received
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    received = signal
    child.kill(signal)
  }
  for (const signal of signals) process.on(signal, forward)
  return () => {
    for (const signal of signals) process.off(signal, forward)
    if (received !== undefined) process.kill(process.pid, received)
  }
}
