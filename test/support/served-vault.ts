import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { giveToApp, makeProfile } from './electron-app'

const command = fileURLToPath(new URL('../../out/main/cli.cjs', import.meta.url))

/** A second Coffret that serves a vault of its own, as the user that Electron runs as. */
export class ServedVault {
  private constructor(
    readonly folder: string,
    private readonly child: ChildProcess,
    private readonly ready: Readonly<Record<string, string>>,
  ) {}

  static async start(): Promise<ServedVault> {
    const folder = makeProfile()
    const passphrase = given(folder, 'passphrase', 'canary-passphrase-7f3a\n')
    const vault = join(folder, 'served.coffret')
    const known = ['--passphrase-file', passphrase]
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      XDG_CONFIG_HOME: join(folder, 'config'),
      XDG_RUNTIME_DIR: join(folder, '.runtime'),
    }
    const options = { env, cwd: folder }
    const [program, ...words] = asAppUser(process.execPath, command)
    execFileSync(program ?? '', [...words, 'vault', 'create', vault, ...known], options)
    const readyFile = join(folder, 'ready.json')
    const serving = ['serve', '--vault', vault, ...known, '--listen', '127.0.0.1:0']
    const child = spawn(program ?? '', [...words, ...serving, '--ready-file', readyFile], options)
    child.stdin.end()
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    const ready = JSON.parse(readFileSync(readyFile, 'utf8')) as Record<string, string>
    return new ServedVault(folder, child, ready)
  }

  /** By its name: BoringSSL, and so Electron, takes no constrained authority for an address. */
  get address(): string {
    return this.numericAddress.replace('127.0.0.1', 'localhost')
  }

  /** As it announces itself. */
  get numericAddress(): string {
    return this.ready['address'] ?? ''
  }

  get okmsId(): string {
    return this.ready['okmsId'] ?? ''
  }

  get authorityFile(): string {
    return this.ready['caFile'] ?? ''
  }

  /** Copies of its client certificate and key, as somebody would have downloaded them. */
  downloads(): string[] {
    return (['clientCert', 'clientKey'] as const).map((name) => {
      const copy = join(this.folder, `${name}.pem`)
      copyFileSync(this.ready[name] ?? '', copy)
      giveToApp(copy)
      return copy
    })
  }

  get token(): string {
    return this.ready['token'] ?? ''
  }

  /** Its client certificate and key as a PKCS#12 of OpenSSL. */
  pkcs12(password: string): string {
    const file = join(this.folder, 'client.p12')
    const pair = ['-in', this.ready['clientCert'] ?? '', '-inkey', this.ready['clientKey'] ?? '']
    const sealed = ['-passout', `pass:${password}`, '-out', file]
    execFileSync('openssl', ['pkcs12', '-export', ...pair, ...sealed])
    giveToApp(file)
    return file
  }

  /** A file of the user that the app runs as. */
  put(name: string, text: string): string {
    return given(this.folder, name, text)
  }

  /** Puts secrets in at `folder/number`, all by one program. */
  fill(folder: string, count: number): void {
    const lines = Array.from({ length: count }, (_, index) =>
      [
        `url = "${this.address}/v1/secret/data/${folder}/s${index}"`,
        `header = "X-Vault-Token: ${this.token}"`,
        'request = "POST"',
        `data = "{\\"data\\":{\\"password\\":\\"p${index}\\"}}"`,
        `cacert = "${this.authorityFile}"`,
        'silent\nfail\noutput = "/dev/null"',
      ].join('\n'),
    )
    const config = given(this.folder, 'requests', lines.join('\nnext\n'))
    const [program, ...words] = asAppUser('curl', '--config', config)
    execFileSync(program ?? '', words, { cwd: this.folder })
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return
    const ended = once(this.child, 'exit')
    this.child.kill('SIGTERM')
    await ended
  }
}

function given(folder: string, name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text, { mode: 0o600 })
  giveToApp(file)
  return file
}

/** The local API answers its own user only. */
function asAppUser(...words: string[]): string[] {
  const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--']
  return process.getuid?.() === 0 ? ['setpriv', ...asNobody, ...words] : words
}
