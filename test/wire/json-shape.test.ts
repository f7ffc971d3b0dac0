import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { JsonNumber, parseJson, stringifyJson } from '../../src-main/contract/json'
import {
  asFloat64,
  exactJson,
  exactObject,
  fieldNamed,
  fit,
  plain,
  render,
  withSynonyms,
} from '../../src-main/wire/json-shape'

const through = <T extends z.ZodType>(schema: T, text: string) =>
  schema.safeParse(fit(schema, parseJson(text)))

describe('fitting JSON to a schema', () => {
  test('keeps what is marked exact, at any depth, and makes the rest plain', () => {
    const schema = z.object({
      version: z.object({ data: exactObject }).nullish(),
      list: z.array(z.object({ any: exactJson })),
      byName: z.record(z.string(), exactObject),
      n: z.number(),
    })
    const data = '{"10":1.0,"2":9007199254740993,"__proto__":{}}'
    const text = `{"version":{"data":${data}},"list":[{"any":[1.50]}],"byName":{"x":${data}},"n":1.50}`
    const result = through(schema, text)
    expect(result.error).toBeUndefined()
    expect(stringifyJson(result.data?.version?.data ?? null)).toBe(data)
    expect(stringifyJson(result.data?.byName['x'] ?? null)).toBe(data)
    expect(result.data?.list).toEqual([{ any: [new JsonNumber('1.50')] }])
    expect(result.data?.n).toBe(1.5)
  })

  test('lets null be null, and leaves what does not fit to the schema', () => {
    const schema = z.object({ data: exactObject.nullable(), n: z.number().optional() })
    expect(through(schema, '{"data":null}').data).toEqual({ data: null })
    expect(through(schema, '{"data":[]}').success).toBe(false)
    expect(through(schema, '{"data":null,"n":"1"}').success).toBe(false)
    expect(through(schema, '[]').success).toBe(false)
    expect(through(z.object({ any: exactJson }), '{"any":null}').data).toEqual({ any: null })
  })

  test('shows unknown keys to a strict schema, also __proto__', () => {
    expect(through(z.strictObject({}), '{"__proto__":1}').success).toBe(false)
    expect(through(z.strictObject({}), '{"x":1}').success).toBe(false)
  })

  test('takes a field under another name, once', () => {
    const schema = withSynonyms(z.object({ maxVersions: z.number() }), {
      max_versions: 'maxVersions',
    })
    expect(through(schema, '{"max_versions":3}').data).toEqual({ maxVersions: 3 })
    expect(through(schema, '{"maxVersions":3}').data).toEqual({ maxVersions: 3 })
    expect(() => through(schema, '{"max_versions":3,"maxVersions":3}')).toThrow('maxVersions')
    expect(
      ['max_versions', 'maxVersions', 'constructor'].map((name) => fieldNamed(schema, name)),
    ).toEqual(['maxVersions', 'maxVersions', undefined])
  })

  test('describes an exact place to readers of the schema', () => {
    const schema = z.toJSONSchema(z.object({ data: exactObject, any: exactJson }), {
      io: 'input',
      unrepresentable: 'any',
    })
    expect(schema.properties?.['data']).toMatchObject({ type: 'object' })
  })
})

describe('rendering', () => {
  test('mixes plain and exact, and leaves out what is undefined', () => {
    const exact = parseJson('{"10":1.0,"2":[1e400],"__proto__":null}')
    expect(
      render({
        a: undefined,
        b: exact,
        c: [undefined, 'x"'],
        d: true,
        e: 1.5,
        m: new Map([['k', 1]]),
      }),
    ).toBe(
      '{"b":{"10":1.0,"2":[1e400],"__proto__":null},"c":[null,"x\\""],"d":true,"e":1.5,"m":{"k":1}}',
    )
    expect(render(undefined)).toBe('null')
  })

  test('gives back any JSON as it was', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value = parseJson(text, { duplicateKeys: 'last' })
        expect(render(value)).toBe(stringifyJson(value))
        expect(JSON.stringify(plain(value))).toBe(
          JSON.stringify(plain(parseJson(render(plain(value))))),
        )
      }),
    )
  })
})

describe('float64', () => {
  test.each([
    ['9007199254740993', '9007199254740992'],
    ['1.10', '1.1'],
    ['1.0', '1'],
    ['1e30', '1e+30'],
    ['100000000000000000000', '100000000000000000000'],
    ['1000000000000000000000', '1e+21'],
    ['0.000001', '0.000001'],
    ['0.0000001', '1e-7'],
    ['-0', '-0'],
    ['-0.0', '-0'],
    ['[{"a":[1.0]},null,true,"1.0"]', '[{"a":[1]},null,true,"1.0"]'],
  ])('%s is answered %s', (written, read) => {
    expect(stringifyJson(asFloat64(parseJson(written)))).toBe(read)
  })
})
