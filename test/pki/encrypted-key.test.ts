import { createPrivateKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { integer, nothing, octets, oid, sequence } from '../../src-main/pki/der-writer'
import { decryptPkcs8, decryptTraditional } from '../../src-main/pki/encrypted-key'
import { WorkBudget } from '../../src-main/pki/work-budget'
import { findPemBlocks } from '../../src-main/pki/pem'
import { makeKey, openssl, put } from './openssl'

const key = makeKey()
const plain = createPrivateKey(key).export({ format: 'der', type: 'pkcs8' }).toString('hex')
const password = 'clé €'
const keyFile = put(key)
const encrypt = (...options: string[]): Buffer =>
  openssl([
    'pkcs8',
    '-topk8',
    '-in',
    keyFile,
    '-outform',
    'DER',
    ...options,
    '-passout',
    `pass:${password}`,
  ])
/** OpenSSL 3 keeps the oldest ciphers apart. */
const legacy = ['-provider', 'legacy', '-provider', 'default']
const code = (name: string) => expect.objectContaining({ code: name })
const hex = (der: Uint8Array): string => Buffer.from(der).toString('hex')

describe('an encrypted PKCS#8 key opens', () => {
  test.each([
    ['with what openssl writes by default', []],
    ['with AES-128', ['-v2', 'aes-128-cbc']],
    ['with AES-192', ['-v2', 'aes-192-cbc']],
    ['with 3DES', ['-v2', 'des3']],
    ['with HMAC-SHA-1', ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA1']],
    ['with HMAC-SHA-224', ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA224']],
    ['with HMAC-SHA-384', ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA384']],
    ['with HMAC-SHA-512', ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512']],
    ['with many iterations', ['-v2', 'aes-256-cbc', '-iter', '100000']],
    ['with scrypt', ['-scrypt']],
    ['with DES', ['-v2', 'des', ...legacy]],
    ['with 3DES as PKCS#12 does it', ['-v1', 'PBE-SHA1-3DES']],
    ['with 3DES of two keys', ['-v1', 'PBE-SHA1-2DES']],
    ['with RC2 of 128 bits', ['-v1', 'PBE-SHA1-RC2-128', ...legacy]],
    ['with RC2 of 40 bits', ['-v1', 'PBE-SHA1-RC2-40', ...legacy]],
    ['with PBES1: MD5 and DES', ['-v1', 'PBE-MD5-DES', ...legacy]],
    ['with PBES1: SHA-1 and DES', ['-v1', 'PBE-SHA1-DES', ...legacy]],
    ['with PBES1: MD5 and RC2', ['-v1', 'PBE-MD5-RC2-64', ...legacy]],
    ['with PBES1: SHA-1 and RC2', ['-v1', 'PBE-SHA1-RC2-64', ...legacy]],
  ])('%s', (_, options) => {
    const encrypted = encrypt(...options)
    expect(hex(decryptPkcs8(encrypted, password))).toBe(plain)
    // A wrong password leaves good padding once in 256 times; it then gives noise.
    const wrong = [1, 2, 3].map((n) => {
      try {
        return hex(decryptPkcs8(encrypted, `wrong ${n}`)) === plain ? 'opened' : 'refused'
      } catch (error) {
        return (error as { code: string }).code === 'wrong_password' ? 'refused' : error
      }
    })
    expect(wrong).toEqual(['refused', 'refused', 'refused'])
  })

  test.each([
    ['Camellia', ['-v2', 'camellia-256-cbc']],
    ['ARIA', ['-v2', 'aria-256-cbc']],
    ['RC4', ['-v1', 'PBE-SHA1-RC4-128', ...legacy]],
  ])('but not with %s, which Node and Electron do not know', (_, options) => {
    expect(() => decryptPkcs8(encrypt(...options), password)).toThrow(code('unsupported'))
  })
})

describe('a key that asks for too much is refused before anything is derived', () => {
  const salt = octets(new Uint8Array(16))
  const cipher = sequence(oid('2.16.840.1.101.3.4.1.42'), octets(new Uint8Array(16)))
  const pbes2 = (derivation: string, parameters: Uint8Array): Uint8Array =>
    sequence(
      sequence(
        oid('1.2.840.113549.1.5.13'),
        sequence(sequence(oid(derivation), parameters), cipher),
      ),
      octets(new Uint8Array(64)),
    )
  const pbkdf2 = (iterations: number): Uint8Array =>
    pbes2(
      '1.2.840.113549.1.5.12',
      sequence(salt, integer(iterations), sequence(oid('1.2.840.113549.2.9'), nothing())),
    )
  const scrypt = (cost: number, size: number, passes: number): Uint8Array =>
    pbes2('1.3.6.1.4.1.11591.4.11', sequence(salt, integer(cost), integer(size), integer(passes)))
  const old = (iterations: number): Uint8Array =>
    sequence(
      sequence(oid('1.2.840.113549.1.12.1.3'), sequence(salt, integer(iterations))),
      octets(new Uint8Array(64)),
    )

  test.each([
    ['5,000,001 iterations', pbkdf2(5_000_001)],
    ['2^31 − 1 iterations', pbkdf2(2 ** 31 - 1)],
    ['no iteration', pbkdf2(0)],
    ['1,000,001 iterations of the old derivation', old(1_000_001)],
    ['2^31 − 1 iterations of the old derivation', old(2 ** 31 - 1)],
    ['128 MiB', scrypt(2 ** 17, 8, 1)],
    ['512 GiB', scrypt(2 ** 30, 4, 1)],
    ['many passes', scrypt(2 ** 16, 8, 5)],
    ['a cost that is no power of two', scrypt(16_383, 8, 1)],
    ['a cost of one', scrypt(1, 8, 1)],
    ['blocks of nothing', scrypt(16_384, 0, 1)],
  ])('%s', (_, der) => {
    const work = new WorkBudget()
    const before = work.left
    expect(() => decryptPkcs8(der, password, work)).toThrow(code('unsupported'))
    expect(work.left).toBe(before)
  })

  test('64 MiB of scrypt are derived', () => {
    expect(() => decryptPkcs8(scrypt(2 ** 16, 8, 1), password)).toThrow(code('wrong_password'))
  })
})

describe('a traditional encrypted key', () => {
  const write = (cipher: string) => {
    const args = ['ec', '-in', keyFile, cipher, '-passout', `pass:${password}`, ...legacy]
    const [block] = findPemBlocks(openssl(args))
    return { der: block!.der!, dekInfo: block!.dekInfo! }
  }
  const sec1 = createPrivateKey(key).export({ format: 'der', type: 'sec1' }).toString('hex')

  test.each(['-aes128', '-aes192', '-aes256', '-des3', '-des'])('opens with %s', (cipher) => {
    const { der, dekInfo } = write(cipher)
    expect(hex(decryptTraditional(der, dekInfo, password))).toBe(sec1)
  })

  test('does not open with a cipher that Electron does not know', () => {
    const { der, dekInfo } = write('-camellia256')
    expect(() => decryptTraditional(der, dekInfo, password)).toThrow(code('unsupported'))
  })

  test.each(['', 'AES-256-CBC', 'AES-256-CBC,00', 'AES-256-CBC,xyz', 'constructor,00'])(
    'with the header %j is refused',
    (dekInfo) => {
      expect(() => decryptTraditional(write('-aes256').der, dekInfo, password)).toThrow(
        code('unsupported'),
      )
    },
  )
})
