import { createHash, createPublicKey } from 'node:crypto'
import { chmodSync, mkdirSync } from 'node:fs'
import type { BrowserCertificate } from '../../contract/browser-calls'
import { CoffretError } from '../../contract/errors'
import { type Certificate, parseCertificate } from '../certificate-info'
import { findPemBlocks } from '../pem'
import type { NssTools } from './nss-tools'

/** A private key of a database, by the id that NSS gives it. */
export interface NssKey {
  /** Hexadecimal. */
  readonly id: string
  readonly nickname: string
}

/** How we name what we import, so that we know it again. No colon: NSS reads a token's name before it. */
const mark = 'Coffret - '

/** The nickname of a certificate that we import: one of its own, unless its subject has one already. */
export function nicknameOf(name: string, sha256Fingerprint: string): string {
  const plain = name
    .replace(/[\p{C}:]/gu, '')
    .replace(/[^\0-\uffff]/gu, '')
    .trim()
  const start = sha256Fingerprint.replaceAll(':', '').slice(0, 8).toLowerCase()
  return `${mark}${plain === '' ? 'credential' : plain.slice(0, 64)} (${start})`
}

/** Whether a nickname is one that we gave. */
export const isOurs = (nickname: string): boolean => nickname.startsWith(mark)

/** The nicknames in what `certutil -L` prints: before two spaces or more and the three trust columns. */
export function readNicknames(output: string): readonly string[] {
  const lines = output.split('\n')
  const found = lines.flatMap(
    (line) => /^(\S.*?)\s+[A-Za-z]*,[A-Za-z]*,[A-Za-z]*\s*$/.exec(line)?.[1] ?? [],
  )
  return [...new Set(found)]
}

/** The keys in what `certutil -K` prints: `< 0> rsa  1f0c…  nickname`. */
export function readKeys(output: string): readonly NssKey[] {
  return output.split('\n').flatMap((line) => {
    const [, id, nickname] = /^<\s*\d+>\s+\S+\s+([0-9a-f]{2,})\s+(.*?)\s*$/.exec(line) ?? []
    return id === undefined || nickname === undefined ? [] : { id, nickname }
  })
}

/** Names the certificates of a key, and no others of the same nickname. Source: RFC 7512. */
const certificateUri = ({ id }: NssKey): string => `pkcs11:id=${id.replace(/../g, '%$&')};type=cert`

/** The certificates of a text in PEM. */
const certificatesIn = (pem: string): Certificate[] =>
  findPemBlocks(Buffer.from(pem)).flatMap(({ der }) =>
    der === undefined ? [] : parseCertificate(der),
  )

/**
 * The id that NSS gives to a private key, from its public one: SHA-1 of the modulus or of the point. NSS
 * finds several certificates by one nickname when their subject is the same, so this tells them apart.
 * Source: NSS, lib/pk11wrap/pk11skey.c, PK11_MakeIDFromPubKey.
 */
function keyIdOf({ publicKeyDer }: Certificate): string | undefined {
  const key = createPublicKey({ key: Buffer.from(publicKeyDer), format: 'der', type: 'spki' })
  const { n, x, y } = key.export({ format: 'jwk' })
  const bytes = (text: string) => Buffer.from(text, 'base64url')
  const point = x && y ? Buffer.concat([Buffer.of(4), bytes(x), bytes(y)]) : undefined
  const value = n === undefined ? point : bytes(n)
  return value && createHash('sha1').update(value).digest('hex')
}

/** A database of NSS: `cert9.db` and `key4.db` in a folder. */
export class NssDatabase {
  private readonly at: readonly string[]

  constructor(
    private readonly tools: NssTools,
    private readonly folder: string,
  ) {
    this.at = ['-d', `sql:${folder}`]
  }

  /** Makes it, without a password, as browsers do. */
  async create(): Promise<void> {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    await this.tools.run('certutil', ['-N', '--empty-password', ...this.at])
    for (const name of ['cert9.db', 'key4.db']) chmodSync(`${this.folder}/${name}`, 0o600)
  }

  /** What its certificates are called. It takes no password. */
  async nicknames(): Promise<readonly string[]> {
    return readNicknames(await this.tools.run('certutil', ['-L', ...this.at]))
  }

  /** The certificates that we put there. It takes no password. */
  async ours(): Promise<readonly BrowserCertificate[]> {
    const found: BrowserCertificate[] = []
    for (const name of (await this.nicknames()).filter(isOurs)) {
      for (const { info } of await this.named(name)) {
        const { subject, sha256Fingerprint, validTo } = info
        found.push({ nickname: name, subject, sha256Fingerprint, validTo })
      }
    }
    return found
  }

  /**
   * Takes out the roots that came with an import. No server needs them from a client, and they would stay
   * when the certificate goes.
   */
  async removeNewRoots(before: readonly string[], databasePasswordFile: string): Promise<void> {
    const added = (await this.nicknames()).filter((name) => !isOurs(name) && !before.includes(name))
    for (const name of added) {
      const isRoot = ({ info }: Certificate) => info.isCa && info.subject === info.issuer
      if (!(await this.named(name)).every(isRoot)) continue
      await this.tools.run('certutil', ['-D', '-n', name, ...this.at, '-f', databasePasswordFile])
    }
  }

  /** How a PKCS#12 file is imported, both passwords in files. */
  importing(file: string, passwordFile: string, databasePasswordFile: string): readonly string[] {
    return ['-i', file, ...this.at, '-w', passwordFile, '-k', databasePasswordFile]
  }

  /** How the keys are listed, which shows that an import took place. */
  listing(databasePasswordFile: string): readonly string[] {
    return ['-K', ...this.at, '-f', databasePasswordFile]
  }

  /** The key of a certificate, when both are here. @throws CoffretError `wrong_password` */
  async keyOf(
    sha256Fingerprint: string,
    databasePasswordFile: string,
  ): Promise<NssKey | undefined> {
    const keys = readKeys(await this.tools.run('certutil', this.listing(databasePasswordFile)))
    for (const nickname of new Set(keys.map((key) => key.nickname))) {
      const certificates = await this.named(nickname)
      const wanted = certificates.find(({ info }) => info.sha256Fingerprint === sha256Fingerprint)
      const id = wanted && keyIdOf(wanted)
      const key = keys.find((one) => one.id === id)
      if (key) return { id: key.id, nickname }
    }
    return undefined
  }

  /** Takes a key and its certificates out. @throws CoffretError `wrong_password`, `storage` */
  async remove(key: NssKey, databasePasswordFile: string): Promise<void> {
    const password = ['-f', databasePasswordFile]
    const certificates = await this.named(key.nickname)
    await this.tools.run('certutil', ['-F', '-k', key.id, ...this.at, ...password])
    // A renewal may have kept the key: each run takes one certificate out.
    for (const one of certificates) {
      if (keyIdOf(one) !== key.id) continue
      await this.tools.run('certutil', ['-D', '-n', certificateUri(key), ...this.at, ...password])
    }
  }

  /** All certificates with a nickname: those of its subject. */
  private async named(nickname: string): Promise<Certificate[]> {
    try {
      const args = ['-L', '-n', nickname, '-a', ...this.at]
      return certificatesIn(await this.tools.run('certutil', args))
    } catch (error) {
      // The name of a key without a certificate: what was left of something else.
      if (error instanceof CoffretError && error.code === 'not_found') return []
      throw error
    }
  }
}
