import { describe, expect, test } from 'vitest'
import { DerReader, derTag, derTime, oidText, smallInteger } from '../../src-main/pki/der'

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
const element = (hex: string) => new DerReader(bytes(hex)).next()
const invalid = expect.objectContaining({ code: 'invalid' })

describe('an element', () => {
  test.each([
    ['0400', ''],
    [`047f${'00'.repeat(127)}`, '00'.repeat(127)],
    [`048180${'00'.repeat(128)}`, '00'.repeat(128)],
    [`0481ff${'00'.repeat(255)}`, '00'.repeat(255)],
    [`04820100${'00'.repeat(256)}`, '00'.repeat(256)],
  ])('is read when its length is minimal (%#)', (hex, content) => {
    expect(Buffer.from(element(hex).content).toString('hex')).toBe(content)
  })

  test.each([
    ['no length', '04'],
    ['nothing', ''],
    ['indefinite length', '30800000'],
    ['length with a needless byte', `04817f${'00'.repeat(127)}`],
    ['length with a needless zero', `048200ff${'00'.repeat(255)}`],
    ['length of five bytes', '04850000000001ff'],
    ['length that ends early', '0482'],
    ['length that lies by one', '040200'],
    ['length of four gigabytes', '0484ffffffff00'],
    ['tag of several bytes', '1f8101 00'.replace(' ', '')],
  ])('is refused with %s', (_, hex) => {
    expect(() => element(hex)).toThrow(invalid)
  })

  test('of another tag than expected is refused', () => {
    expect(() => new DerReader(bytes('0400')).next(derTag.integer)).toThrow(invalid)
  })
})

describe('a list', () => {
  test('of 1,000 elements is read', () => {
    expect(new DerReader(bytes('0500'.repeat(1000))).remaining()).toHaveLength(1000)
  })

  test('of 1,001 elements is refused', () => {
    expect(() => new DerReader(bytes('0500'.repeat(1001))).remaining()).toThrow(invalid)
  })

  test('may not go on where its end is expected', () => {
    const reader = new DerReader(bytes('050000'))
    reader.next()
    expect(() => reader.end()).toThrow(invalid)
  })
})

test('an optional element is left alone when it has another tag', () => {
  const reader = new DerReader(bytes('0500'))
  expect(reader.optional(derTag.integer)).toBeUndefined()
  expect(reader.optional(derTag.null)).toBeDefined()
})

describe('an object identifier', () => {
  test.each([
    ['0603550403', '2.5.4.3'],
    ['06092a864886f70d010101', '1.2.840.113549.1.1.1'],
    ['060a2b060104018237140203', '1.3.6.1.4.1.311.20.2.3'],
    ['0603883703', '2.999.3'],
    ['060127', '0.39'],
  ])('%s is %s', (hex, text) => {
    expect(oidText(element(hex))).toBe(text)
  })

  test.each(['0600', '060186', '06028001', '0608ffffffffffffff7f', `0641${'01'.repeat(65)}`])(
    '%s is refused',
    (hex) => {
      expect(() => oidText(element(hex))).toThrow(invalid)
    },
  )
})

describe('an integer', () => {
  test.each([
    ['020100', 0],
    ['02017f', 127],
    ['02020080', 128],
    ['02047fffffff', 2 ** 31 - 1],
    ['020700ffffffffffff', 2 ** 48 - 1],
  ])('%s is %d', (hex, value) => {
    expect(smallInteger(element(hex))).toBe(value)
  })

  test.each(['0200', '0201ff', '0202007f', '020701000000000000', '020800ffffffffffffff'])(
    '%s is refused',
    (hex) => {
      expect(() => smallInteger(element(hex))).toThrow(invalid)
    },
  )
})

describe('a time', () => {
  const time = (tag: number, text: string) =>
    derTime({ ...element('0500'), tag, content: Buffer.from(text) })

  test.each([
    [derTag.utcTime, '700101000000Z', '1970-01-01T00:00:00.000Z'],
    [derTag.utcTime, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    [derTag.utcTime, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [derTag.generalizedTime, '20500229000000Z'.replace('0229', '0228'), '2050-02-28T00:00:00.000Z'],
    [derTag.generalizedTime, '99991231235959Z', '9999-12-31T23:59:59.000Z'],
    [derTag.generalizedTime, '00010101000000Z', '0001-01-01T00:00:00.000Z'],
  ])('of tag %d, %s, is %s', (tag, text, iso) => {
    expect(new Date(time(tag, text)).toISOString()).toBe(iso)
  })

  test.each([
    [derTag.utcTime, '260229000000Z'],
    [derTag.utcTime, '261301000000Z'],
    [derTag.utcTime, '260101240000Z'],
    [derTag.utcTime, '2601010000Z'],
    [derTag.utcTime, '260101000000+0100'],
    [derTag.generalizedTime, '260101000000Z'],
    [derTag.octetString, '260101000000Z'],
  ])('of tag %d, %s, is refused', (tag, text) => {
    expect(() => time(tag, text)).toThrow(invalid)
  })
})
