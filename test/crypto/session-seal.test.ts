import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SecretKey } from '../../src-main/crypto/secret-key'
import { SessionSeal } from '../../src-main/crypto/session-seal'
import { systemRandom } from '../../src-main/env'

const newOwner = () => new SecretKey(systemRandom(32))
const canary = new TextEncoder().encode('canary-value-93b1')

test('whatever was sealed opens again', () => {
  const seal = new SessionSeal(systemRandom, newOwner())
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (text) => {
      expect(Buffer.from(seal.open(seal.seal(text)))).toEqual(Buffer.from(text))
    }),
  )
})

test('a text does not show, and two seals of it differ', () => {
  const seal = new SessionSeal(systemRandom, newOwner())
  const [one, other] = [seal.seal(canary), seal.seal(canary)]
  expect(Buffer.from(one.body).includes(Buffer.from(canary))).toBe(false)
  expect(Buffer.from(one.body).equals(other.body)).toBe(false)
  expect(one.number).not.toBe(other.number)
})

test('another session, another number and a flipped bit do not open', () => {
  const seal = new SessionSeal(systemRandom, newOwner())
  const { number, body } = seal.seal(canary)
  const flipped = Uint8Array.from(body)
  flipped[20]! ^= 1
  expect(() => seal.open({ number, body: flipped })).toThrow()
  expect(() => seal.open({ number: number + 1, body })).toThrow()
  expect(() => new SessionSeal(systemRandom, newOwner()).open({ number, body })).toThrow()
})

test('it ends with the key of its vault, also when that was wiped before', () => {
  const owner = newOwner()
  const seal = new SessionSeal(systemRandom, owner)
  const sealed = seal.seal(canary)
  owner.wipe()
  const locked = expect.objectContaining({ code: 'locked' })
  expect(() => seal.open(sealed)).toThrow(locked)
  expect(() => seal.seal(canary)).toThrow(locked)
  expect(() => new SessionSeal(systemRandom, owner).seal(canary)).toThrow(locked)
})
