#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { version } from '../package.json'
import { exitCodes } from './cli/failure'
import { runCommand } from './cli/program'
import type { CommandPorts } from './cli/ports'
import { systemTerminal as terminal } from './cli/terminal'
import { systemClock as clock, systemRandom as random } from './env'
import { createVaultListener } from './http/vault-listener'
import { systemHome } from './pki/browsers/home'
import { browserStores } from './pki/browsers/import'
import { credentialThreads } from './pki/credential-threads'
import { certificateOffice } from './pki/office'
import { systemTimers } from './shell/timers'
import { accessOfVaults } from './stores/local-access'
import { vaultToServe } from './stores/served-vault'
import { jobThreads } from './vault/jobs/job-threads'
import { LocalVault } from './vault/local-vault'
import { openSightings } from './vault/sightings'

/** The folder of the built program. */
const here = __dirname

/** The app's own folder: both remember there what they saw of a vault. */
function appFolder(): string {
  const { APPDATA, XDG_CONFIG_HOME } = process.env
  const home = homedir()
  if (process.platform === 'win32') return join(APPDATA ?? join(home, 'AppData/Roaming'), 'Coffret')
  if (process.platform === 'darwin') return join(home, 'Library/Application Support/Coffret')
  return join(XDG_CONFIG_HOME ?? join(home, '.config'), 'Coffret')
}

const accessOf = accessOfVaults({ office: certificateOffice({ clock, random }), clock, random })

/** Files from anywhere are read in threads with limits. */
const credentials = credentialThreads(join(here, 'credential-worker.cjs'))

const ports: CommandPorts = {
  ...{ version, terminal, clock, random },
  browsers: browserStores({
    ...{ platform: process.platform, home: systemHome(), environment: process.env, random },
    credentials,
  }),
  program: join(here, 'cli.cjs'),
  credentials,
  openVault: (file) => {
    const sightings = openSightings(join(appFolder(), 'sightings'), random)
    const jobs = jobThreads(join(here, 'vault-worker.cjs'))
    const onAuditFault = (error: unknown) =>
      terminal.warn(`coffret: the audit log cannot be written: ${nameOf(error)}`)
    const audit = { after: systemTimers.after, onFault: onAuditFault }
    const vault = LocalVault.open({
      file,
      clock,
      random,
      sightings,
      jobs,
      audit,
      sharesTurns: true,
    })
    const access = accessOf(vault)
    const listener = createVaultListener({
      ...{ clock, random, version },
      vault: () => vaultToServe(vault, { revoke: (id) => access.revoke(id) }),
      identity: () => access.serverIdentity(),
      readSwaggerFile: (name) => new Uint8Array(readFileSync(join(here, '../swagger-ui', name))),
      onFault: (error, requestId) =>
        terminal.warn(`coffret: request ${requestId}: ${nameOf(error)}`),
    })
    return { vault, access, listener }
  },
  createVault: (file, passphrase) => LocalVault.create({ file, clock, random, passphrase }),
}

/** Never more than the kind of a failure: a message may come from a library, with anything in it. */
function nameOf(error: unknown): string {
  const { name, code } = error as { name?: unknown; code?: unknown }
  return [name, code].filter((one) => typeof one === 'string').join(' ')
}

// A program that ends because nothing is left to wait for has not done what it was told.
process.exitCode = exitCodes.failed
void runCommand(process.argv.slice(2), ports).then((code) => process.exit(code))
