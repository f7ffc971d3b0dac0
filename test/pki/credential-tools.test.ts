import { createPrivateKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { CredentialReport } from '../../src-main/contract/calls'
import { EpochMs } from '../../src-main/contract/model'
import { systemRandom } from '../../src-main/env'
import { inspectCredentials, makePkcs12 } from '../../src-main/pki/credential-tools'
import { file, makeAuthority, makeCertificate, makeKey, openssl, put, soon } from './openssl'

const root = makeAuthority('root')
const middle = makeAuthority('middle', root)
const leaf = makeCertificate({ issuer: middle, extensions: ['extendedKeyUsage=clientAuth'] })
const other = makeCertificate({ subject: '/CN=other' })
const rsa = makeCertificate({ key: makeKey('RSA 2048') })
/** A key of P-256 with a number beyond the order of the curve. */
const damagedKey = (() => {
  const der = Buffer.from(createPrivateKey(leaf.key).export({ format: 'der', type: 'sec1' }))
  der.fill(0xff, 7, 39)
  return `-----BEGIN EC PRIVATE KEY-----\n${der.toString('base64')}\n-----END EC PRIVATE KEY-----`
})()
const encryptedKey = openssl(['pkcs8', '-topk8', '-passout', 'pass:right'], leaf.key)

type Bytes = Uint8Array | string
const inspect = (all: readonly Bytes[], password?: string, now = soon) =>
  inspectCredentials(
    all.map((bytes) => file(bytes)),
    password,
    now,
  )
const convert = (all: readonly Bytes[], change: Partial<Parameters<typeof makePkcs12>[0]> = {}) =>
  makePkcs12({
    ...{ files: all.map((bytes) => file(bytes)), password: 'secret', friendlyName: 'app' },
    ...{ profile: 'modern', random: systemRandom, now: soon },
    ...change,
  })

describe('a sound pair', () => {
  const report = inspect([root.certificate, leaf.key, middle.certificate, leaf.certificate])

  test('is reported with its chain in order', () => {
    expect(report.certificates.map(({ subject }) => subject)).toEqual([
      'CN=app',
      'CN=middle',
      'CN=root',
    ])
    expect(report).toMatchObject({
      files: [{ found: ['certificate'] }, { found: ['private-key'] }, {}, {}],
      key: { type: 'EC P-256', encrypted: false },
      problems: [],
      warnings: [],
    })
    expect(report).not.toHaveProperty('mismatch')
  })

  test('is reported as the contract says, without the key', () => {
    expect(CredentialReport.parse(report)).toEqual(report)
    const secret = createPrivateKey(leaf.key).export({ format: 'jwk' }).d ?? ''
    expect(JSON.stringify(report)).not.toContain(secret)
    expect(JSON.stringify(report)).not.toContain('PRIVATE')
  })

  test('may be one file, in any order, with text around', () => {
    const text = `# my app\n${leaf.key}\nand\n${leaf.certificate}`.replaceAll('\n', '\r\n')
    expect(inspect([text]).problems).toEqual([])
  })

  test('may come as the control panel of OKMS hands it out: CRLF and SEC1', () => {
    const key = openssl(['ec'], leaf.key).toString().replaceAll('\n', '\r\n')
    const certificate = leaf.certificate.toString().replaceAll('\n', '\r\n')
    expect(key).toContain('BEGIN EC PRIVATE KEY')
    expect(inspect([certificate, key]).problems).toEqual([])
  })

  test('may come as the text of a JSON reply', () => {
    const reply = { certificatePEM: `${leaf.certificate}`, privateKeyPEM: `${leaf.key}` }
    expect(inspect([JSON.stringify(reply)]).problems).toEqual([])
  })
})

describe('problems', () => {
  const cases: readonly [string, readonly Bytes[], readonly string[]][] = [
    ['nothing', [''], ['no-certificate', 'no-key']],
    ['no credential', ['hello'], ['no-certificate', 'no-key']],
    ['a certificate only', [leaf.certificate], ['no-key']],
    ['a key only', [leaf.key], ['no-certificate']],
    ['another key', [leaf.certificate, other.key], ['key-mismatch']],
    ['a key of another type', [leaf.certificate, rsa.key], ['key-mismatch']],
    ['two keys', [leaf.certificate, leaf.key, other.key], ['several-keys']],
    ['five keys', [leaf.certificate, ...[1, 2, 3, 4, 5].map(() => makeKey())], ['several-keys']],
    ['an encrypted key', [leaf.certificate, encryptedKey], ['key-encrypted']],
    ['a key too small', [leaf.certificate, makeKey('RSA 1024')], ['unsupported-key']],
    [
      'a key that is closed with a cipher that we do not take',
      [
        leaf.certificate,
        openssl(['pkcs8', '-topk8', '-v2', 'camellia-256-cbc', '-passout', 'pass:right'], leaf.key),
      ],
      ['key-encrypted'],
    ],
    ['a damaged key', [leaf.certificate, damagedKey], ['damaged-key']],
    [
      'an old key of DSA',
      ['-----BEGIN DSA PRIVATE KEY-----\nMAA=\n-----END DSA PRIVATE KEY-----'],
      ['no-certificate', 'unsupported-key'],
    ],
    ['a key of another curve', [leaf.certificate, makeKey('EC secp256k1')], ['unsupported-key']],
    [
      'a key of OpenSSH',
      ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n-----END OPENSSH PRIVATE KEY-----'],
      ['no-certificate', 'unsupported-key'],
    ],
  ]

  test.each(cases)('%s', async (_, all, problems) => {
    expect(inspect(all).problems).toEqual(problems)
    await expect(convert(all)).rejects.toMatchObject({ name: 'CoffretError' })
  })

  test.each([
    ['RSA 1024', makeKey('RSA 1024')],
    ['EC secp256k1', makeKey('EC secp256k1')],
    ['OpenSSH', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n-----END OPENSSH PRIVATE KEY-----'],
  ])('the kind of a key that we do not take is said: %s', (type, key) => {
    const { key: told, problems } = inspect([leaf.certificate, key])
    expect([told?.type, problems]).toEqual([type, ['unsupported-key']])
  })

  test('an encryption that we do not take is no wrong password and no other kind of key', () => {
    const options = ['-v2', 'camellia-256-cbc', '-passout', 'pass:right']
    const key = openssl(['pkcs8', '-topk8', ...options], leaf.key)
    expect(inspect([leaf.certificate, key], 'right').problems).toEqual(['unsupported-encryption'])
  })

  test('a wrong password', () => {
    expect(inspect([leaf.certificate, encryptedKey], 'wrong').problems).toEqual(['wrong-password'])
  })

  test('an empty password counts as none', () => {
    expect(inspect([leaf.certificate, encryptedKey], '').problems).toEqual(['key-encrypted'])
  })

  test('the right password opens the key, and the report says that the file is encrypted', () => {
    expect(inspect([leaf.certificate, encryptedKey], 'right')).toMatchObject({
      key: { type: 'EC P-256', encrypted: true },
      problems: [],
    })
  })

  test('the type of a closed key is unknown', () => {
    expect(inspect([leaf.certificate, encryptedKey]).key).toEqual({
      type: 'unknown',
      encrypted: true,
    })
  })

  test('the same key twice, once encrypted, is one key', () => {
    expect(inspect([leaf.certificate, leaf.key, encryptedKey], 'right').problems).toEqual([])
  })

  test('a mismatch shows both public keys', () => {
    const print = (key: Buffer): string => {
      const spki = openssl(['pkey', '-pubout', '-outform', 'DER'], key)
      return openssl(['dgst', '-sha256', '-c'], spki)
        .toString()
        .trim()
        .split('= ')[1]!
        .toUpperCase()
    }
    expect(inspect([leaf.certificate, other.key]).mismatch).toEqual({
      certificate: print(leaf.key),
      key: print(other.key),
    })
  })
})

describe('warnings', () => {
  const days = (count: number): EpochMs => EpochMs.parse(soon + count * 86_400_000)

  test.each([
    ['before it is valid', -1, ['not-yet-valid']],
    ['while it is valid', 29, []],
    ['after it was valid', 31, ['expired']],
  ])('%s', (_, count, warnings) => {
    expect(inspect([leaf.certificate, leaf.key], undefined, days(count)).warnings).toEqual(warnings)
  })

  test('to the millisecond', () => {
    const [{ validFrom, validTo } = { validFrom: 0, validTo: 0 }] = inspect([
      leaf.certificate,
    ]).certificates
    const at = (time: number) =>
      inspect([leaf.certificate, leaf.key], undefined, EpochMs.parse(time)).warnings
    expect([at(validFrom - 1), at(validFrom)]).toEqual([['not-yet-valid'], []])
    expect([at(validTo), at(validTo + 1)]).toEqual([[], ['expired']])
  })

  test('an expired authority counts too', () => {
    const old = makeAuthority('old', undefined, 10)
    const child = makeCertificate({ issuer: old })
    const all = [child.certificate, child.key, old.certificate]
    expect(inspect(all, undefined, days(11)).warnings).toEqual(['expired'])
  })

  test('a certificate for servers', () => {
    const server = makeCertificate({ extensions: ['extendedKeyUsage=serverAuth'] })
    expect(inspect([server.certificate, server.key]).warnings).toEqual(['not-for-client-auth'])
  })

  test('a link missing in the chain', () => {
    expect(inspect([leaf.certificate, leaf.key, root.certificate]).warnings).toEqual([
      'incomplete-chain',
    ])
  })

  test('no link is missing when only the leaf was given, or the chain without its root', () => {
    expect(inspect([leaf.certificate, leaf.key]).warnings).toEqual([])
    expect(inspect([leaf.certificate, leaf.key, middle.certificate]).warnings).toEqual([])
  })

  test('no link is missing when authorities of other chains are there too', () => {
    const stranger = makeAuthority('stranger')
    const all = [leaf.certificate, leaf.key, middle.certificate, root.certificate]
    expect(inspect([...all, stranger.certificate]).warnings).toEqual([])
    const own = makeCertificate({})
    expect(inspect([own.certificate, own.key, stranger.certificate]).warnings).toEqual([])
  })

  test('do not stand in the way', async () => {
    await expect(convert([leaf.certificate, leaf.key], { now: days(400) })).resolves.toBeDefined()
  })
})

describe('a file is not made', () => {
  const sound = [leaf.certificate, leaf.key]

  test.each([
    ['without a certificate', [leaf.key], {}, 'invalid', 'files'],
    ['without a key', [leaf.certificate], {}, 'invalid', 'files'],
    ['of two keys', [...sound, other.key], {}, 'invalid', 'files'],
    ['of another key', [leaf.certificate, other.key], {}, 'key_mismatch', 'files'],
    ['of a key too small', [leaf.certificate, makeKey('RSA 1024')], {}, 'unsupported', 'files'],
    ['of a closed key', [leaf.certificate, encryptedKey], {}, 'wrong_password', 'keyPassword'],
    [
      'with a wrong password',
      [leaf.certificate, encryptedKey],
      { keyPassword: 'wrong' },
      'wrong_password',
      'keyPassword',
    ],
    ['without a password', sound, { password: '' }, 'invalid', 'password'],
    ['with too long a password', sound, { password: 'x'.repeat(1025) }, 'invalid', 'password'],
    ['with a zero in the password', sound, { password: 'a\0b' }, 'invalid', 'password'],
    ['with an emoji in the password', sound, { password: '😀' }, 'invalid', 'password'],
    ['with half a character in the password', sound, { password: '\ud83d' }, 'invalid', 'password'],
    ['with an emoji in its name', sound, { friendlyName: '😀' }, 'invalid', 'friendlyName'],
    ['with too long a name', sound, { friendlyName: 'x'.repeat(129) }, 'invalid', 'friendlyName'],
  ] as const)('%s', async (_, all, change, code, field) => {
    await expect(convert(all, change)).rejects.toMatchObject({ name: 'CoffretError', code, field })
  })
})

test('a file holds the chain and nothing that does not belong to it', async () => {
  const all = [other.certificate, root.certificate, leaf.key, middle.certificate, leaf.certificate]
  const written = put(await convert(all))
  const pem = openssl(['pkcs12', '-nokeys', '-in', written, '-passin', 'pass:secret']).toString()
  expect(pem.match(/^subject=.*/gm)).toEqual([
    'subject=CN = app',
    'subject=CN = middle',
    'subject=CN = root',
  ])
})

// Where the cost were a square, the test would not end in time.
describe('hostile files are answered', () => {
  const bomb = Buffer.concat(Array(64).fill(makeAuthority('same').certificate))
  const line = 'AAAA\n'

  test.each([
    [
      'a PEM block of 200,000 lines',
      `-----BEGIN CERTIFICATE-----\n${line.repeat(200_000)}-----END CERTIFICATE-----`,
    ],
    ['60,000 beginnings', '-----BEGIN X-----\n'.repeat(58_000)],
    ['64 authorities of one name', bomb],
    ['zeros', Buffer.alloc(1_048_576)],
    ['a nest in DER', Buffer.from('3080'.repeat(500_000), 'hex')],
  ])('%s', (_, bytes) => {
    expect(inspect([bytes, leaf.key]).problems.length).toBeGreaterThan(0)
  })

  test('60 different authorities of one name and key', () => {
    const key = makeKey()
    const extensions = ['basicConstraints=CA:TRUE']
    const loop = Array.from({ length: 60 }, () =>
      makeCertificate({ key, subject: '/CN=loop', extensions }),
    )
    const report = inspect([leaf.key, Buffer.concat(loop.map(({ certificate }) => certificate))])
    expect(report.certificates).toHaveLength(60)
  })
})
