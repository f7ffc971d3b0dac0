import { existsSync } from 'node:fs'
import { isInstalled, scriptsToDecide } from '../lock-file.mjs'
import { projectFile, readJson } from '../places.mjs'
import { runNpm } from '../run.mjs'
import { SetupError, say, secondsSince } from '../say.mjs'

/**
 * The packages of the lock file, installed if they are not. Install scripts stay off (`.npmrc`) but for
 * those that `allowed-scripts.json` names.
 * @throws {SetupError} when npm fails, or a package brings an install script that nobody decided on
 */
export async function install() {
  checkNodeVersion()
  const lock = readJson(projectFile('package-lock.json'))
  const { allowed, ignored } = readJson(projectFile('resources/bootstrap/allowed-scripts.json'))
  const undecided = scriptsToDecide(lock, [...allowed, ...Object.keys(ignored)])
  if (undecided.length > 0) {
    throw new SetupError(
      `install: ${undecided.join(', ')} would run a script on installation: read it, then name the ` +
        'package in resources/bootstrap/allowed-scripts.json, allowed or ignored',
    )
  }

  const installed = projectFile('node_modules/.package-lock.json')
  if (existsSync(installed) && isInstalled(lock, readJson(installed))) {
    say('install', 'up to date')
    return
  }
  const start = Date.now()
  say('install', existsSync(installed) ? 'the lock file changed, npm ci…' : 'npm ci…')
  const { code, output } = await runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  if (code !== 0) throw new SetupError(`${output.trim()}\ninstall: npm ci failed`)
  if (allowed.length > 0) {
    const rebuilt = await runNpm(['rebuild', '--ignore-scripts=false', ...allowed])
    if (rebuilt.code !== 0) throw new SetupError(`${rebuilt.output.trim()}\ninstall: failed`)
  }
  say('install', `done in ${secondsSince(start)}`)
}

function checkNodeVersion() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetupError(`install: Node 20.19 or newer is needed, this is ${process.version}`)
  }
}
