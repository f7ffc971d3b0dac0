import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commonName, fittingName, maxNameLength } from '../../src-main/pki/certificate-name'

test('a name is 1 to 56 characters, whatever their bytes', () => {
  expect(commonName('a', 'name')).toBe('Coffret a')
  expect([...commonName('🦊'.repeat(maxNameLength), 'name')]).toHaveLength(64)
  expect(() => commonName('🦊'.repeat(maxNameLength + 1), 'name')).toThrow(
    expect.objectContaining({ code: 'invalid', field: 'name' }),
  )
})

test.each([
  ['nothing', ''],
  ['spaces', '  '],
  ['a line feed', 'a\nb'],
  ['a carriage return', 'a\rb'],
  ['a zero', 'a\0'],
  ['a line separator', 'a\u2028b'],
  ['a mark that reverses text', '\u202egpj.exe'],
  ['a character without width', 'a\u200bb'],
  ['half a character', '\ud83e'],
])('%s is no name', (_, text) => {
  expect(() => commonName(text, 'label')).toThrow(
    expect.objectContaining({ code: 'invalid', field: 'label' }),
  )
})

test('what fits is a name, of any file name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
      expect(commonName(fittingName(text), 'label')).toBe(`Coffret ${fittingName(text)}`)
    }),
  )
})

test.each([
  ['work', 'work'],
  ['two\nlines', 'twolines'],
  ['\n', 'vault'],
  ['é'.repeat(60), 'é'.repeat(56)],
])('of %j there fits %j', (text, expected) => {
  expect(fittingName(text)).toBe(expected)
})
