import { describe, expect, test } from 'vitest'
import { DerReader, derTag } from '../../src-main/pki/der'
import { integer, nothing, octets, oid, sequence } from '../../src-main/pki/der-writer'
import {
  deriveAsPkcs12,
  deriveWithPbkdf1,
  deriveWithPbkdf2,
  deriveWithScrypt,
} from '../../src-main/pki/key-derivation'
import { purpose } from '../../src-main/pki/pkcs12-kdf'
import { WorkBudget } from '../../src-main/pki/work-budget'
import vectors from '../vectors/password-derivation.json'

const hmac = { sha1: '1.2.840.113549.2.7', sha256: '1.2.840.113549.2.9' } as const
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const salt = Uint8Array.from(Buffer.from('00112233', 'hex'))
const unsupported = expect.objectContaining({ code: 'unsupported' })
const parameters = (...parts: readonly Uint8Array[]): DerReader =>
  new DerReader(sequence(...parts)).enter(derTag.sequence)
const pbkdf2 = (iterations: number, ...more: readonly Uint8Array[]): DerReader =>
  parameters(octets(salt), integer(iterations), ...more)
/** The same with an integer that forge does not write. */
const rounds = (digits: string): DerReader => {
  const bytes = Buffer.from(digits.replace(' ', ''), 'hex')
  return parameters(octets(salt), Buffer.concat([Uint8Array.of(2, bytes.length), bytes]))
}

/** Derives as one of the vectors says. */
function derive(vector: (typeof vectors)[number]): string {
  const { password, length } = vector
  const salted = octets(Buffer.from(vector.salt, 'hex'))
  const work = new WorkBudget()
  if (vector.function === 'scrypt') {
    const { cost = 0, blockSize = 0, parallelization = 0 } = vector
    const costs = [cost, blockSize, parallelization].map(integer)
    return hex(deriveWithScrypt(parameters(salted, ...costs), password, length, work))
  }
  const { iterations = 0, digest } = vector
  const prf = sequence(oid(hmac[digest === 'sha1' ? 'sha1' : 'sha256']), nothing())
  return hex(deriveWithPbkdf2(parameters(salted, integer(iterations), prf), password, length, work))
}

test.each(vectors)('$source: $function of $password, $salt', (vector) => {
  if (vector.derived === 'unsupported') expect(() => derive(vector)).toThrow(unsupported)
  else expect(derive(vector)).toBe(vector.derived)
})

test('PBKDF2 is with HMAC-SHA-1 when nothing else is said', () => {
  const sha1 = sequence(oid(hmac.sha1), nothing())
  const named = deriveWithPbkdf2(pbkdf2(2, sha1), 'x', 20, new WorkBudget())
  expect(deriveWithPbkdf2(pbkdf2(2), 'x', 20, new WorkBudget())).toEqual(named)
})

test('no password and the empty one are the same to PBKDF2, and not to PKCS#12', () => {
  const work = new WorkBudget()
  expect(deriveWithPbkdf2(pbkdf2(2), null, 20, work)).toEqual(
    deriveWithPbkdf2(pbkdf2(2), '', 20, work),
  )
  const use = { purpose: purpose.mac, digest: 'sha1', length: 20 } as const
  const as = (password: string | null): string =>
    hex(deriveAsPkcs12({ salt, iterations: 2 }, password, use, work))
  expect(as(null)).not.toBe(as(''))
})

describe('a length that the file names', () => {
  test.each([
    ['must be that of the cipher', 32, true],
    ['not a shorter one', 16, false],
    ['not 2^31 − 1', 2 ** 31 - 1, false],
    ['not none', 0, false],
  ])('%s', (_, length, isTaken) => {
    const derive = () => deriveWithPbkdf2(pbkdf2(2, integer(length)), 'x', 32, new WorkBudget())
    if (isTaken) expect(derive()).toHaveLength(32)
    else expect(derive).toThrow(unsupported)
    const costs = [16, 1, 1, length].map(integer)
    const withScrypt = () =>
      deriveWithScrypt(parameters(octets(salt), ...costs), 'x', 32, new WorkBudget())
    if (isTaken) expect(withScrypt()).toHaveLength(32)
    else expect(withScrypt).toThrow(unsupported)
  })
})

describe('what is too much is refused before it is begun', () => {
  const use = { purpose: purpose.key, digest: 'sha1', length: 24 } as const
  const cases: readonly [string, (work: WorkBudget) => unknown][] = [
    ['PBKDF2, once', (work) => deriveWithPbkdf2(pbkdf2(5_000_001), 'x', 20, work)],
    ['PBKDF2, 2^31 − 1', (work) => deriveWithPbkdf2(pbkdf2(2 ** 31 - 1), 'x', 20, work)],
    ['PBKDF2, 2^31', (work) => deriveWithPbkdf2(rounds('00800000 00'), 'x', 20, work)],
    ['PBKDF2, 2^40', (work) => deriveWithPbkdf2(rounds('01000000 0000'), 'x', 20, work)],
    ['PBKDF2, in many blocks', (work) => deriveWithPbkdf2(pbkdf2(4_000_000), 'x', 100, work)],
    ['PBKDF2, none', (work) => deriveWithPbkdf2(pbkdf2(0), 'x', 20, work)],
    ['PKCS#12', (work) => deriveAsPkcs12({ salt, iterations: 1_500_001 }, 'x', use, work)],
    [
      'PBKDF1',
      (work) =>
        deriveWithPbkdf1({ salt, iterations: 3_000_001 }, 'x', { digest: 'md5', length: 16 }, work),
    ],
    [
      'a salt of 1 MiB',
      (work) => deriveAsPkcs12({ salt: new Uint8Array(1_048_576), iterations: 1 }, 'x', use, work),
    ],
  ]

  test.each(cases)('%s', (_, run) => {
    const work = new WorkBudget()
    const before = work.left
    expect(() => run(work)).toThrow(unsupported)
    expect(work.left).toBe(before)
  })

  test('and what all files together ask for counts', () => {
    const work = new WorkBudget(100)
    deriveWithPbkdf2(pbkdf2(60), 'x', 20, work)
    expect(() => deriveWithPbkdf2(pbkdf2(41), 'x', 20, work)).toThrow(unsupported)
    expect(deriveWithPbkdf2(pbkdf2(40), 'x', 20, work)).toHaveLength(20)
  })
})

test('a budget takes numbers only', () => {
  for (const units of [NaN, -1, Infinity, 11])
    expect(() => new WorkBudget(10).take(units)).toThrow(unsupported)
  expect(() => new WorkBudget(10).take(10)).not.toThrow()
})
