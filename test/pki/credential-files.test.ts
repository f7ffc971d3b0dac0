import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCredentialFiles } from '../../src-main/pki/credential-files'
import { derOf, file, makeAuthority, makeCertificate, makeKey, openssl, put } from './openssl'

const key = makeKey()
const root = makeAuthority('root')
const { certificate } = makeCertificate({ key, issuer: root })
const encryptedKey = openssl(['pkcs8', '-topk8', '-passout', 'pass:x'], key)
const look = (bytes: Uint8Array | string) => readCredentialFiles([file(bytes)])
const report = (bytes: Uint8Array | string) => look(bytes).files[0]

describe('a file is recognized by what it holds', () => {
  test.each([
    ['a certificate', certificate, ['certificate']],
    ['a certificate in DER', derOf(certificate), ['certificate']],
    [
      'a certificate with trust settings',
      openssl(['x509', '-addtrust', 'clientAuth', '-trustout'], certificate),
      ['certificate'],
    ],
    ['a certificate after its text', openssl(['x509', '-text'], certificate), ['certificate']],
    ['a key', key, ['private-key']],
    ['a key in DER', derOf(key), ['private-key']],
    [
      'a key with its parameters',
      openssl(['ecparam', '-name', 'prime256v1', '-genkey']),
      ['private-key'],
    ],
    [
      'a key under the label of another form',
      `-----BEGIN PRIVATE KEY-----\n${openssl(['ec', '-outform', 'DER'], key).toString('base64')}\n-----END PRIVATE KEY-----`,
      ['private-key'],
    ],
    ['an encrypted key', encryptedKey, ['encrypted-private-key']],
    ['an encrypted key in DER', derOf(encryptedKey), ['encrypted-private-key']],
    [
      'a traditional encrypted key',
      openssl(['ec', '-aes256', '-passout', 'pass:x'], key),
      ['encrypted-private-key'],
    ],
    [
      'all together',
      Buffer.concat([key, certificate, root.certificate]),
      ['certificate', 'private-key'],
    ],
  ])('%s', (_, bytes, found) => {
    expect(report(bytes)).toEqual({ name: 'file', found })
  })

  test.each([
    ['nothing', '', 'empty'],
    ['text', 'hello', 'not-a-credential'],
    ['noise', Buffer.alloc(5000, 0xa5), 'not-a-credential'],
    ['a public key', openssl(['pkey', '-pubout'], key), 'public-key'],
    [
      'a request',
      openssl(['req', '-new', '-subj', '/CN=a', '-key', put(key)]),
      'certificate-request',
    ],
    ['a certificate without its end', certificate.subarray(0, -30), 'damaged'],
    [
      'a certificate with a line missing',
      certificate.toString().split('\n').toSpliced(2, 1).join('\n'),
      'damaged',
    ],
    ['a cut certificate in DER', derOf(certificate).subarray(0, -9), 'damaged'],
    ['more than 1 MiB', Buffer.alloc(1_048_577, 'a'), 'too-large'],
  ])('%s is none', (_, bytes, problem) => {
    expect(report(bytes)).toEqual({ name: 'file', found: [], problem })
  })

  test('what is sound beside something damaged is found', () => {
    expect(report(Buffer.concat([key, certificate.subarray(0, -30)]))).toEqual({
      name: 'file',
      found: ['private-key'],
      problem: 'damaged',
    })
  })
})

test('what is in several files counts once', () => {
  const files = [
    file(certificate),
    file(Buffer.concat([certificate, key, root.certificate])),
    file(key),
  ]
  const { certificates, keys } = readCredentialFiles(files)
  expect([certificates.length, keys.length]).toEqual([2, 1])
})

describe('the number of blocks is bounded', () => {
  test('64 in all files are read', () => {
    const half = Buffer.concat(Array(32).fill(certificate))
    expect(readCredentialFiles([file(half), file(half)]).files).toEqual(
      Array(2).fill({ name: 'file', found: ['certificate'] }),
    )
  })

  test('a file with 65 is left out', () => {
    expect(report(Buffer.concat(Array(65).fill(certificate)))).toMatchObject({
      problem: 'too-many',
    })
  })

  test('a file with which there are 65 is left out', () => {
    const most = Buffer.concat(Array(64).fill(certificate))
    expect(readCredentialFiles([file(most), file(key)]).files[1]).toMatchObject({
      problem: 'too-many',
    })
  })

  test('1,500 are not looked into', () => {
    const { certificates, files } = look(Buffer.concat(Array(1500).fill(certificate)))
    expect([certificates, files]).toMatchObject([[], [{ problem: 'too-many' }]])
  })
})

test('whatever bytes come, there is a report', () => {
  const sound = Buffer.concat([certificate, encryptedKey, key])
  const changes = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 20 })
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), changes, (noise, places) => {
      const damaged = Buffer.from(sound)
      for (const [place, byte] of places) damaged[place] = byte
      expect(readCredentialFiles([file(noise), file(damaged)]).files).toHaveLength(2)
    }),
    { numRuns: 300 },
  )
})
