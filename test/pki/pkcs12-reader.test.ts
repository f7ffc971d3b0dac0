import { describe, expect, test } from 'vitest'
import { parseCertificate } from '../../src-main/pki/certificate-info'
import { sequence } from '../../src-main/pki/der-writer'
import { isPkcs12, readPkcs12 } from '../../src-main/pki/pkcs12-reader'
import { openPrivateKey } from '../../src-main/pki/private-key'
import { WorkBudget } from '../../src-main/pki/work-budget'
import pbmac1 from '../vectors/pbmac1.json'
import { derOf, makeAuthority, makeCertificate, makeKey, openssl, put } from './openssl'
import * as part from './pkcs12-parts'

const root = makeAuthority('root')
const pair = makeCertificate({ key: makeKey('RSA 2048'), issuer: root })
const certificate = derOf(pair.certificate)
const password = 'clé €'
const code = (name: string) => expect.objectContaining({ code: name })
const read = (bytes: Uint8Array, word: string | undefined = password) =>
  readPkcs12(bytes, word, new WorkBudget())

/** A file that OpenSSL writes, with few rounds. */
const write = (...options: readonly string[]): Buffer =>
  openssl([
    ...['pkcs12', '-export', '-in', put(pair.certificate), '-inkey', put(pair.key)],
    ...['-certfile', put(root.certificate), '-iter', '2', '-passout', `pass:${password}`],
    ...options,
  ])

/** Whether all that went in comes out. */
function expectWhole(bytes: Uint8Array, word: string | undefined = password): void {
  const { certificates, keys } = read(bytes, word)
  expect(certificates.map((one) => Buffer.from(one))).toEqual([
    certificate,
    derOf(root.certificate),
  ])
  const opened = keys.map((key) => openPrivateKey(key, ''))
  expect(opened.map(({ type }) => type)).toEqual(['RSA 2048'])
  expect(parseCertificate(certificate).x509.checkPrivateKey(opened[0]!.key)).toBe(true)
}

describe('a file opens', () => {
  const legacy = '-legacy'
  const both = (name: string): string[] => ['-keypbe', name, '-certpbe', name]
  test.each<[string, readonly string[]]>([
    ['as openssl writes it', []],
    ['as openssl 1.1 wrote it: RC2 of 40 bits and 3DES', [legacy]],
    ['with AES-128 and AES-192', ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-192-CBC']],
    ['with 3DES of three keys', both('PBE-SHA1-3DES')],
    ['with 3DES of two keys', both('PBE-SHA1-2DES')],
    ['with RC2 of 128 bits', [...both('PBE-SHA1-RC2-128'), legacy]],
    ['with PBES2 and 3DES', both('DES-EDE3-CBC')],
    ['with a key in the clear', both('NONE')],
    ...['sha1', 'sha224', 'sha256', 'sha384', 'sha512'].map(
      (digest): [string, readonly string[]] => [`with a MAC of ${digest}`, ['-macalg', digest]],
    ),
    ['without a MAC', ['-nomac']],
    ['with another number of rounds for the MAC', ['-maciter']],
  ])('%s', (_, options) => {
    const bytes = write(...options)
    expect(isPkcs12(bytes)).toBe(true)
    expectWhole(bytes)
  })

  test.each(pbmac1)('with PBMAC1: $source', ({ file: base64, password: word }) => {
    const bytes = Buffer.from(base64, 'base64')
    expect(read(bytes, word)).toMatchObject({ certificates: [{}], keys: [{}] })
    expect(() => read(bytes, `${word}5`)).toThrow(code('wrong_password'))
    // A.4 to A.6 of the RFC: another number of rounds, another salt, no key length.
    const rounds = bytes.lastIndexOf(Buffer.from('0202080002', 'hex')) + 2
    expect(() => read(bytes.with(rounds + 1, 1) as Uint8Array, word)).toThrow(
      code('wrong_password'),
    )
    expect(() => read(bytes.with(rounds - 5, 1) as Uint8Array, word)).toThrow(
      code('wrong_password'),
    )
  })

  test('with the name of its key', () => {
    expect(read(write('-name', 'my app é')).friendlyName).toBe('my app é')
    expect(read(write()).friendlyName).toBeUndefined()
  })

  test.each(['', null])('that was closed with the password %j, without asking for one', (word) => {
    const contents = [part.plain(sequence(part.certificateBag(certificate)))]
    const bytes = part.authenticated(contents, word)
    expect(readPkcs12(bytes, undefined, new WorkBudget()).certificates).toHaveLength(1)
    expect(() => read(bytes, 'x')).toThrow(code('wrong_password'))
  })

  test('with bags in bags', () => {
    const inner = sequence(part.bagOfBags(sequence(part.certificateBag(certificate))))
    expect(read(part.pfx([part.plain(inner)])).certificates).toHaveLength(1)
  })
})

describe('a file stays closed', () => {
  test.each<[string, readonly string[]]>([
    ['with a MAC', []],
    ['without one', ['-nomac']],
    ['with old ciphers', ['-legacy']],
  ])('to another password, %s', (_, options) => {
    const bytes = write(...options)
    for (const word of ['', 'x', `${password} `, 'cle €']) {
      try {
        // Without a MAC a wrong password leaves good padding once in 256 times.
        read(bytes, word).keys.forEach((key) => openPrivateKey(key, ''))
        expect.unreachable()
      } catch (error) {
        expect(error).toEqual(code('wrong_password'))
      }
    }
  })

  test('when a byte of it has changed, wherever that is', () => {
    const bytes = write()
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Buffer.from(bytes)
      changed[at]! ^= 0x10
      let opened: unknown
      try {
        opened = read(changed)
      } catch (error) {
        expect(['invalid', 'wrong_password', 'unsupported']).toContain(
          (error as { code: string }).code,
        )
        continue
      }
      // What was changed then is no part of the contents: a name of HMAC's parameters, for example.
      expect(opened).toEqual(read(bytes))
    }
  })
})

