import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  JsonNumber,
  type JsonValue,
  isJsonArray,
  isJsonObject,
  parseJson,
  stringifyJson,
} from '../../src-main/contract/json'

/** Any JSON value in our own form; numbers as JSON.stringify writes them. */
const jsonValue: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.string({ unit: 'binary' }),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((n) => new JsonNumber(JSON.stringify(n))),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value')), {
        maxLength: 4,
      })
      .map((entries) => new Map(entries)),
  ),
})).value

/** What JSON.parse would make of it. */
function plain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return Number(value.text)
  if (isJsonArray(value)) return value.map(plain)
  if (!isJsonObject(value)) return value
  const object: Record<string, unknown> = {}
  for (const [key, item] of value) {
    // As JSON.parse does: an own property, also for __proto__.
    Object.defineProperty(object, key, {
      value: plain(item),
      configurable: true,
      enumerable: true,
      writable: true,
    })
  }
  return object
}

/** JSON.parse's verdict on the text. */
function accepted(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('parseJson', () => {
  test.each([
    ['1.0'],
    ['9007199254740993'],
    ['-0'],
    ['1e400'],
    ['1.10'],
    ['{"b":1,"a":2,"10":3,"2":4}'],
    ['{"__proto__":{"polluted":true},"constructor":1}'],
    ['{"":""}'],
    ['{"a":{},"b":[]}'],
    ['"\\u2028🔑"'],
    ['[null,true,false]'],
  ])('keeps %s', (text) => {
    expect(JSON.parse(stringifyJson(parseJson(text)))).toEqual(JSON.parse(text))
    expect(stringifyJson(parseJson(stringifyJson(parseJson(text))))).toBe(
      stringifyJson(parseJson(text)),
    )
  })

  test.each(['1.0', '9007199254740993', '1e400', '{"b":1,"a":2,"10":3,"2":4}'])(
    'answers the text %s to the letter',
    (text) => expect(stringifyJson(parseJson(text))).toBe(text),
  )

  test('pollutes nothing', () => {
    parseJson('{"__proto__":{"polluted":true}}')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test.each([
    ['', 'line 1 column 1'],
    ['{"a":1,}', 'line 1 column 8'],
    ['{"a":\n 01}', 'line 2 column 3'],
    ['[1 2]', '"," or "]"'],
    ['{"a" 1}', '":"'],
    ["{'a':1}", 'double quotes'],
    ['"a\nb"', 'no end or an invalid character'],
    ['"\\x"', 'no end or an invalid character'],
    ['tru', 'a value is expected'],
    ['1 // no', 'nothing may follow'],
    ['{"a":1,"a":2}', 'two keys of the same name'],
  ])('refuses %j and says where', (text, words) => {
    expect(() => parseJson(text)).toThrow(expect.objectContaining({ code: 'invalid' }))
    expect(() => parseJson(text)).toThrow(words)
  })

  test('never repeats the text in its message', () => {
    expect(() => parseJson('{"password":"hunter2" x')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') as string }),
    )
  })

  test('lets the last key win where a dialect says so', () => {
    const value = parseJson('{"a":1,"b":2,"a":3}', { duplicateKeys: 'last' })
    expect(stringifyJson(value)).toBe('{"b":2,"a":3}')
  })

  test.each([
    [128, true],
    [129, false],
    [100_000, false],
  ])('%i levels: accepted is %s', (levels, fits) => {
    const text = '['.repeat(levels) + ']'.repeat(levels)
    const parse = () => parseJson(text)
    if (fits) expect(parse).not.toThrow()
    else expect(parse).toThrow('more than 128 levels')
  })

  test('reads what it wrote, whatever the value', () => {
    fc.assert(
      fc.property(jsonValue, fc.constantFrom(0, 2), (value, indent) => {
        expect(stringifyJson(parseJson(stringifyJson(value, indent)))).toBe(stringifyJson(value))
      }),
    )
  })

  test('means the same as JSON.parse, whatever the value', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        expect(plain(value)).toEqual(JSON.parse(stringifyJson(value)))
      }),
    )
  })

  test('accepts and refuses the same texts as JSON.parse', () => {
    const piece = fc.constantFrom(...'{}[]:,"\\ \n\t-+.eE0123tfn'.split(''), 'true', 'null', '"a"')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        const parse = () => parseJson(text, { duplicateKeys: 'last' })
        if (accepted(text)) expect(parse).not.toThrow()
        else expect(parse).toThrow()
      }),
      { numRuns: 2000 },
    )
  })
})
