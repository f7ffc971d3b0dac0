import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { chmodSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { BrowserStoreId } from '../../../src-main/contract/browser-calls'
import { systemRandom } from '../../../src-main/env'
import { type BrowserStores, browserStores } from '../../../src-main/pki/browsers/import'
import { inspectCredentials, makePkcs12 } from '../../../src-main/pki/credential-tools'
import {
  type KeyType,
  file,
  makeAuthority,
  makeCertificate,
  makeKey,
  openssl,
  put as putFile,
  soon,
} from '../openssl'
import { type TemporaryHome, profilesIni, temporaryHome } from './temporary-home'

/** The stores of homes in these tests. */
export const chromium = BrowserStoreId.parse('chromium')
export const firefox = BrowserStoreId.parse('firefox:p')

/** A home where a tool of NSS is this shell script instead; in it `$REAL` is the tool. */
export function withTool(made: TemporaryHome, tool: string, script: string): TemporaryHome {
  const path = made.environment['PATH'] ?? ''
  const real = execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim()
  const file = made.put(`bin/${tool}`, `#!/bin/sh\nREAL=${real}\n${script}\n`)
  chmodSync(file, 0o755)
  return { ...made, environment: { ...made.environment, PATH: `${dirname(file)}:${path}` } }
}

export function storesOf(
  { home, environment }: TemporaryHome,
  platform: NodeJS.Platform = 'linux',
) {
  return browserStores({
    ...{ platform, home, environment, random: systemRandom },
    credentials: {
      inspect: async ({ files, password }) => inspectCredentials(files, password, soon),
      makePkcs12: (request) => makePkcs12({ ...request, random: systemRandom, now: soon }),
    },
  })
}

export function certutil(folder: string, args: readonly string[], password = ''): string {
  const file = putFile(password)
  return execFileSync('certutil', [...args, '-d', `sql:${folder}`, '-f', file], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

/** A certificate of a root, with its key, as files to drop. */
export function credential(
  options: { type?: KeyType; subject?: string; keyPassword?: string } = {},
) {
  const { type = 'EC P-256', subject = '/CN=client', keyPassword } = options
  const authority = makeAuthority('Test root')
  const { certificate, key } = makeCertificate({ key: makeKey(type), subject, issuer: authority })
  const encrypt = ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-passout', `pass:${keyPassword}`]
  const files = [
    file(certificate, 'cert.pem'),
    file(keyPassword === undefined ? key : openssl(encrypt, key), 'key.pem'),
  ]
  const fingerprint = new X509Certificate(certificate).fingerprint256
  return { files, fingerprint, authority: file(authority.certificate, 'ca.pem') }
}

/** A home with a Chromium that has no database yet. */
export function homeWithChromium() {
  const made = temporaryHome()
  made.makeFolder('.config/chromium')
  return { ...made, database: join(made.folder, '.local/share/pki/nssdb') }
}

/** A home with a profile of Firefox that has a primary password. */
export function homeWithFirefox(password: string) {
  const made = temporaryHome()
  made.put('.mozilla/firefox/profiles.ini', profilesIni('p'))
  const database = made.makeFolder('.mozilla/firefox/p')
  certutil(database, password === '' ? ['-N', '--empty-password'] : ['-N'], password)
  return { ...made, database }
}

/** As people do it in a terminal. */
export function importByHand(
  database: string,
  files: readonly { bytes: Uint8Array }[],
  name: string,
) {
  const [certificate, key] = files.map((one) => putFile(one.bytes))
  const pair = ['-in', certificate ?? '', '-inkey', key ?? '']
  const p12 = openssl(['pkcs12', '-export', ...pair, '-name', name, '-passout', 'pass:x'])
  execFileSync('pk12util', ['-i', putFile(p12), '-d', `sql:${database}`, '-W', 'x'])
}

export const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text))

/** Imports without anything special. */
export function importInto(
  stores: BrowserStores,
  store: BrowserStoreId,
  files: readonly { name: string; bytes: Uint8Array }[],
  more: Partial<Parameters<BrowserStores['import']>[0]> = {},
) {
  const rest = { name: 'prod', keyPassword: undefined, databasePassword: undefined }
  return stores.import({ ...rest, store, files, ...more })
}