test.each([
  ['a certificate', certificate],
  ['a key', derOf(pair.key)],
  ['an encrypted key', derOf(openssl(['pkcs8', '-topk8', '-passout', 'pass:x'], pair.key))],
  ['nothing', Buffer.alloc(0)],
  ['a nest', Buffer.from('3080'.repeat(10_000), 'hex')],
  ['text', Buffer.from('0, it begins like a sequence')],
])('%s is no PKCS#12 file', (_, bytes) => {
  expect(isPkcs12(bytes)).toBe(false)
})

describe('A-07: a bomb is refused before anything is derived', () => {
  const most = 2 ** 31 - 1
  const empty = [part.plain(sequence())]
  const aes = (derivation: Uint8Array) => part.pbes2(derivation)
  const key = (how: Uint8Array) => part.pfx([part.plain(sequence(part.shroudedKey(how)))])
  const bombs: readonly [string, Buffer][] = [
    ['a MAC of 2^31 − 1 rounds', part.pfx(empty, [part.macData(most)])],
    ['a MAC of 5,000,001 rounds', part.pfx(empty, [part.macData(5_000_001)])],
    ['a MAC of no round', part.pfx(empty, [part.macData(0)])],
    ['PBES2 of 2^31 − 1 rounds', part.pfx([part.encrypted(aes(part.pbkdf2(most)))])],
    ['PBES2 with a key of 2^31 − 1 bytes', part.pfx([part.encrypted(aes(part.pbkdf2(2, most)))])],
    ['3DES of 2^31 − 1 rounds', part.pfx([part.encrypted(part.tripleDes(most))])],
    ['a key of 2^31 − 1 rounds', key(aes(part.pbkdf2(most)))],
    ['a key with 3DES of 2^31 − 1 rounds', key(part.tripleDes(most))],
    ['a key with scrypt of 512 GiB', key(aes(part.scrypt(2 ** 30, 4, 1)))],
    ['scrypt of 128 MiB', part.pfx([part.encrypted(aes(part.scrypt(2 ** 17, 8, 1)))])],
    ['scrypt with many passes', part.pfx([part.encrypted(aes(part.scrypt(2 ** 14, 8, most)))])],
    ['PBMAC1 of 2^31 − 1 rounds', part.pfx(empty, [part.pbmac1Data(part.pbkdf2(most, 32))])],
    [
      'PBMAC1 with a key of 2^31 − 1 bytes',
      part.pfx(empty, [part.pbmac1Data(part.pbkdf2(2, most))]),
    ],
    ['PBMAC1 without a key length', part.pfx(empty, [part.pbmac1Data(part.pbkdf2(2))])],
    ['PBMAC1 with a key of 19 bytes', part.pfx(empty, [part.pbmac1Data(part.pbkdf2(2, 19))])],
    ['PBMAC1 with scrypt', part.pfx(empty, [part.pbmac1Data(part.scrypt(2, 1, 1))])],
    ['65 bags', part.pfx([part.plain(manyBags(65))])],
  ]

  test.each(bombs)('%s', (_, bytes) => {
    const work = new WorkBudget()
    const before = work.left
    expect(() => {
      const { keys } = readPkcs12(bytes, password, work)
      keys.forEach((one) => openPrivateKey(one, '', work))
    }).toThrow(code('unsupported'))
    expect(work.left).toBe(before)
  })

  test('a thousand small bags that together ask for much', () => {
    const many = Array.from({ length: 40 }, () => part.encrypted(part.tripleDes(250_000)))
    const work = new WorkBudget(250_000 * 3 * 5)
    expect(() => readPkcs12(part.pfx(many), password, work)).toThrow(code('wrong_password'))
    expect(() => readPkcs12(part.pfx(many), password, work)).toThrow(code('unsupported'))
  })

  test('bags in each other without end', () => {
    let bags = sequence(part.certificateBag(certificate))
    for (let level = 0; level < 200; level++) bags = sequence(part.bagOfBags(bags))
    expect(() => read(part.pfx([part.plain(bags)]))).toThrow(code('invalid'))
  })

  test('5,000 certificates', () => {
    const bytes = part.pfx([part.plain(manyBags(5000))])
    expect(() => read(bytes)).toThrow('more than 20000 elements')
  })

  test('a file of 10,000 levels', () => {
    const nest = Buffer.concat([
      Buffer.from('3080020103', 'hex'),
      Buffer.from('3080'.repeat(10_000), 'hex'),
    ])
    expect(() => read(nest)).toThrow('more than 32 levels')
  })
})

/** A list of certificate bags, small ones. */
function manyBags(count: number): Uint8Array {
  return sequence(...Array.from({ length: count }, () => part.certificateBag(Buffer.alloc(3))))
}
