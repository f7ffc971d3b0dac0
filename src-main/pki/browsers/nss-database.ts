import { createHash, createPublicKey } from 'node:crypto'
import { chmodSync, mkdirSync } from 'node:fs'
import type { BrowserCertificate } from '../../contract/browser-calls'
import { CoffretError } from '../../contract/errors'
import { type Certificate, parseCertificate } from '../certificate-info'
import { findPemBlocks } from '../pem'
import { chainNicknameOf, isOurChain, isOurs } from './nicknames'
import { certutil, creating, importing, listing } from './nss-commands'
import type { Command, NssTool, NssTools } from './nss-tools'

/** A private key of a database, by the id that NSS gives it. */
export interface NssKey {
  /** Hexadecimal. */
  readonly id: string
  readonly nickname: string
}

/** A line of what a database holds. */
export interface NssEntry {
  readonly nickname: string
  /** Its key is here too. */
  readonly hasKey: boolean
}

/** The entries in what `certutil -L` prints: nickname, two spaces or more, and the three trust columns. */
export function readEntries(output: string): readonly NssEntry[] {
  const found = output.split('\n').flatMap((line): [string, boolean][] => {
    const [, name, trust = ''] = /^(\S.*?)\s+([A-Za-z]*,[A-Za-z]*,[A-Za-z]*)\s*$/.exec(line) ?? []
    return name === undefined ? [] : [[name, trust.includes('u')]]
  })
  return [...new Map(found)].map(([nickname, hasKey]) => ({ nickname, hasKey }))
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

const isRoot = ({ info }: Certificate): boolean => info.isCa && info.subject === info.issuer

/** A database of NSS: `cert9.db` and `key4.db` in a folder. */
export class NssDatabase {
  private readonly commands: Command[] = []

  /** @param secrets the folder of `privateFile`; without one nothing can be done that takes a password */
  constructor(
    private readonly tools: NssTools,
    private readonly folder: string,
    private readonly secrets?: string,
  ) {}

  /** What was run so far and changed it, or proved a change. */
  get ran(): readonly Command[] {
    return this.commands
  }

  /** Makes it, without a password, as browsers do. @throws CoffretError `not_writable` */
  async create(): Promise<void> {
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    } catch (cause) {
      const message = 'the folder of the certificate database cannot be made'
      throw new CoffretError('not_writable', message, { field: 'store', cause })
    }
    await this.change(creating(this.folder))
    for (const name of ['cert9.db', 'key4.db']) chmodSync(`${this.folder}/${name}`, 0o600)
  }

  /** What it holds. It takes no password. @throws CoffretError `cancelled` */
  async entries(signal?: AbortSignal): Promise<readonly NssEntry[]> {
    const args = ['-L', '-d', `sql:${this.folder}`]
    return readEntries(await this.tools.run('certutil', args, { signal }))
  }

  /** The certificates that we put there. It takes no password. */
  async ours(): Promise<readonly BrowserCertificate[]> {
    const found: BrowserCertificate[] = []
    for (const { nickname } of await this.entries()) {
      for (const { info } of isOurs(nickname) ? await this.named(nickname) : []) {
        const { subject, sha256Fingerprint, validTo } = info
        found.push({ nickname, subject, sha256Fingerprint, validTo })
      }
    }
    return found
  }

  /**
   * Imports the PKCS#12 file of the private folder.
   * @throws CoffretError `wrong_password`, `unsupported`, `cancelled`, when part of it may be there
   */
  async import(signal?: AbortSignal): Promise<void> {
    await this.change(importing(this.folder), signal)
  }

  /**
   * Sees to the authorities that an import brought: roots go, since no server needs them from a client; the
   * others are named, so that they go with the last certificate that needs them.
   * @param before what was there
   * @param brought SHA-256 fingerprints of all that was in the file
   */
  async adoptChain(before: readonly NssEntry[], brought: ReadonlySet<string>): Promise<void> {
    const known = new Set(before.map(({ nickname }) => nickname))
    for (const { nickname } of await this.entries()) {
      if (known.has(nickname) || isOurs(nickname) || isOurChain(nickname)) continue
      const [first, ...others] = await this.named(nickname)
      if (!first?.info.isCa || others.length > 0) continue
      const { sha256Fingerprint } = first.info
      if (!brought.has(sha256Fingerprint)) continue
      const newName = chainNicknameOf(nickname, sha256Fingerprint)
      const renaming = ['--rename', '-n', nickname, '--new-n', newName]
      const errand = isRoot(first) ? ['-D', '-n', nickname] : renaming
      await this.change(certutil(this.folder, ...errand))
    }
  }

  /** The key with a nickname, with or without a certificate. @throws CoffretError `wrong_password` */
  async keyNamed(nickname: string): Promise<NssKey | undefined> {
    try {
      const keys = readKeys(await this.change(listing(this.folder)))
      return keys.find((key) => key.nickname === nickname)
    } catch (error) {
      // So it says that there is no key at all.
      if (error instanceof CoffretError && error.code === 'storage') return undefined
      throw error
    }
  }

  /** The key of a certificate, when both are here. @throws CoffretError `wrong_password` */
  async keyOf(sha256Fingerprint: string): Promise<NssKey | undefined> {
    const keys = readKeys(await this.change(listing(this.folder)))
    for (const nickname of new Set(keys.map((key) => key.nickname))) {
      const certificates = await this.named(nickname)
      const wanted = certificates.find(({ info }) => info.sha256Fingerprint === sha256Fingerprint)
      const id = wanted && keyIdOf(wanted)
      const key = keys.find((one) => one.id === id)
      if (key) return { id: key.id, nickname }
    }
    return undefined
  }

  /**
   * Takes a key and its certificates out, and of our chains what nobody needs any more.
   * @throws CoffretError `wrong_password`, `storage`
   */
  async remove(key: NssKey): Promise<void> {
    const certificates = await this.named(key.nickname)
    await this.change(certutil(this.folder, '-F', '-k', key.id))
    // A renewal may have kept the key: each run takes one certificate out.
    for (const one of certificates) {
      if (keyIdOf(one) !== key.id) continue
      await this.change(certutil(this.folder, '-D', '-n', certificateUri(key)))
    }
    await this.removeUnusedChain()
  }

  private async removeUnusedChain(): Promise<void> {
    const entries = await this.entries()
    const chain = entries.filter(({ nickname }) => isOurChain(nickname))
    if (chain.length === 0) return
    const needed = new Set<string>()
    for (const { nickname } of entries.filter(({ hasKey }) => hasKey)) {
      for (const { info } of await this.named(nickname)) needed.add(info.issuer)
    }
    const left = new Map<NssEntry, Certificate[]>()
    for (const one of chain) left.set(one, await this.named(one.nickname))
    // Each round finds the authorities above those of the round before.
    for (let size = -1; size < needed.size;) {
      size = needed.size
      for (const { info } of [...left.values()].flat()) {
        if (needed.has(info.subject)) needed.add(info.issuer)
      }
    }
    for (const [{ nickname }, certificates] of left) {
      for (const { info } of certificates) {
        if (needed.has(info.subject)) continue
        await this.change(certutil(this.folder, '-D', '-n', nickname))
      }
    }
  }

  /** All certificates with a nickname: those of its subject. */
  private async named(nickname: string): Promise<Certificate[]> {
    try {
      const args = ['-L', '-n', nickname, '-a', '-d', `sql:${this.folder}`]
      return certificatesIn(await this.tools.run('certutil', args))
    } catch (error) {
      // The name of a key without a certificate: what was left of something else.
      if (error instanceof CoffretError && error.code === 'not_found') return []
      throw error
    }
  }

  private async change(
    command: readonly [NssTool, ...string[]],
    signal?: AbortSignal,
  ): Promise<string> {
    const [tool, ...args] = command
    const output = await this.tools.run(tool, args, { folder: this.secrets, signal })
    this.commands.push(command)
    return output
  }
}
