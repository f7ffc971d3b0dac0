import { describe, expect, test } from 'vitest'
import { CredentialReport } from '../../src-main/contract/calls'
import { inspectCredentials } from '../../src-main/pki/credential-tools'
import { file, makeAuthority, makeCertificate, openssl, put, soon } from './openssl'
import * as part from './pkcs12-parts'
import { archive } from './zip-archive'

const root = makeAuthority('root')
const leaf = makeCertificate({ issuer: root, extensions: ['extendedKeyUsage=clientAuth'] })
const other = makeCertificate({ subject: '/CN=other' })

/** A PKCS#12 file that OpenSSL writes. */
const pkcs12 = (password: string, ...options: readonly string[]): Buffer =>
  openssl([
    ...['pkcs12', '-export', '-in', put(leaf.certificate), '-inkey', put(leaf.key), '-iter', '2'],
    ...['-certfile', put(root.certificate), '-passout', `pass:${password}`, ...options],
  ])
const inspect = (all: readonly (Uint8Array | string)[], password?: string) => {
  const files = all.map((bytes, at) => file(bytes, `${at}`))
  return CredentialReport.parse(inspectCredentials(files, password, soon))
}

describe('a PKCS#12 file', () => {
  const closed = pkcs12('right', '-name', 'my app')

  test('is read with its password: key, chain in order, name', () => {
    expect(inspect([closed], 'right')).toMatchObject({
      files: [{ found: ['pkcs12', 'certificate', 'encrypted-private-key'] }],
      friendlyName: 'my app',
      certificates: [
        { subject: 'CN=app', extendedKeyUsages: ['clientAuth'], clientAuth: true },
        { subject: 'CN=root' },
      ],
      key: { type: 'EC P-256', encrypted: true },
      problems: [],
      warnings: [],
    })
  })

  test.each([
    ['no password', undefined, 'key-encrypted'],
    ['an empty one', '', 'key-encrypted'],
    ['a wrong one', 'wrong', 'wrong-password'],
  ])('is closed to %s, and that alone is said', (_, password, problem) => {
    expect(inspect([closed], password)).toMatchObject({
      files: [{ found: ['pkcs12'] }],
      certificates: [],
      problems: [problem],
    })
  })

  test('with an empty password opens without one', () => {
    expect(inspect([pkcs12('')]).problems).toEqual([])
  })

  test('may be PEM', () => {
    const pem = `-----BEGIN PKCS12-----\n${closed.toString('base64')}\n-----END PKCS12-----\n`
    expect(inspect([pem], 'right').problems).toEqual([])
  })

  test('may come in two: the key in one, the chain in the other', () => {
    const options = ['pkcs12', '-export', '-iter', '2', '-passout', 'pass:right']
    const certificates = openssl([...options, '-nokeys', '-in', put(leaf.certificate)])
    expect(inspect([certificates], 'right').problems).toEqual(['no-key'])
    expect(inspect([certificates, leaf.key], 'right').problems).toEqual([])
  })

  test('of another key than the certificate beside it is told by both fingerprints', () => {
    const report = inspect([other.certificate, leaf.key])
    expect(report.problems).toEqual(['key-mismatch'])
    expect(report.mismatch?.certificate).not.toBe(report.mismatch?.key)
  })

  test.each([
    ['that is cut', closed.subarray(0, -200), 'damaged'],
    ['with something behind it', Buffer.concat([closed, Buffer.from('x')]), 'damaged'],
    ['whose contents are no list', part.pfx([Buffer.from('0201', 'hex')]), 'damaged'],
    [
      'that asks for too much',
      part.pfx([part.encrypted(part.tripleDes(2 ** 31 - 1))]),
      'unsupported',
    ],
    [
      'with a cipher that we do not take',
      pkcs12('right', '-keypbe', 'CAMELLIA-256-CBC', '-certpbe', 'CAMELLIA-256-CBC'),
      'unsupported',
    ],
  ])('%s', (_, bytes, problem) => {
    const report = inspect([bytes], 'right')
    expect(report.files).toMatchObject([{ problem }])
    expect(report.problems).toEqual(['no-certificate', 'no-key'])
  })
})

