import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareBytes } from '../../src-main/kv/byte-order'

test.each([
  ['a', 'b'],
  ['a', 'aa'],
  ['', 'a'],
  ['Z', 'a'],
  ['foo', 'foo-bar'],
  ['foo-bar', 'foo/'],
  ['é', '～'],
  ['～', '🔑'],
  ['\uffff', '\u{10000}'],
  ['🔑', '🔒'],
])('%j comes before %j', (a, b) => {
  expect(compareBytes(a, b)).toBeLessThan(0)
  expect(compareBytes(b, a)).toBeGreaterThan(0)
  expect(compareBytes(a, a)).toBe(0)
})

test('orders every text as its bytes of UTF-8', () => {
  const text = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(text, text, (a, b) => {
      const expected = Buffer.compare(Buffer.from(a), Buffer.from(b))
      expect(Math.sign(compareBytes(a, b))).toBe(expected)
    }),
    { numRuns: 1000 },
  )
})
