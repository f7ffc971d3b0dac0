import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { utf16 } from './der-writer'

/** What the derived bytes are for. Source: RFC 7292 appendix B.3. */
export const purpose = { key: 1, iv: 2, mac: 3 } as const

/** The digests of this derivation, with their output length in bytes. */
export const digestLength = { sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 } as const

/** One of the digests of this derivation. */
export type Pkcs12Digest = keyof typeof digestLength

/** What is derived from what. */
export interface Pkcs12Derivation {
  /** `null` is the absence of a password: some programs take it for the empty one. */
  readonly password: string | null
  readonly salt: Uint8Array
  readonly iterations: number
  readonly purpose: (typeof purpose)[keyof typeof purpose]
  readonly digest: Pkcs12Digest
  /** In bytes. */
  readonly length: number
}

/** Rounds between two breaths of the event loop: about 5 ms. */
const roundsAtOnce = 4000

/** What the digest takes in at once, `v` of the RFC. */
const blockLengthOf = (digest: Pkcs12Digest): number => (digestLength[digest] > 32 ? 128 : 64)

/** `bytes` again and again, up to a multiple of the block length. */
function fillBlocks(bytes: Uint8Array, blockLength: number): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / blockLength) * blockLength, bytes)
}

/** Adds `addend` + 1 to each block, as numbers modulo 2^(8 × block length). */
function addToBlocks(blocks: Buffer, addend: Buffer): void {
  for (let start = 0; start < blocks.length; start += addend.length) {
    let carry = 1
    for (let index = addend.length - 1; index >= 0; index--) {
      const sum = (blocks[start + index] ?? 0) + (addend[index] ?? 0) + carry
      blocks[start + index] = sum & 0xff
      carry = sum >> 8
    }
  }
}

/** The derivation, with a breath now and then for who wants to let other work in between. */
function* derive(request: Pkcs12Derivation): Generator<void, Uint8Array> {
  const { digest, length } = request
  const blockLength = blockLengthOf(digest)
  const password =
    request.password === null
      ? Buffer.alloc(0)
      : Buffer.concat([utf16(request.password), Buffer.alloc(2)])
  const salt = fillBlocks(request.salt, blockLength)
  const blocks = Buffer.concat([salt, fillBlocks(password, blockLength)])
  const diversifier = Buffer.alloc(blockLength, request.purpose)
  const output: Buffer[] = []
  for (let made = 0; made < length; made += digestLength[digest]) {
    let block = createHash(digest).update(diversifier).update(blocks).digest()
    for (let round = 1; round < request.iterations; round++) {
      block = createHash(digest).update(block).digest()
      if (round % roundsAtOnce === 0) yield
    }
    output.push(block)
    addToBlocks(blocks, Buffer.alloc(blockLength, block))
  }
  password.fill(0)
  blocks.fill(0)
  return Buffer.concat(output).subarray(0, length)
}

/**
 * Derives bytes from a password as PKCS#12 does. Node has no native form of it, so it runs here,
 * about one microsecond a round, and lets other work in between.
 * Source: RFC 7292 appendix B.2; the password as UTF-16 with two zero bytes behind it (B.1).
 */
export async function derivePkcs12(request: Pkcs12Derivation): Promise<Uint8Array> {
  const steps = derive(request)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    await setImmediate()
  }
}

/** The same without letting other work in: for reading, which has a thread of its own. */
export function derivePkcs12Now(request: Pkcs12Derivation): Uint8Array {
  const steps = derive(request)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}
