import { expect, test } from 'vitest'
import { Recent } from '../../src-main/vault/recent'

test('what was used lately stays, and no more than so many items do', () => {
  const recent = new Recent<number>(10)
  for (let n = 0; n < 1000; n += 1) {
    recent.set(String(n), n)
    // Used all the time.
    expect(recent.get('0')).toBe(0)
  }
  const kept = Array.from({ length: 1000 }, (_, n) => n).filter(
    (n) => recent.get(String(n)) !== undefined,
  )
  expect(kept).toContain(999)
  expect(kept.length).toBeLessThanOrEqual(10)
  expect(recent.get('unknown')).toBeUndefined()
})

test('what weighs more takes more room, and what was deleted is gone', () => {
  const recent = new Recent<number>(100, (weight) => weight)
  for (let n = 0; n < 20; n += 1) recent.set(`light ${n}`, 1)
  recent.set('heavy', 30)
  recent.set('heavy', 30)
  expect(recent.get('light 0')).toBe(1)
  recent.set('heavier', 60)
  recent.set('heaviest', 1000)
  expect(recent.get('heaviest')).toBe(1000)
  expect(['light 0', 'heavy'].map((key) => recent.get(key))).toEqual([undefined, undefined])
  recent.delete('heaviest')
  expect(recent.get('heaviest')).toBeUndefined()
})
