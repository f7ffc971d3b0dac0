import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SecretData } from '../../src-main/contract/model'
import { compareKeys, isSameData, shapeOf } from '../../src-main/kv/data-compare'

const data = (text: string) => SecretData.parse(text)

describe('whether data is the same', () => {
  test.each([
    ['{"a":1,"b":2}', '{"b":2,"a":1}', true],
    ['{"a":1.0}', '{"a":1}', true],
    ['{"a":1e2}', '{"a":100}', true],
    ['{"a":12345678901234567890}', '{"a":12345678901234567000}', true],
    ['{"a":[1,2]}', '{"a":[2,1]}', false],
    ['{"a":[1]}', '{"a":[1,null]}', false],
    ['{"a":{}}', '{"a":[]}', false],
    ['{"a":null}', '{}', false],
    ['{"a":"1"}', '{"a":1}', false],
    ['{"__proto__":1}', '{"__proto__":2}', false],
  ])('%s and %s by value: %s', (a, b, isSame) => {
    expect(isSameData(data(a), data(b), false)).toBe(isSame)
    expect(isSameData(data(b), data(a), false)).toBe(isSame)
    expect(isSameData(data(a), data(b), true)).toBe(false)
    expect(isSameData(data(a), data(a), true)).toBe(true)
  })

  test('text that went through float64 and another order is the same', () => {
    const property = fc.property(fc.object({ key: fc.string(), maxDepth: 2 }), (object) => {
      const text = JSON.stringify(object)
      const turned = JSON.stringify(Object.fromEntries(Object.entries(object).reverse()))
      expect(isSameData(data(text), data(turned), false)).toBe(true)
    })
    fc.assert(property, { numRuns: 100 })
  })
})

describe('what a store must be able to hold', () => {
  test.each([
    ['1', false],
    ['1.0', false],
    ['-0.0', false],
    ['0.1', false],
    ['1e21', false],
    ['1E+2', false],
    ['100000000000000000000000', false],
    ['9007199254740993', true],
    ['9007199254740992', false],
    ['0.1000000000000000000001', true],
    ['5e-324', false],
    ['1e-400', true],
  ])('the number %s loses digits as float64: %s', (number, isWide) => {
    expect(shapeOf(data(`{"a":[${number}]}`)).hasWideNumber).toBe(isWide)
  })

  test('every number that JavaScript writes is exact', () => {
    const property = fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(shapeOf(data(JSON.stringify({ number }))).hasWideNumber).toBe(false)
    })
    fc.assert(property)
  })

  test('sizes count bytes of UTF-8, and empty keys are found at any depth', () => {
    const plain = { isEmpty: false, hasEmptyKey: false, hasWideNumber: false }
    expect(shapeOf(data('{"é":1}'))).toEqual({ ...plain, bytes: 8 })
    expect(shapeOf(data('{}'))).toEqual({ ...plain, bytes: 2, isEmpty: true })
    expect(shapeOf(data('{"a":[{"":1}]}'))).toEqual({ ...plain, bytes: 14, hasEmptyKey: true })
  })
})

test('keys are compared one by one, without a value', () => {
  const first = data('{"same":1,"other":"one","gone":null,"deep":{"x":1,"y":2},"kind":{"a":1}}')
  const second = data('{"kind":[1],"deep":{"y":3,"z":4},"other":"two","same":1.0,"new":{}}')
  const found = compareKeys(first, second)
  expect(found).toEqual([
    { key: ['same'], relation: 'same' },
    { key: ['other'], relation: 'different' },
    { key: ['gone'], relation: 'onlyFirst' },
    { key: ['deep', 'x'], relation: 'onlyFirst' },
    { key: ['deep', 'y'], relation: 'different' },
    { key: ['deep', 'z'], relation: 'onlySecond' },
    { key: ['kind'], relation: 'different' },
    { key: ['new'], relation: 'onlySecond' },
  ])
  expect(compareKeys(data('{"a":{}}'), data('{"a":{}}'))).toEqual([
    { key: ['a'], relation: 'same' },
  ])
})
