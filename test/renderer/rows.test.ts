import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson, stringifyJson, type JsonObject } from '../../src-main/contract/json'
import { readRows, rowsOf, rowTypes, withType, type Row } from '../../src-renderer/state/rows'
import { anyData, anyText } from './arbitrary-json'

const row = (change: Partial<Row>): Row => ({ id: 1, key: 'k', type: 'text', text: '', ...change })
const read = (...rows: Row[]) => {
  const reading = readRows(rows)
  return reading.ok ? stringifyJson(reading.data) : Object.fromEntries(reading.problems)
}
const data = (text: string) => parseJson(text) as JsonObject

describe('rows and JSON', () => {
  test('the round trip is lossless', () => {
    fc.assert(
      fc.property(anyData, (one) => {
        expect(read(...rowsOf(one))).toBe(stringifyJson(one))
      }),
    )
  })

  test('order, number text and odd names stay', () => {
    const text = '{"b":1.0,"2":"x","1":12345678901234567890,"__proto__":{"a":[1e400]},"n":null}'
    expect(read(...rowsOf(data(text)))).toBe(text)
  })

  test('short JSON is on one line, long JSON on several', () => {
    const [short, long] = rowsOf(data(`{"a":["30","31"],"b":["${'x'.repeat(80)}"]}`))
    expect(short?.text).toBe('["30","31"]')
    expect(long?.text.split('\n')).toHaveLength(3)
  })

  test('rows are numbered from the first id', () => {
    expect(rowsOf(data('{"a":1,"b":2}'), 5).map(({ id }) => id)).toEqual([5, 6])
  })
})

describe('what cannot be saved', () => {
  test.each<[string, Partial<Row>, string]>([
    ['a row without a key', { key: '', text: 'x' }, 'empty-key'],
    ['a number with a word in it', { type: 'number', text: '12a' }, 'not-a-number'],
    ['a number with a leading zero', { type: 'number', text: '012' }, 'not-a-number'],
    ['no number at all', { type: 'number', text: '' }, 'not-a-number'],
    ['unfinished JSON', { type: 'json', text: '{"a":' }, 'not-json'],
  ])('%s', (_, change, problem) => {
    expect(read(row(change))).toEqual({ 1: problem })
  })

  test('the second row of a name, and every row without one', () => {
    const rows = ['a', 'a', '', ''].map((key, id) => row({ id, key, text: 'x' }))
    expect(read(...rows)).toEqual({ 1: 'duplicate-key', 2: 'empty-key', 3: 'empty-key' })
  })
})

test('a row in which nothing was typed says nothing', () => {
  expect(read(row({}), row({ id: 2, key: '' }), row({ id: 3, key: '' }))).toBe('{"k":""}')
})

test('a number may have space around it', () => {
  expect(read(row({ type: 'number', text: ' -0.50e3 ' }))).toBe('{"k":-0.50e3}')
})

describe('another type', () => {
  test.each<[Partial<Row>, Row['type'], string]>([
    [{ text: '42' }, 'number', '42'],
    [{ type: 'number', text: '1.0' }, 'text', '1.0'],
    [{ text: 'true' }, 'boolean', 'true'],
    [{ text: 'yes' }, 'boolean', 'false'],
    [{ text: 'gone' }, 'null', ''],
    [{ text: '["a"]' }, 'json', '["a"]'],
    [{ text: 'plain' }, 'json', '"plain"'],
    [{ text: '42' }, 'json', '"42"'],
    [{ type: 'number', text: '1.0' }, 'json', '1.0'],
    [{ type: 'null' }, 'json', 'null'],
    [{ type: 'json', text: '[ 1 ]' }, 'text', '[1]'],
    [{ type: 'json', text: '"a"' }, 'text', 'a'],
    [{ type: 'json', text: '{' }, 'text', '{'],
  ])('%o as %s is %s', (change, type, text) => {
    expect(withType(row(change), type)).toEqual(row({ ...change, type, text }))
  })

  test('text comes back from JSON as it was, unless it was a list or an object', () => {
    fc.assert(
      fc.property(
        anyText.filter((text) => !/^\s*[[{]/.test(text)),
        (text) => {
          expect(withType(withType(row({ text }), 'json'), 'text').text).toBe(text)
        },
      ),
    )
  })

  test('the same type changes nothing', () => {
    for (const type of rowTypes) {
      const one = row({ type, text: '{ "a" : 1 }' })
      expect(withType(one, type)).toBe(one)
    }
  })
})
