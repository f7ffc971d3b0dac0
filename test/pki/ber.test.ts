import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { derOfBer } from '../../src-main/pki/ber'
import { integer, octets, sequence } from '../../src-main/pki/der-writer'

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const der = (hex: string): string => Buffer.from(derOfBer(bytes(hex))).toString('hex')
const invalid = expect.objectContaining({ code: 'invalid' })

describe('BER becomes DER', () => {
  test.each([
    ['what is DER already', '3003020103', '3003020103'],
    ['an indefinite length', '3080 020103 0000', '3003020103'],
    [
      'indefinite lengths in each other',
      '3080 3080 020103 0000 a080 0500 0000 0000',
      '30093003020103a0020500',
    ],
    ['a length in too many bytes', '3083000003 020103', '3003020103'],
    ['an octet string in pieces', '2480 0402abcd 0401ef 0000', '0403abcdef'],
    ['pieces in pieces', '2480 2404 0402abcd 0401ef 0000', '0403abcdef'],
    ['no pieces', '2400', '0400'],
  ])('%s', (_, from, to) => {
    expect(der(from)).toBe(to)
  })

  test('what is within octet strings stays', () => {
    expect(der('0404 30800000')).toBe('040430800000')
  })

  test('lengths around each size', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const element = sequence(octets(Buffer.alloc(length, 7)), integer(1))
      expect(Buffer.from(derOfBer(element)).equals(element)).toBe(true)
    }
  })
})

describe('what is not BER is refused', () => {
  test.each([
    ['nothing', ''],
    ['a tag alone', '30'],
    ['a length that lies', '3005 020103'],
    ['a length beyond what it lies in', '3003 0204 01020304'],
    ['a length of 4 GiB', '3084ffffffff 020103'],
    ['a length in five bytes', '30850000000003 020103'],
    ['a tag of several bytes', '3f8101 00'],
    ['an indefinite length without end', '3080 020103'],
    ['an indefinite length of bytes', '0480 0000'],
    ['a piece that is another element', '2403 020103'],
    ['something behind it', '3003020103 00'],
  ])('%s', (_, hex) => {
    expect(() => der(hex)).toThrow(invalid)
  })
})

describe('the cost is bounded', () => {
  const many = (start: string, one: string, count: number): Buffer =>
    Buffer.concat([bytes(start), Buffer.from(one.repeat(count), 'hex')])

  test.each([
    ['10,000 levels', many('', '3080', 10_000), 'more than 32 levels'],
    ['500,000 levels', many('', '3080', 500_000), 'more than 32 levels'],
    ['500,000 pieces', many('2480', '0400', 500_000), 'more than 20000 elements'],
    ['500,000 elements', many('3080', '0500', 500_000), 'more than 20000 elements'],
  ])('%s', (_, bomb, limit) => {
    expect(() => derOfBer(bomb)).toThrow(limit)
  })
})

test('any bytes are turned or refused, and what comes out stays as it is', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (input) => {
      let once: Uint8Array
      try {
        once = derOfBer(input)
      } catch (error) {
        expect(error).toEqual(invalid)
        return
      }
      expect(Buffer.from(derOfBer(once)).equals(once)).toBe(true)
    }),
  )
})
