import { expect, test } from 'vitest'
import { systemRandom } from '../src-main/env'

test.each([1, 12, 16, 17, 32, 5000])('%i random bytes are of that length', (length) => {
  expect(systemRandom(length)).toHaveLength(length)
})

test('what was drawn is not drawn again, however often', () => {
  const drawn = Array.from({ length: 2000 }, (_, at) => systemRandom(12 + (at % 5)))
  const starts = drawn.map((bytes) => Buffer.from(bytes.subarray(0, 12)).toString('hex'))
  expect(new Set(starts).size).toBe(drawn.length)
  // Wiped places of the pool that were given out once more would be zeros.
  expect(drawn.filter((bytes) => bytes.subarray(-8).every((byte) => byte === 0))).toEqual([])
})

test('what was drawn is its taker’s alone', () => {
  const drawn = systemRandom(16)
  expect(drawn.buffer.byteLength).toBe(16)
  const copy = drawn.slice()
  for (let n = 0; n < 500; n += 1) systemRandom(16)
  expect(drawn).toEqual(copy)
})
