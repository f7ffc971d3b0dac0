import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { JsonNumber, parseJson, type JsonValue } from '../../src-main/contract/json'
import {
  booleanField,
  boundedField,
  durationField,
  integerField,
  integerListField,
  mapField,
  readBooleanText,
  signedDurationField,
  textField,
  textListField,
} from '../../src-main/wire/fields'
import { fit } from '../../src-main/wire/json-shape'

const refused = Symbol('refused')

/** What a field makes of JSON text, through the same way as a request. */
function convert(field: z.ZodType, value: JsonValue): unknown {
  const schema = z.object({ field })
  const result = schema.safeParse(fit(schema, new Map([['field', value]])))
  return result.success ? (result.data as { field: unknown }).field : refused
}

const of = (field: z.ZodType, json: string) => convert(field, parseJson(json))

describe('an integer', () => {
  test.each([
    ['7', 7],
    ['-7', -7],
    ['0', 0],
    ['-0', 0],
    ['"7"', 7],
    ['"-7"', -7],
    ['"+7"', 7],
    ['"0x10"', 16],
    ['"-0x10"', -16],
    ['"0b101"', 5],
    ['"0o17"', 15],
    ['"017"', 15],
    ['"1_000"', 1000],
    ['""', 0],
    ['true', 1],
    ['false', 0],
    ['null', 0],
  ])('%s is %i', (json, number) => {
    expect(of(integerField(), json)).toBe(number)
  })

  test.each([
    '1.5',
    '1.0',
    '1e3',
    '"abc"',
    '"1.0"',
    '" 7"',
    '"0x"',
    '"089"',
    '[]',
    '["1","2"]',
    '{}',
    '9007199254740992',
    '"9007199254740993"',
  ])('%s is none', (json) => {
    expect(of(integerField(), json)).toBe(refused)
  })

  test('is the same as a number and as text', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        const expected = number + 0
        expect(convert(integerField(), new JsonNumber(String(number)))).toBe(expected)
        expect(convert(integerField(), String(number))).toBe(expected)
        const hex = `${number < 0 ? '-' : ''}0x${Math.abs(number).toString(16)}`
        expect(convert(integerField(), hex)).toBe(expected)
      }),
    )
  })

  test('with bounds tells a wrong type from a number outside them', () => {
    const codes = (json: string) => {
      const result = boundedField(0, 9).safeParse(parseJson(json))
      return result.success ? [] : result.error.issues.map(({ code }) => code)
    }
    expect(codes('9')).toEqual([])
    expect(codes('10')).toEqual(['custom'])
    expect(codes('-1')).toEqual(['custom'])
    expect(codes('"x"')).toEqual(['invalid_type'])
  })
})

describe('a boolean', () => {
  test.each([
    ...['true', '1', '"1"', '"t"', '"T"', '"TRUE"', '"true"', '"True"'].map(
      (json) => [json, true] as const,
    ),
    ...['false', '0', '"0"', '"f"', '"F"', '"FALSE"', '"false"', '"False"', '""', 'null'].map(
      (json) => [json, false] as const,
    ),
    ...['2', '"yes"', '"tRUE"', '[]', '{}', '1.0'].map((json) => [json, refused] as const),
  ])('of %s is %s', (json, expected) => {
    expect(of(booleanField(), json)).toBe(expected)
  })

  test('as text is known or not', () => {
    expect([readBooleanText('T'), readBooleanText(''), readBooleanText('no')]).toEqual([
      true,
      false,
      undefined,
    ])
  })
})

describe('a map', () => {
  test.each([
    ['{"a":1.0}', new Map([['a', new JsonNumber('1.0')]])],
    ['null', null],
    ['[]', new Map()],
    [
      '[{"a":true},{"b":"x"}]',
      new Map<string, unknown>([
        ['a', true],
        ['b', 'x'],
      ]),
    ],
    ['"x"', refused],
    ['1', refused],
    ['[1]', refused],
  ])('of %s keeps what was written', (json, expected) => {
    expect(of(mapField(), json)).toEqual(expected)
  })
})

describe('a list of integers', () => {
  test.each([
    ['[1,2]', [1, 2]],
    ['["1","0x2"]', [1, 2]],
    ['3', [3]],
    ['"1,2, 3"', [1, 2, 3]],
    ['""', []],
    ['null', []],
    ['[1.5]', refused],
    ['"1,x"', refused],
    ['{}', refused],
  ])('of %s is %j', (json, expected) => {
    expect(of(integerListField(), json)).toEqual(expected)
  })
})

describe('a duration', () => {
  test.each([
    ['90', 90, 90],
    ['"1h"', 3600, 3600],
    ['null', undefined, undefined],
    ['"-3h"', refused, -1],
    ['-9', refused, -1],
    ['1.5', refused, refused],
    ['true', refused, refused],
    ['{}', refused, refused],
  ])('of %s is %s, with a sign %s', (json, plain, signed) => {
    expect(of(durationField(), json)).toBe(plain)
    expect(of(signedDurationField(), json)).toBe(signed)
  })
})

describe('text', () => {
  test.each([
    ['"x"', 'x', ['x']],
    ['1.50', '1.50', ['1.50']],
    ['true', '1', ['1']],
    ['false', '0', ['0']],
    ['null', '', []],
    ['"a, b"', 'a, b', ['a', 'b']],
    ['["a","b"]', refused, ['a', 'b']],
    ['{}', refused, refused],
  ])('of %s is %j, as a list %j', (json, one, list) => {
    expect(of(textField(), json)).toEqual(one)
    expect(of(textListField(), json)).toEqual(list)
  })
})
