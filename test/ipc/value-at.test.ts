import { describe, expect, test } from 'vitest'
import { SecretData } from '../../src-main/contract/model'
import { valueAt, type Pointer } from '../../src-main/ipc/value-at'

const data = SecretData.parse(
  '{"user":"ann \\"a\\" \\u00e9","port":1.0,"big":9007199254740993,"on":true,"none":null,' +
    '"list":["x",{"y":"z"}],"__proto__":"kept","a.b/c":"odd","0":"zero","":"empty"}',
)

describe('a value is pasted', () => {
  const found: [string, Pointer, string][] = [
    ['a string as its own text', ['user'], 'ann "a" é'],
    ['a number as it was written', ['port'], '1.0'],
    ['a number beyond 2^53', ['big'], '9007199254740993'],
    ['a boolean', ['on'], 'true'],
    ['null', ['none'], 'null'],
    ['a list as compact JSON', ['list'], '["x",{"y":"z"}]'],
    ['an element', ['list', 0], 'x'],
    ['a value in an object in a list', ['list', 1, 'y'], 'z'],
    ['a key named __proto__', ['__proto__'], 'kept'],
    ['a key with signs', ['a.b/c'], 'odd'],
    ['a key of digits', ['0'], 'zero'],
    ['an empty key', [''], 'empty'],
    ['the whole, in its order', [], data],
  ]
  test.each(found)('%s', (_, pointer, text) => {
    expect(valueAt(data, pointer)).toBe(text)
  })
})

describe('there is nothing at', () => {
  const missing: [string, Pointer][] = [
    ['a key that is not there', ['nobody']],
    ['a key of every object', ['toString']],
    ['an index past the end', ['list', 2]],
    ['a key of a list', ['list', 'length']],
    ['an index of an object', [0]],
    ['a way through a string', ['user', 0]],
  ]
  test.each(missing)('%s', (_, pointer) => {
    expect(() => valueAt(data, pointer)).toThrow(expect.objectContaining({ code: 'not_found' }))
  })
})
