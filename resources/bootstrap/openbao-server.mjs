import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { SetupError } from './say.mjs'

const startsWithinMs = 60_000
const endsWithinMs = 10_000

/**
 * An OpenBao that keeps everything in memory and listens on loopback only.
 * @param {string} program `bao`
 * @param {string} folder for its log and its home
 * @param {{ certFile: string, keyFile: string }} [tls] PEM files: it listens with them at a second port,
 * where it asks for client certificates and takes any, for a login to judge
 * @returns {Promise<{ address: string, secureAddress: string, token: string, stop: () => Promise<void> }>}
 * `secureAddress` is empty without `tls`
 * @throws {SetupError} when it does not start
 */
export async function startOpenBao(program, folder, tls) {
  const port = await freePort()
  const token = `root-${randomBytes(16).toString('hex')}`
  const log = join(folder, 'openbao.log')
  const output = openSync(log, 'w')
  // The token comes by environment: arguments are for everybody on the machine to read.
  const env = { PATH: process.env['PATH'], HOME: folder, BAO_DEV_ROOT_TOKEN_ID: token }
  const args = ['server', '-dev', '-dev-no-store-token', `-dev-listen-address=127.0.0.1:${port}`]
  const securePort = tls === undefined ? 0 : await freePort()
  if (tls !== undefined) args.push(`-config=${writeListener(folder, tls, securePort)}`)
  const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', output, output] })
  closeSync(output)
  const ended = once(child, 'exit')
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), endsWithinMs)
    await ended
    clearTimeout(timer)
  }
  // Whatever ends us, the server does not outlive us.
  process.once('exit', () => child.kill('SIGKILL'))
  const address = `http://127.0.0.1:${port}`
  const until = Date.now() + startsWithinMs
  while (!(await isReady(address, token))) {
    if (child.exitCode !== null || Date.now() > until) {
      await stop()
      throw new SetupError(`${readFileSync(log, 'utf8')}\nopenbao: the server does not start`)
    }
    await delay(100)
  }
  const secureAddress = tls === undefined ? '' : `https://127.0.0.1:${securePort}`
  return { address, secureAddress, token, stop }
}

/**
 * Beside the listener of development, which has no TLS.
 * @param {string} folder
 * @param {{ certFile: string, keyFile: string }} tls
 * @param {number} port
 */
function writeListener(folder, { certFile, keyFile }, port) {
  const file = join(folder, 'listener.json')
  const address = `127.0.0.1:${port}`
  const tcp = { address, tls_cert_file: certFile, tls_key_file: keyFile }
  writeFileSync(file, JSON.stringify({ listener: [{ tcp }] }))
  return file
}

/** Whether the server is up and knows the token: another on the same port would not. */
async function isReady(/** @type {string} */ address, /** @type {string} */ token) {
  try {
    const headers = { 'X-Vault-Token': token }
    // The first engine is mounted last of all.
    return (await fetch(`${address}/v1/secret/config`, { headers })).status === 200
  } catch {
    return false
  }
}

/** @returns {Promise<number>} a port of loopback that nobody has now */
async function freePort() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('a socket without a port')
  return address.port
}
