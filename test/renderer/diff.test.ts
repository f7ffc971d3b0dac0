import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson, type JsonObject } from '../../src-main/contract/json'
import { diff, differs, isSame } from '../../src-renderer/state/diff'
import { anyData } from './arbitrary-json'

const data = (text: string) => parseJson(text) as JsonObject
const changes = (older: string, newer: string) =>
  diff(data(older), data(newer)).map(({ key, change }) => `${key} ${change}`)

test('every key is named once: the newer order, then what was lost', () => {
  expect(
    changes('{"lost":1,"same":[1],"other":"a"}', '{"other":"b","new":null,"same":[1]}'),
  ).toEqual(['other changed', 'new added', 'same same', 'lost removed'])
})

test('null is a value, and a missing key is none', () => {
  expect(changes('{"a":null}', '{"a":null}')).toEqual(['a same'])
  expect(changes('{"a":null}', '{}')).toEqual(['a removed'])
  expect(isSame(undefined, null)).toBe(false)
  expect(isSame(undefined, undefined)).toBe(true)
})

test.each([
  ['1', '1.0'],
  ['1', '"1"'],
  ['12345678901234567890', '12345678901234567891'],
  ['{"a":1,"b":2}', '{"b":2,"a":1}'],
])('%s and %s differ', (older, newer) => {
  expect(changes(`{"k":${older}}`, `{"k":${newer}}`)).toEqual(['k changed'])
})

test('space between signs is no difference', () => {
  expect(changes('{"k":{"a":[1, 2]}}', '{"k": {"a" : [1,2]}}')).toEqual(['k same'])
})

test('an order that differs is a difference of the whole, of no key', () => {
  const [older, newer] = [data('{"a":1,"b":2}'), data('{"b":2,"a":1}')]
  expect(diff(older, newer).every(({ change }) => change === 'same')).toBe(true)
  expect(differs(older, newer)).toBe(true)
})

test('what is the same differs in nothing', () => {
  fc.assert(
    fc.property(anyData, (one) => {
      expect(differs(one, one)).toBe(false)
      expect(diff(one, one).map(({ key }) => key)).toEqual([...one.keys()])
    }),
  )
})

test('the lines hold both sides entirely', () => {
  fc.assert(
    fc.property(anyData, anyData, (older, newer) => {
      const lines = diff(older, newer)
      expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length)
      for (const line of lines) {
        expect(line.older).toBe(older.get(line.key))
        expect(line.newer).toBe(newer.get(line.key))
      }
      expect(lines).toHaveLength(new Set([...older.keys(), ...newer.keys()]).size)
    }),
  )
})
