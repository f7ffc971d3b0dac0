import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { isZip, readZip } from '../../src-main/pki/zip'
import { type ArchiveFile, archive } from './zip-archive'

const text = Buffer.from('-----BEGIN X-----\n'.repeat(20))
const mebibyte = 1_048_576
const entry = (name: string, change: Partial<ArchiveFile> = {}): ArchiveFile => ({
  name,
  bytes: text,
  ...change,
})
const refusal = expect.objectContaining({ code: 'unsupported' })
/** Bytes that do not shrink. */
const noise = (length: number): Buffer => {
  const bytes = Buffer.alloc(length)
  for (let at = 0, state = 1; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[at] = state >>> 16
  }
  return bytes
}

describe('an archive is read', () => {
  test('packed and stored, with a comment behind it', () => {
    const bytes = archive([entry('a.pem'), entry('b/c.pem', { isStored: true })], {
      comment: 'made by somebody',
    })
    expect(isZip(bytes)).toBe(true)
    expect(readZip(bytes).map(({ name, bytes: held }) => [name, Buffer.from(held)])).toEqual([
      ['a.pem', text],
      ['b/c.pem', text],
    ])
  })

  test('without folders and what macOS adds', () => {
    const names = ['keys/', 'keys/a.pem', '__MACOSX/keys/._a.pem', 'keys/.DS_Store']
    const bytes = archive(
      names.map((name) => entry(name, name.endsWith('/') ? { bytes: Buffer.alloc(0) } : {})),
    )
    expect(readZip(bytes).map(({ name }) => name)).toEqual(['keys/a.pem'])
  })

  test('with names in UTF-8, and what would disguise them escaped', () => {
    const bytes = archive([entry('clé.pem'), entry('a\u202ex\u001b[2J')])
    expect(readZip(bytes).map(({ name }) => name)).toEqual(['clé.pem', 'a\\e2\\80\\aex\\1b[2J'])
  })

  test('with nothing in it', () => {
    const bytes = archive([])
    expect(isZip(bytes)).toBe(true)
    expect(readZip(bytes)).toEqual([])
  })

  test('from within a larger buffer', () => {
    const whole = Buffer.concat([Buffer.alloc(7), archive([entry('a.pem')])])
    expect(readZip(whole.subarray(7))).toHaveLength(1)
  })

  test('up to 256 entries of 1 MiB', () => {
    expect(readZip(archive(Array.from({ length: 256 }, (_, at) => entry(`${at}`))))).toHaveLength(
      256,
    )
    const large = noise(mebibyte)
    expect(readZip(archive([entry('a', { bytes: large })]))[0]?.bytes.length).toBe(mebibyte)
  })
})

test.each([
  ['nothing', ''],
  ['text', 'hello, this is no archive at all'],
  ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'],
])('%s is no archive', (_, bytes) => {
  expect(isZip(Buffer.from(bytes))).toBe(false)
})

describe('A-05: an archive is refused', () => {
  const zeros = Buffer.alloc(mebibyte)
  const cases: readonly [string, Uint8Array][] = [
    ['that leads out of its folder', archive([entry('../../.ssh/authorized_keys')])],
    ['that leads out of it in the middle', archive([entry('a/../../b')])],
    ['that leads out of it with backslashes', archive([entry('a\\..\\..\\b')])],
    ['with an absolute path', archive([entry('/etc/passwd')])],
    ['with a drive', archive([entry('C:\\a.pem')])],
    ['with a zero in a name', archive([entry('a\0.pem')])],
    ['with a very long name', archive([entry('a'.repeat(513))])],
    ['with a symbolic link', archive([entry('a', { mode: 0o120777 })])],
    ['packed in another way', archive([entry('a', { method: 14 })])],
    ['with 257 entries', archive(Array.from({ length: 257 }, (_, at) => entry(`${at}`)))],
    ['with an entry beyond 1 MiB', archive([entry('a', { bytes: noise(mebibyte + 1) })])],
    ['of more than a hundred times its size', archive([entry('a', { bytes: zeros })])],
    [
      'of more than 8 MiB in all',
      archive(Array.from({ length: 9 }, (_, at) => entry(`${at}`, { claimedLength: mebibyte }))),
    ],
    [
      'that unpacks to more than it says',
      archive([entry('a', { bytes: zeros, claimedLength: 9 })]),
    ],
    ['that unpacks to less than it says', archive([entry('a', { claimedLength: 2000 })])],
    [
      'whose entries share their bytes',
      archive([
        entry('a', { bytes: noise(5000) }),
        entry('b', { start: 0, claimedPackedLength: 5000, claimedLength: 5000 }),
      ]),
    ],
    ['whose entry lies outside', archive([entry('a', { start: 0xfffffff0 })])],
    [
      'whose entry is longer than the archive',
      archive([entry('a', { claimedPackedLength: 9999 })]),
    ],
    ['whose directory lies outside', archive([entry('a')], { start: 0xfffffff0 })],
    ['whose directory is elsewhere', archive([entry('a')], { start: 0 })],
    ['that counts more than it holds', archive([entry('a')], { count: 2 })],
    ['that is cut', archive([entry('a')]).subarray(0, -1)],
    ['with something behind it', Buffer.concat([archive([entry('a')]), Buffer.from('x')])],
    ['that is damaged', archive([entry('a', { bytes: noise(400), method: 8, isStored: true })])],
  ]

  test.each(cases)('%s', (_, bytes) => {
    expect(() => readZip(bytes)).toThrow(refusal)
  })

  test('that is encrypted, which is told apart', () => {
    const encrypted = expect.objectContaining({ code: 'wrong_password' })
    expect(() => readZip(archive([entry('a', { flags: 1 })]))).toThrow(encrypted)
  })

  test('that claims a million entries, without counting them', () => {
    // The count has 16 bits; the 64-bit form, which has more, is not read.
    expect(() => readZip(archive([entry('a')], { count: 65_535 }))).toThrow(refusal)
  })
})
