import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Best } from '../../src-main/kv/best'

test('the best are what sorting all of them would put first', () => {
  const offer = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 20 }))
  fc.assert(
    fc.property(fc.array(offer), fc.nat({ max: 8 }), (offers, limit) => {
      const best = new Best<readonly [number, number]>(limit, (a, b) => a[1] - b[1])
      for (const one of offers) best.add(one[0], one)
      const sorted = [...offers].sort((a, b) => a[0] - b[0] || a[1] - b[1])
      expect(best.items).toEqual(sorted.slice(0, limit))
    }),
  )
})
