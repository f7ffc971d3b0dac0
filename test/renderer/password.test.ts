import { describe, expect, test } from 'vitest'
import { generatePassword, pickNumbers, randomBelow } from '../../src-renderer/state/password'

/** Random bytes that are not: the numbers of 16 bits in their order, then again. */
function numbers(...list: number[]) {
  let at = 0
  return (bytes: Uint8Array) => {
    const number = list[at++ % list.length] ?? 0
    bytes.set([number >> 8, number & 0xff])
  }
}

/** Every number of 16 bits once. */
function counting() {
  return numbers(...Array.from({ length: 65_536 }, (_, n) => n))
}

describe('a random number below a limit', () => {
  test.each([1, 2, 24, 59, 7776, 65_536])('is below %d and not below 0', (limit) => {
    for (let n = 0; n < 200; n++) {
      const drawn = randomBelow(limit)
      expect(Number.isInteger(drawn) && drawn >= 0 && drawn < limit).toBe(true)
    }
  })

  test.each([3, 59, 7776])('is as likely as every other below %d', (limit) => {
    const draws = 65_536 - (65_536 % limit)
    const fill = counting()
    const seen = new Array<number>(limit).fill(0)
    for (let n = 0; n < draws; n++) {
      const drawn = randomBelow(limit, fill)
      seen[drawn] = (seen[drawn] ?? 0) + 1
    }
    expect(new Set(seen)).toEqual(new Set([draws / limit]))
  })

  test('draws again in the uneven rest', () => {
    // 65,536 = 6,553 × 10 + 6: from 65,530 on, small numbers would be likelier.
    expect(randomBelow(10, numbers(65_535, 65_530, 65_529))).toBe(9)
  })
})

describe('a password', () => {
  test('has 20 signs that are not mistaken for others', () => {
    for (let n = 0; n < 100; n++) {
      expect(generatePassword()).toMatch(/^[A-HJ-NP-Za-km-np-z2-9\-_+.]{20}$/)
    }
  })

  test('differs each time, at the length that was asked', () => {
    const made = Array.from({ length: 100 }, () => generatePassword(12))
    expect(new Set(made).size).toBe(100)
    expect(made.every((password) => password.length === 12)).toBe(true)
    expect(generatePassword(0)).toBe('')
  })

  test('comes from the random bytes alone', () => {
    expect(generatePassword(3, numbers(0, 1, 2))).toBe('ABC')
  })
})

describe('picked numbers', () => {
  test('are different, ascending and within the limit', () => {
    for (let n = 0; n < 100; n++) {
      const [first = 0, second = 0, ...more] = pickNumbers(2, 24)
      expect(more).toEqual([])
      expect(first >= 1 && first < second && second <= 24).toBe(true)
    }
  })

  test('reach both ends', () => {
    expect(pickNumbers(2, 24, numbers(23, 0))).toEqual([1, 24])
  })

  test('are drawn again when they occur twice', () => {
    expect(pickNumbers(2, 24, numbers(4, 4, 1))).toEqual([2, 5])
  })

  test('are all when more are asked than there are', () => {
    expect(pickNumbers(9, 3)).toEqual([1, 2, 3])
  })
})
