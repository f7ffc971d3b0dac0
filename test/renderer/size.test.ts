import { expect, test } from 'vitest'
import { sizeOf, type Fill } from '../../src-renderer/state/size'

const limit = 65_536

test.each<[number, Fill]>([
  [0, 'fine'],
  [Math.ceil(limit * 0.9) - 1, 'fine'],
  [Math.ceil(limit * 0.9), 'near'],
  [limit, 'near'],
  [limit + 1, 'over'],
])('%d bytes are %s', (bytes, fill) => {
  expect(sizeOf('x'.repeat(bytes))).toEqual({ bytes, limit, fill })
})

test('counts bytes of UTF-8, not signs', () => {
  expect(sizeOf('é').bytes).toBe(2)
  expect(sizeOf('🔑').bytes).toBe(4)
})
