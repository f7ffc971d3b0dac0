import { expect, test } from 'vitest'
import { DerReader, derTag } from '../../src-main/pki/der'
import { bmpString, octets, oid, sequence, setOf } from '../../src-main/pki/der-writer'
import { distinguishedName, printable } from '../../src-main/pki/distinguished-name'

const string = (tag: number, value: Uint8Array | string): Uint8Array => {
  const bytes = Buffer.from(value)
  return Buffer.concat([Uint8Array.of(tag, bytes.length), bytes])
}
const attribute = (type: string, value: Uint8Array): Uint8Array => sequence(oid(type), value)
const name = (...parts: Uint8Array[]): string =>
  distinguishedName(new DerReader(sequence(...parts)).next(derTag.sequence))
const commonName = (value: Uint8Array): Uint8Array => attribute('2.5.4.3', value)

test('a name is read from its most specific part', () => {
  const country = setOf(attribute('2.5.4.6', string(0x13, 'FR')))
  const app = setOf(commonName(string(0x0c, 'application é')))
  expect(name(country, app)).toBe('CN=application é, C=FR')
})

test('a part with two attributes joins them', () => {
  const both = setOf(
    commonName(string(0x0c, 'app')),
    attribute('0.9.2342.19200300.100.1.1', string(0x0c, 'u1')),
  )
  expect(name(both)).toBe('CN=app+UID=u1')
})

test.each([
  ['Latin-1', string(0x14, Buffer.from('é', 'latin1')), 'CN=é'],
  ['two-byte text', bmpString('é€'), 'CN=é€'],
  ['bytes that are no text', string(0x0c, Uint8Array.of(0xff)), 'CN=\ufffd'],
  ['another type', octets(Uint8Array.of(1, 2)), 'CN=#04020102'],
  ['nothing', string(0x0c, ''), 'CN='],
])('%s is read', (_, value, text) => {
  expect(name(setOf(commonName(value)))).toBe(text)
})

test('an unknown attribute keeps its identifier', () => {
  expect(name(setOf(attribute('1.2.3.4', string(0x0c, 'x'))))).toBe('1.2.3.4=x')
})

test('characters that have a meaning are escaped', () => {
  expect(name(setOf(commonName(string(0x0c, 'a, O=b+c="d"\\'))))).toBe(
    'CN=a\\, O=b\\+c=\\"d\\"\\\\',
  )
  expect(name(setOf(commonName(string(0x0c, ' a '))))).toBe('CN=\\ a\\ ')
  expect(name(setOf(commonName(string(0x0c, '#a'))))).toBe('CN=\\#a')
})

test.each([
  ['\n', '\\0A'],
  ['\u001b[31m', '\\1B[31m'],
  ['\u202e', '\\E2\\80\\AE'],
  ['é€ 日本', 'é€ 日本'],
])('%j is shown as %s', (text, shown) => {
  expect(printable(text).toUpperCase()).toBe(shown.toUpperCase())
})
