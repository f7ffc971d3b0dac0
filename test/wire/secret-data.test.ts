import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringifyJson } from '../../src-main/contract/json'
import { SecretData } from '../../src-main/contract/model'
import { asFloat64, render, RenderedJson } from '../../src-main/wire/json-shape'
import { float64Data, objectOfData } from '../../src-main/wire/secret-data'

/** What parsing and writing it anew gives. */
const slowly = (data: SecretData) => render(asFloat64(objectOfData(data)))

test('data without numbers goes out as it lies, all other data as parsing gives it', () => {
  let asItLies = 0
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const data = SecretData.parse(
        stringifyJson(objectOfData(JSON.stringify(object) as SecretData)),
      )
      const answer = float64Data(data)
      if (answer instanceof RenderedJson) asItLies += 1
      expect(render(answer)).toBe(slowly(data))
    }),
    { numRuns: 2000 },
  )
  expect(asItLies).toBeGreaterThan(100)
})

test.each(['{}', '{"a":"1 2 3","b":["x",true,null,{}],"c":"é€😀"}', '{"-1":"a - b"}'])(
  '%s goes out as it lies',
  (text) => {
    const data = SecretData.parse(text)
    expect(float64Data(data)).toBeInstanceOf(RenderedJson)
    expect(render(float64Data(data))).toBe(slowly(data))
  },
)

test.each([
  '{"a":1.10}',
  '{"a":[12345678901234567890]}',
  '{"a":-0}',
  '{"a":1e2}',
  '{"a":"\\u0041"}',
  '{"a":"\\\\","b":1.0}',
  `{"a":"${'x'.repeat(20_000)}","b":1.0}`,
])('%s is parsed', (text) => {
  const data = text as SecretData
  expect(float64Data(data)).not.toBeInstanceOf(RenderedJson)
  expect(render(float64Data(data))).toBe(slowly(data))
})