describe('a PKCS#7 file', () => {
  const both = ['-certfile', put(leaf.certificate), '-certfile', put(root.certificate)]

  test.each(['PEM', 'DER'])('in %s is read for its certificates', (form) => {
    const list = openssl(['crl2pkcs7', '-nocrl', '-outform', form, ...both])
    const report = inspect([list, leaf.key])
    expect(report).toMatchObject({ files: [{ found: ['certificate'] }, {}], problems: [] })
    expect(report.certificates.map(({ subject }) => subject)).toEqual(['CN=app', 'CN=root'])
  })
})

test('what goes into a file is told from what does not', () => {
  const all = [other.certificate, root.certificate, leaf.key, leaf.certificate]
  const report = inspect(all)
  expect(report.certificates.map(({ subject }) => subject)).toEqual([
    ...['CN=app', 'CN=root'],
    ...['CN=other'],
  ])
  expect(report.chainLength).toBe(2)
})

describe('an archive', () => {
  const entries = [
    { name: 'bundle/client.crt', bytes: leaf.certificate },
    { name: 'bundle/client.key', bytes: leaf.key },
    { name: 'bundle/ca.pem', bytes: root.certificate },
    { name: 'bundle/README.txt', bytes: Buffer.from('hello') },
  ]

  test('is read with what is in it', () => {
    const report = inspect([archive(entries)])
    expect(report.problems).toEqual([])
    expect(report.certificates.map(({ subject }) => subject)).toEqual(['CN=app', 'CN=root'])
    expect(report.files).toEqual([
      {
        name: '0',
        found: ['archive', 'certificate', 'private-key'],
        entries: [
          { name: 'bundle/client.crt', found: ['certificate'] },
          { name: 'bundle/client.key', found: ['private-key'] },
          { name: 'bundle/ca.pem', found: ['certificate'] },
          { name: 'bundle/README.txt', found: [], problem: 'not-a-credential' },
        ],
      },
    ])
  })

  test('may hold a PKCS#12 file, closed or not', () => {
    const bytes = archive([{ name: 'a.p12', bytes: pkcs12('right') }])
    expect(inspect([bytes], 'right').problems).toEqual([])
    expect(inspect([bytes])).toMatchObject({
      files: [{ found: ['archive', 'pkcs12'], entries: [{ found: ['pkcs12'] }] }],
      problems: ['key-encrypted'],
    })
  })

  test.each([
    ['with nothing', [], 'not-a-credential'],
    ['of something else', [{ name: 'a.txt', bytes: Buffer.from('x') }], 'not-a-credential'],
    ['with a damaged file', [{ name: 'a', bytes: leaf.certificate.subarray(0, -40) }], 'damaged'],
    ['in an archive', [{ name: 'a.zip', bytes: archive(entries) }], 'nested-archive'],
    ['with a closed file', [{ name: 'a', bytes: leaf.key, flags: 1 }], 'encrypted-archive'],
    ['that leads out of itself', [{ name: '../a', bytes: leaf.key }], 'unsafe-archive'],
  ])('%s', (_, held, problem) => {
    expect(inspect([archive(held)]).files).toMatchObject([{ problem }])
  })

  test('counts with the other files: 64 certificates and keys in all', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ name: `${at}`, bytes: leaf.certificate }))
    expect(inspect([archive(many(63)), leaf.key]).problems).toEqual([])
    expect(inspect([archive(many(64)), leaf.key]).files).toMatchObject([
      {},
      { problem: 'too-many' },
    ])
  })
})

describe('A-07 and A-08: a chain that is meant to harm', () => {
  test('5,000 certificates', () => {
    const all = Buffer.concat(Array(5000).fill(leaf.certificate)).subarray(0, 1_048_576)
    expect(inspect([all, leaf.key])).toMatchObject({
      files: [{ problem: 'too-many' }, {}],
    })
  })

  test('two that have issued each other', () => {
    const first = makeAuthority('first')
    const second = makeAuthority('second', first)
    const firstAgain = makeCertificate({
      key: first.key,
      subject: '/CN=first',
      issuer: second,
      extensions: ['basicConstraints=critical,CA:TRUE'],
    })
    const all = [second.certificate, firstAgain.certificate, second.key]
    expect(inspect(all)).toMatchObject({
      certificates: [{ subject: 'CN=second' }, { subject: 'CN=first' }],
      problems: [],
    })
  })

  test('a PEM block of 1,000,000 lines', () => {
    const bytes = `-----BEGIN CERTIFICATE-----\n${'\n'.repeat(1_000_000)}-----END CERTIFICATE-----\n`
    expect(inspect([bytes])).toMatchObject({ files: [{ problem: 'damaged' }] })
  })
})
