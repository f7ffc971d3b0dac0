import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { utf16 } from './der-writer'

/** What the derived bytes are for. Source: RFC 7292 appendix B.3. */
export const purpose = { key: 1, iv: 2, mac: 3 } as const

/** The digests of this derivation, with their output length. Both have blocks of 64 bytes. */
const digestLength = { sha1: 20, sha256: 32 } as const
const blockLength = 64

/** One of the digests of this derivation. */
export type Pkcs12Digest = keyof typeof digestLength

/** Rounds between two breaths of the event loop: about 5 ms. */
const roundsAtOnce = 4000

/** `bytes` again and again, up to a multiple of the block length. */
function fillBlocks(bytes: Uint8Array): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / blockLength) * blockLength, bytes)
}

/** Adds `addend` + 1 to each block, as numbers modulo 2^512. */
function addToBlocks(blocks: Buffer, addend: Buffer): void {
  for (let start = 0; start < blocks.length; start += blockLength) {
    let carry = 1
    for (let index = blockLength - 1; index >= 0; index--) {
      const sum = (blocks[start + index] ?? 0) + (addend[index] ?? 0) + carry
      blocks[start + index] = sum & 0xff
      carry = sum >> 8
    }
  }
}

/**
 * Derives bytes from a password as PKCS#12 does. Node has no native form of it, so it runs here,
 * about one microsecond a round, and lets other work in between.
 * Source: RFC 7292 appendix B.2; the password as UTF-16 with two zero bytes behind it (B.1).
 */
export async function derivePkcs12(request: {
  readonly password: string
  readonly salt: Uint8Array
  readonly iterations: number
  readonly purpose: (typeof purpose)[keyof typeof purpose]
  readonly digest: Pkcs12Digest
  readonly length: number
}): Promise<Uint8Array> {
  const { digest, length } = request
  const password = Buffer.concat([utf16(request.password), Buffer.alloc(2)])
  const blocks = Buffer.concat([fillBlocks(request.salt), fillBlocks(password)])
  const diversifier = Buffer.alloc(blockLength, request.purpose)
  const output: Buffer[] = []
  for (let made = 0; made < length; made += digestLength[digest]) {
    let block = createHash(digest).update(diversifier).update(blocks).digest()
    for (let round = 1; round < request.iterations; round++) {
      block = createHash(digest).update(block).digest()
      if (round % roundsAtOnce === 0) await setImmediate()
    }
    output.push(block)
    addToBlocks(blocks, Buffer.alloc(blockLength, block))
  }
  password.fill(0)
  blocks.fill(0)
  return Buffer.concat(output).subarray(0, length)
}
