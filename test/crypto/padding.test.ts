import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pad, paddedLength, unpad } from '../../src-main/crypto/padding'

const corrupt = expect.objectContaining({ code: 'corrupt' })

test.each([
  [0, 64],
  [1, 64],
  [64, 64],
  [65, 128],
  [1023, 1024],
  [1024, 1024],
  [1025, 1088],
  [2048, 2048],
  [2049, 2176],
  [65_535, 65_536],
  [65_536, 65_536],
  [65_537, 67_584],
  [1_048_577, 1_081_344],
])('%i bytes are kept as %i', (length, padded) => {
  expect(paddedLength(length)).toBe(padded)
})

test('costs at most 12 % above 1 KiB, never shrinks, and is its own padding', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1024, max: 4 * 1024 * 1024 }), (length) => {
      const padded = paddedLength(length)
      expect(padded).toBeGreaterThanOrEqual(length)
      expect(padded).toBeLessThanOrEqual(length * 1.12)
      expect(paddedLength(padded)).toBe(padded)
      expect(paddedLength(length + 1)).toBeGreaterThanOrEqual(padded)
    }),
    { numRuns: 2000 },
  )
})

test('what was padded comes back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), (text) => {
      expect(unpad(pad(text))).toEqual(text)
    }),
  )
})

test.each([
  ['nothing', new Uint8Array()],
  ['less than a length', new Uint8Array(3)],
  ['a length beyond the end', Uint8Array.from([0, 0, 0, 61, ...new Array<number>(60).fill(0)])],
  ['a byte that is not zero behind the text', pad(new Uint8Array(1)).fill(1, 63)],
  ['more than was needed', new Uint8Array(128)],
  ['a length of four gigabytes', new Uint8Array(64).fill(255, 0, 4)],
])('padding with %s is refused', (_, padded) => {
  expect(() => unpad(padded)).toThrow(corrupt)
})
