import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, lchownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock as clock, systemRandom as random } from '../../src-main/env'
import { systemHome } from '../../src-main/pki/browsers/home'
import { browserStores } from '../../src-main/pki/browsers/import'
import { inspectCredentials, makePkcs12 } from '../../src-main/pki/credential-tools'
import { temporaryFolder } from '../vault/new-vault'

/** Debian's nobody: browsers refuse to be root with their sandbox on. */
const nobody = 65_534
const isRoot = process.getuid?.() === 0

/** The home of a browser that a test starts. */
export class BrowserHome {
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>

  constructor() {
    const base = temporaryFolder()
    chmodSync(base, 0o711)
    this.folder = join(base, 'home')
    mkdirSync(this.folder, { mode: 0o700 })
    this.environment = { HOME: this.folder, PATH: process.env['PATH'] ?? '/usr/bin:/bin' }
  }

  get stores() {
    const { environment } = this
    return browserStores({
      ...{ platform: 'linux', home: systemHome(environment), environment, random },
      credentials: {
        inspect: async ({ files, password }) => inspectCredentials(files, password, clock.now()),
        makePkcs12: (request) => makePkcs12({ ...request, random, now: clock.now() }),
      },
    })
  }

  /** Puts a client certificate where the only browser here looks for it, as Coffret does. */
  async importCertificate(files: readonly { name: string; bytes: Uint8Array }[]) {
    const { stores } = await this.stores.list()
    const [store] = stores
    if (store === undefined || stores.length > 1) throw new Error(`${stores.length} stores`)
    const rest = { name: 'test', keyPassword: undefined, databasePassword: undefined }
    const done = await this.stores.import({ store: store.id, files, ...rest })
    return { ...done, store: store.id, path: store.path }
  }

  /** Lets the browser believe an authority, as people do who import `coffret-ca.pem`. */
  trust(path: string, authority: string): void {
    const args = ['-A', '-n', 'Coffret CA', '-t', 'C,,', '-a', '-d', `sql:${path}`]
    execFileSync('certutil', args, { input: authority })
  }

  makeFolder(name: string): string {
    const folder = join(this.folder, name)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return folder
  }

  put(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text)
  }

  /** To be called when all is in place: the browser runs as somebody else. */
  handOver(): void {
    if (isRoot) giveAway(this.folder)
  }

  /**
   * A program that starts a browser in this home. Policies are seen by this browser alone: it gets its
   * own view of the folder where administrators put them.
   */
  launcher(program: string, policies?: Readonly<Record<string, unknown>>): string {
    if (spawnSync('which', [program]).status !== 0) {
      throw new Error(`${program} is not installed: apt-get install ${program}`)
    }
    const asNobody = `setpriv --reuid=${nobody} --regid=${nobody} --clear-groups --`
    const file = join(this.folder, `start-${program}`)
    const start = isRoot ? `exec ${asNobody} ${program} "$@"` : `exec ${program} "$@"`
    const place = '/etc/chromium/policies/managed'
    const withPolicies = [
      'mount -t tmpfs -o mode=755 tmpfs /etc/chromium',
      `mkdir -p ${place}`,
      `cp ${file}.json ${place}/test.json`,
      `chmod 644 ${place}/test.json`,
      start,
    ]
    const inside = policies === undefined ? [start] : withPolicies
    writeFileSync(`${file}.json`, JSON.stringify(policies ?? {}))
    writeFileSync(`${file}.inner`, `#!/bin/sh\nset -e\n${inside.join('\n')}\n`, { mode: 0o755 })
    const unshare = isRoot ? 'unshare -m' : 'unshare -Urm'
    const outer = policies === undefined ? 'sh' : `${unshare} sh`
    writeFileSync(file, `#!/bin/sh\nexec ${outer} ${file}.inner "$@"\n`, { mode: 0o755 })
    return file
  }
}

function giveAway(folder: string): void {
  chownSync(folder, nobody, nobody)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) giveAway(path)
    else lchownSync(path, nobody, nobody)
  }
}
