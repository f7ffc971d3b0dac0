import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringifyJson } from '../../src-main/contract/json'
import { offsetAt, readJson, type JsonFault } from '../../src-renderer/state/json-problem'
import { anyData } from './arbitrary-json'

test('data of a secret is read, however it is laid out', () => {
  fc.assert(
    fc.property(anyData, fc.nat(4), (data, indent) => {
      const reading = readJson(stringifyJson(data, indent))
      expect(reading.ok && stringifyJson(reading.data)).toBe(stringifyJson(data))
    }),
  )
})

test.each<[string, JsonFault, number, number]>([
  ['', 'value', 1, 1],
  ['{"a":1} x', 'follows', 1, 9],
  ['{\n  "a":\n}', 'value', 3, 1],
  ['{\n  a: 1\n}', 'key', 2, 3],
  ['{"a":1,\n "a":2}', 'duplicate', 2, 5],
  ['{"a" 1}', 'colon', 1, 6],
  ['{"a":1 "b":2}', 'object-end', 1, 8],
  ['{"a":[1 2]}', 'array-end', 1, 9],
  ['{"a":"b}', 'text', 1, 6],
  ['[1]', 'object', 1, 1],
  ['"text"', 'object', 1, 1],
  ['{"":1}', 'empty-key', 1, 1],
  [`${'['.repeat(200)}`, 'other', 1, 129],
])('%j: %s in line %d, column %d', (text, fault, line, column) => {
  expect(readJson(text)).toEqual({ ok: false, problem: { fault, line, column } })
})

test('the offset is the place in the text, and never beyond it', () => {
  const at = (line: number, column: number) =>
    offsetAt('ab\ncd\n\ne', { line, column, fault: 'other' })
  expect([at(1, 1), at(1, 2), at(2, 1), at(3, 1), at(4, 1), at(4, 9)]).toEqual([0, 1, 3, 6, 7, 8])
})

test('every problem lies within the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,1a\n ') }), (text) => {
      const reading = readJson(text)
      if (reading.ok || !('problem' in reading)) return
      const offset = offsetAt(text, reading.problem)
      expect(offset).toBeGreaterThanOrEqual(0)
      expect(offset).toBeLessThanOrEqual(text.length)
    }),
  )
})
