import { CoffretError } from '../contract/errors'
import { derOfBer, octetsOf } from './ber'
import { DerReader, constructed, derTag, oidText, primitive, smallInteger } from './der'
import { stringText } from './distinguished-name'
import type { Password } from './key-derivation'
import { decryptWithPassword } from './password-encryption'
import { pkcs12Id as id } from './pkcs12'
import { isMacOf } from './pkcs12-mac'
import type { StoredKey } from './private-key'
import type { WorkBudget } from './work-budget'

/** What a PKCS#12 file holds. */
export interface Pkcs12Bags {
  /** In DER. */
  readonly certificates: readonly Uint8Array[]
  /** With the password that opens them, when they are closed. */
  readonly keys: readonly StoredKey[]
  /** The first one that is there: the key's, or a certificate's. */
  readonly friendlyName: string | undefined
}

/** More bags than this are not a credential. */
const maxBags = 64

/** How deep lists of bags may lie in each other. */
const maxNest = 4

/** Where PKCS#12 files differ from each other, and from an encrypted key, which begins alike. */
interface Pfx {
  /** As they were authenticated. */
  readonly contents: Uint8Array
  readonly macData: Uint8Array | undefined
}

function damaged(reason: string): never {
  throw new CoffretError('invalid', `pkcs#12: ${reason}`)
}

function unsupported(what: string): never {
  throw new CoffretError('unsupported', `pkcs#12: ${what}`)
}

/** Source: RFC 7292 §4. */
function readPfx(bytes: Uint8Array): Pfx {
  const pfx = new DerReader(derOfBer(bytes)).enter(derTag.sequence)
  const version = smallInteger(pfx.next(derTag.integer))
  if (version !== 3) damaged(`version ${version}`)
  const content = pfx.enter(derTag.sequence)
  const type = oidText(content.next(derTag.oid))
  if (type !== id.data) unsupported(`contents of type ${type}`)
  const contents = content.enter(constructed(0)).next(derTag.octetString).content
  const macData = pfx.optional(derTag.sequence)?.content
  pfx.end()
  return { contents, macData }
}

/**
 * Whether bytes are a PKCS#12 file: version 3, then what PKCS#7 calls contents.
 * @returns false also for a file so damaged that it cannot be told
 */
export function isPkcs12(bytes: Uint8Array): boolean {
  if (bytes[0] !== derTag.sequence) return false
  try {
    const pfx = new DerReader(derOfBer(bytes)).enter(derTag.sequence)
    const version = pfx.next(derTag.integer)
    const content = pfx.enter(derTag.sequence)
    return smallInteger(version) === 3 && oidText(content.next(derTag.oid)).startsWith(pkcs7)
  } catch {
    return false
  }
}

const pkcs7 = '1.2.840.113549.1.7.'

/** Collects the bags of one file. */
class BagReader {
  readonly certificates: Uint8Array[] = []
  readonly keys: StoredKey[] = []
  friendlyName: string | undefined
  #bags = 0

  constructor(
    private readonly password: Password,
    private readonly work: WorkBudget,
  ) {}

  /** AuthenticatedSafe. Source: RFC 7292 §4.1. */
  readAll(contents: Uint8Array): void {
    for (const { content } of new DerReader(derOfBer(contents))
      .enter(derTag.sequence)
      .remaining()) {
      const reader = new DerReader(content)
      const type = oidText(reader.next(derTag.oid))
      const value = reader.enter(constructed(0))
      if (type === id.data) this.#readBags(value.next(derTag.octetString).content)
      else if (type === id.encryptedData) this.#readEncrypted(value.enter(derTag.sequence))
      else unsupported(`contents of type ${type}`)
    }
  }

