import { isTorture, randomNumbers, seed, times } from './torture'

/** Gives random numbers from 0 up to, not including, a bound. */
export type RandomNumbers = (below: number) => number

/** How long each fuzzer runs: `COFFRET_FUZZ_SECONDS`, or as security.md says. */
const fuzzSeconds = Number(process.env['COFFRET_FUZZ_SECONDS'] ?? times(20, 600))

/** What a test of a fuzzer may take. */
export const fuzzTimeoutMs = (fuzzSeconds + 60) * 1000

/** However short a try is, there are no more of them. */
const maxRuns = isTorture ? 100_000_000 : 200_000

/** A try that takes longer hangs. */
const longestMs = 10_000

/**
 * Tries something until the time is over. A try that throws says with which `COFFRET_SEED` it is the first.
 * @returns how many tries there were
 */
export async function fuzz(
  run: (random: RandomNumbers) => void | Promise<void>,
  share = 1,
): Promise<number> {
  const end = performance.now() + fuzzSeconds * 1000 * share
  let runs = 0
  while (runs < maxRuns && performance.now() < end) {
    const again = `COFFRET_SEED=${seed + runs} repeats it`
    const began = performance.now()
    try {
      await run(randomNumbers(seed + runs))
    } catch (cause) {
      throw new Error(`${(cause as Error).message} (${again})`, { cause })
    }
    if (performance.now() - began > longestMs) throw new Error(`it took too long (${again})`)
    runs += 1
    // The one who runs the tests must hear from us.
    if (runs % 50 === 0) await new Promise(setImmediate)
  }
  return runs
}

/** One of a list. */
export function oneOf<T>(random: RandomNumbers, list: readonly T[]): T {
  if (list.length === 0) throw new Error('an empty list')
  return list[random(list.length)] as T
}

const numbers = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff]
const words = ['null', '-1', '1e999', '9007199254740993', '"', '{', '[', '\\u0000', '\ud83d', '{}']

/** Bytes with one to four changes: bits, numbers, pieces left out, doubled, exchanged or put in. */
export function mutated(
  random: RandomNumbers,
  bytes: Uint8Array,
  others: readonly Uint8Array[] = [bytes],
): Buffer {
  let result = Buffer.from(bytes)
  for (let left = 1 + random(4); left > 0; left -= 1) {
    const change = oneOf(random, changes)
    result = Buffer.from(change(result, random, oneOf(random, others)))
  }
  return result
}

type Change = (bytes: Buffer, random: RandomNumbers, other: Uint8Array) => Uint8Array

const changes: readonly Change[] = [
  (bytes, random) => put(bytes, random, (at) => [(bytes[at] ?? 0) ^ (1 << random(8))]),
  (bytes, random) => put(bytes, random, () => [random(256)]),
  (bytes, random) => {
    const four = Buffer.alloc(4)
    four.writeUInt32BE(oneOf(random, numbers))
    return put(bytes, random, () => four.subarray(random(4)))
  },
  (bytes, random) => splice(bytes, random, new Uint8Array()),
  (bytes, random) => splice(bytes, random, piece(bytes, random)),
  (bytes, random, other) => splice(bytes, random, piece(other, random)),
  (bytes, random) => splice(bytes, random, Buffer.from(oneOf(random, words))),
  (bytes, random) => bytes.subarray(0, random(bytes.length + 1)),
  (bytes, random) => Buffer.concat([bytes, piece(bytes, random)]),
]

function put(bytes: Buffer, random: RandomNumbers, what: (at: number) => Iterable<number>): Buffer {
  if (bytes.length === 0) return bytes
  const at = random(bytes.length)
  let place = at
  for (const byte of what(at)) if (place < bytes.length) bytes[place++] = byte
  return bytes
}

/** Puts something in the place of a short piece, which may be empty. */
function splice(bytes: Buffer, random: RandomNumbers, what: Uint8Array): Buffer {
  const at = random(bytes.length + 1)
  return Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at + random(16))])
}

function piece(bytes: Uint8Array, random: RandomNumbers): Uint8Array {
  const at = random(bytes.length + 1)
  return bytes.subarray(at, at + random(64))
}
