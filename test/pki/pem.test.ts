import { describe, expect, test } from 'vitest'
import { findPemBlocks, maxPemBlocks } from '../../src-main/pki/pem'

const body = Buffer.from('any bytes of a certificate, long enough for several lines of base64')
const base64 = body.toString('base64').match(/.{1,64}/g)!
const pem = ['-----BEGIN CERTIFICATE-----', ...base64, '-----END CERTIFICATE-----'].join('\n')
const find = (text: string | Buffer) => findPemBlocks(new Uint8Array(Buffer.from(text)))
const found = { label: 'CERTIFICATE', der: body, dekInfo: undefined }

describe('a block is found', () => {
  test.each([
    ['by itself', pem],
    ['with an end of line', `${pem}\n`],
    ['with CRLF', pem.replaceAll('\n', '\r\n')],
    ['with CR', pem.replaceAll('\n', '\r')],
    ['with line ends written as two characters', pem.replaceAll('\n', '\\n')],
    ['with CRLF written as four characters', pem.replaceAll('\n', '\\r\\n')],
    ['in JSON inside JSON', JSON.stringify(JSON.stringify({ certificate: pem }))],
    ['in JSON that escapes the slash', JSON.stringify({ pem }).replaceAll('/', '\\/')],
    ['in YAML, indented', `tls:\n  certificate: |\n${pem.replaceAll(/^/gm, '    ')}\nother: 1\n`],
    ['in an environment file', `TLS="${pem}"\nOTHER=1\n`],
    ['on one line', pem.replaceAll('\n', ' ')],
    ['after what openssl prints', `Bag Attributes\n    localKeyID: 01\nsubject=CN = app\n${pem}`],
    ['after a UTF-8 byte order mark', `\ufeff${pem}`],
    ['in UTF-16, little end first', Buffer.from(`\ufeff${pem}`, 'utf16le')],
    ['in UTF-16, big end first', Buffer.from(`\ufeff${pem}`, 'utf16le').swap16()],
    ['in UTF-16 without a mark', Buffer.from(pem, 'utf16le')],
    ['in UTF-16 without a mark, big end first', Buffer.from(pem, 'utf16le').swap16()],
  ])('%s', (_, text) => {
    expect(find(text)).toEqual([found])
  })

  test('each, in order', () => {
    const other = pem.replaceAll('CERTIFICATE', 'PRIVATE KEY')
    expect(find(`${pem}\n# and\n${other}`).map(({ label }) => label)).toEqual([
      'CERTIFICATE',
      'PRIVATE KEY',
    ])
  })

  test('with the header of an encrypted key', () => {
    const text = pem
      .replace(
        'CERTIFICATE-----\n',
        'CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\n',
      )
      .replaceAll('\n', '\r\n')
    expect(find(text)).toEqual([{ ...found, dekInfo: 'AES-256-CBC,00FF' }])
  })
})

describe('a block without content', () => {
  test.each([
    ['has no end', pem.slice(0, -10)],
    ['ends as something else', pem.replace('END CERTIFICATE', 'END X509 CRL')],
    ['is empty', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----'],
    ['holds other characters', pem.replace(/.(?=\n-----END)/, '*')],
    ['has lost a character', pem.replace(/.(?=\n-----END)/, '')],
  ])('%s', (_, text) => {
    expect(find(text)).toEqual([{ ...found, der: undefined }])
  })

  test('does not swallow the next one', () => {
    expect(find(`-----BEGIN CERTIFICATE-----\nAAAA\n${pem}`)).toEqual([
      { ...found, der: undefined },
      found,
    ])
  })
})

test.each(['', 'hello', '-----END CERTIFICATE-----', '-----BEGIN', '-----BEGIN certificate-----'])(
  'nothing is found in %j',
  (text) => {
    expect(find(text)).toEqual([])
  },
)

// The whole test is what ends a search that costs the square.
describe('comes to an end with', () => {
  test.each([
    [
      'a million lines',
      `-----BEGIN CERTIFICATE-----\n${'AAAA\n'.repeat(1_000_000)}-----END CERTIFICATE-----`,
    ],
    ['a million dashes', '-'.repeat(1_000_000)],
    ['a million backslashes', '\\'.repeat(1_000_000)],
    ['a label of a million letters', `-----BEGIN ${'A'.repeat(1_000_000)}-----`],
    ['a million ends', '-----END X-----\n'.repeat(1_000_000)],
  ])('%s', (_, text) => {
    expect(find(text).length).toBeLessThan(2)
  })

  test('a million beginnings, of which it looks at few', () => {
    expect(find('-----BEGIN X-----\n'.repeat(1_000_000))).toHaveLength(maxPemBlocks + 1)
  })
})