  /** Source: RFC 5652 §8. */
  #readEncrypted(data: DerReader): void {
    data.next(derTag.integer)
    const content = data.enter(derTag.sequence)
    content.next(derTag.oid)
    const algorithm = content.enter(derTag.sequence)
    const whole = content.optional(primitive(0))
    // In BER it may come in pieces, each an OCTET STRING.
    const parts = whole ? undefined : content.enter(constructed(0)).remaining()
    const bytes = whole?.content ?? Buffer.concat(parts?.map((part) => octetsOf(part.whole)) ?? [])
    const { password, work } = this
    const plain = decryptWithPassword(algorithm, { data: bytes, password, work })
    try {
      this.#readBags(plain)
    } catch (cause) {
      // Noise, where there was no MAC to tell that the password is wrong.
      if (cause instanceof CoffretError && cause.code === 'invalid') {
        throw new CoffretError('wrong_password', 'the password does not open it', { cause })
      }
      throw cause
    } finally {
      plain.fill(0)
    }
  }

  /** SafeContents. Source: RFC 7292 §4.2. */
  #readBags(contents: Uint8Array, nest = 0): void {
    if (nest > maxNest) damaged('lists of bags in each other')
    for (const { content } of new DerReader(derOfBer(contents))
      .enter(derTag.sequence)
      .remaining()) {
      if (++this.#bags > maxBags) unsupported(`more than ${maxBags} bags`)
      const bag = new DerReader(content)
      const type = oidText(bag.next(derTag.oid))
      const value = bag.enter(constructed(0)).next()
      this.#readName(bag.optional(derTag.set)?.content)
      if (type === id.certificateBag) this.#readCertificate(value.content)
      else if (type === id.keyBag) this.keys.push({ form: 'pkcs8', der: value.whole.slice() })
      else if (type === id.shroudedKeyBag) {
        const { password } = this
        this.keys.push({ form: 'encrypted-pkcs8', der: value.whole.slice(), password })
      } else if (type === id.safeContentsBag) this.#readBags(value.whole, nest + 1)
      // Revocation lists and other secrets may stand beside them.
    }
  }

  #readCertificate(bag: Uint8Array): void {
    const reader = new DerReader(bag)
    if (oidText(reader.next(derTag.oid)) !== id.x509Certificate) return
    const value = reader.enter(constructed(0)).next(derTag.octetString)
    this.certificates.push(value.content.slice())
  }

  #readName(attributes: Uint8Array | undefined): void {
    if (attributes === undefined) return
    for (const { content } of new DerReader(attributes).remaining()) {
      const reader = new DerReader(content)
      if (oidText(reader.next(derTag.oid)) !== id.friendlyName) continue
      const [name] = reader.enter(derTag.set).remaining()
      this.friendlyName ??= name && stringText(name)
    }
  }
}

function openWith({ contents, macData }: Pfx, password: Password, work: WorkBudget): Pkcs12Bags {
  if (macData && !isMacOf(macData, contents, password, work)) {
    throw new CoffretError('wrong_password', 'the password does not open the PKCS#12 file')
  }
  const reader = new BagReader(password, work)
  reader.readAll(contents)
  return reader
}

/**
 * Reads a PKCS#12 file: bounded in depth, number and work, and authenticated before anything in it
 * is read, where it has a MAC. The keys stay closed.
 * Source: RFC 7292, and RFC 9879 for PBMAC1.
 * @param password undefined or empty when none was given: then the two ways to have none are tried
 * @throws {CoffretError} `wrong_password`, also when it was changed after it was closed; `unsupported`
 * for an algorithm, a cost or a number of bags that we do not take; `invalid` when it is damaged
 */
export function readPkcs12(
  bytes: Uint8Array,
  password: string | undefined,
  work: WorkBudget,
): Pkcs12Bags {
  const pfx = readPfx(bytes)
  if (password) return openWith(pfx, password, work)
  try {
    return openWith(pfx, '', work)
  } catch (error) {
    if (!(error instanceof CoffretError) || error.code !== 'wrong_password') throw error
    return openWith(pfx, null, work)
  }
}
