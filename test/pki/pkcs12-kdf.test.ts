import { describe, expect, test } from 'vitest'
import { type Pkcs12Digest, derivePkcs12, purpose } from '../../src-main/pki/pkcs12-kdf'
import { openssl } from './openssl'

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex')

// Known answers that circulate since P. Gutmann's test vectors for PKCS#12 (1999).
test.each([
  ['smeg', '0A58CF64530D823F', 1, 'key', 24, '8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3'],
  ['smeg', '0A58CF64530D823F', 1, 'iv', 8, '79993dfe048d3b76'],
  [
    'queeg',
    '05DEC959ACFF72F7',
    1000,
    'key',
    24,
    'ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4',
  ],
  ['queeg', '05DEC959ACFF72F7', 1000, 'iv', 8, '11dedad7758d4860'],
  ['smeg', '3D83C0E4546AC140', 1, 'mac', 20, '8d967d88f6caa9d714800ab3d48051d63f73a312'],
  ['queeg', '263216FCC2FAB31C', 1000, 'mac', 20, '5ec4c7a80df652294c3925b6489a7ab857c83476'],
] as const)(
  '%s with salt %s, %d times, for %s',
  async (password, salt, iterations, use, length, out) => {
    const request = { password, iterations, length, digest: 'sha1' } as const
    expect(hex(await derivePkcs12({ ...request, salt: bytes(salt), purpose: purpose[use] }))).toBe(
      out,
    )
  },
)

describe('openssl derives the same', () => {
  const cases: [Pkcs12Digest, string, number, string, number, keyof typeof purpose][] = []
  for (const [digest, name] of [
    ['sha1', 'SHA1'],
    ['sha256', 'SHA256'],
  ] as const) {
    for (const length of [1, 20, 21, 32, 33, 64, 100])
      cases.push([digest, name, length, 'pass', 3, 'key'])
    for (const password of ['', 'é€', 'x'.repeat(31), 'x'.repeat(32), 'x'.repeat(1024)]) {
      cases.push([digest, name, 32, password, 2, 'mac'])
    }
    cases.push([digest, name, 24, 'many', 10_000, 'iv'])
  }

  test.each(cases)(
    '%s %s %d bytes from %j, %d times, for %s',
    async (digest, name, length, password, iterations, use) => {
      const salt = bytes('00112233445566778899aabbccddeeff')
      const secret = Buffer.concat([Buffer.from(password, 'utf16le').swap16(), Buffer.alloc(2)])
      const expected = openssl([
        ...['kdf', '-binary', '-keylen', `${length}`, '-kdfopt', `digest:${name}`],
        ...['-kdfopt', `hexpass:${hex(secret)}`, '-kdfopt', `hexsalt:${hex(salt)}`],
        ...['-kdfopt', `iter:${iterations}`, '-kdfopt', `id:${purpose[use]}`, 'PKCS12KDF'],
      ])
      const request = { password, salt, iterations, purpose: purpose[use], digest, length }
      expect(hex(await derivePkcs12(request))).toBe(hex(expected))
    },
  )
})

test('other work goes on meanwhile', async () => {
  let ticks = 0
  const timer = setInterval(() => ticks++, 1)
  const request = {
    password: 'x',
    salt: bytes('00'),
    purpose: purpose.mac,
    digest: 'sha256',
  } as const
  await derivePkcs12({ ...request, iterations: 150_000, length: 32 })
  clearInterval(timer)
  expect(ticks).toBeGreaterThan(5)
})
