import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DerReader, derTag, oidText, smallInteger } from '../../src-main/pki/der'
import * as der from '../../src-main/pki/der-writer'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

test.each([0, 1, 127, 128, 255, 256, 65_535, 65_536])('%d bytes come back', (length) => {
  const written = der.octets(new Uint8Array(length).fill(7))
  const reader = new DerReader(written)
  expect(hex(reader.next(derTag.octetString).content)).toBe('07'.repeat(length))
  reader.end()
})

test('integers come back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (value) => {
      expect(smallInteger(new DerReader(der.integer(value)).next(derTag.integer))).toBe(value)
    }),
  )
})

test.each(['2.5.4.3', '1.2.840.113549.1.12.10.1.3', '2.16.840.1.101.3.4.1.42', '1.3.14.3.2.26'])(
  'object identifier %s comes back',
  (text) => {
    expect(oidText(new DerReader(der.oid(text)).next(derTag.oid))).toBe(text)
  },
)

test('a set is in order, whatever order its parts came in', () => {
  const [one, two] = [der.octets(Uint8Array.of(1)), der.octets(Uint8Array.of(1, 2))]
  expect(hex(der.setOf(two, one))).toBe(hex(der.setOf(one, two)))
  expect(hex(der.setOf(two, one))).toBe('3107040101' + '04020102')
})

test('text is written big end first', () => {
  expect(hex(der.bmpString('é€'))).toBe('1e0400e920ac')
})
