import { CoffretError } from '../contract/errors'

/** Below this many bytes, lengths are rounded up to {@link smallStep}. */
export const smallLimit = 1024

/** The granularity of small lengths, in bytes. */
export const smallStep = 64

/** Bytes in front of the text that hold its length, big-endian. */
export const lengthBytes = 4

/**
 * The length that stands for a length: the next multiple of 64 up to 1 KiB, above that Padmé, which
 * costs at most 12 % and leaves O(log log n) bits of the length visible.
 * Source: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PoPETs 2019, §4.
 */
export function paddedLength(length: number): number {
  if (length <= smallLimit) return Math.max(1, Math.ceil(length / smallStep)) * smallStep
  const exponent = Math.floor(Math.log2(length))
  const significant = Math.floor(Math.log2(exponent)) + 1
  const step = 2 ** (exponent - significant)
  return Math.ceil(length / step) * step
}

/** Puts the length in front and zeros behind, so that the whole has a {@link paddedLength}. */
export function pad(text: Uint8Array): Uint8Array {
  const padded = new Uint8Array(paddedLength(lengthBytes + text.length))
  new DataView(padded.buffer).setUint32(0, text.length)
  padded.set(text, lengthBytes)
  return padded
}

/**
 * Takes off what {@link pad} added. Only the one form that `pad` makes is accepted.
 * @throws CoffretError `corrupt`
 */
export function unpad(padded: Uint8Array): Uint8Array {
  const view = new DataView(padded.buffer, padded.byteOffset, padded.byteLength)
  const length = padded.length < lengthBytes ? -1 : view.getUint32(0)
  const end = lengthBytes + length
  const isOurs =
    length >= 0 &&
    padded.length === paddedLength(end) &&
    padded.subarray(end).every((byte) => byte === 0)
  if (!isOurs) throw new CoffretError('corrupt', 'the padding of a record is not ours')
  return padded.subarray(lengthBytes, end)
}
