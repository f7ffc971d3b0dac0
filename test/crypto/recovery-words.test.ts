import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../../src-main/crypto/bytes'
import { readRecoveryWords, recoveryWords } from '../../src-main/crypto/recovery-words'
import { SecretKey } from '../../src-main/crypto/secret-key'
import vectors from '../vectors/bip39-256.json'

const refused = expect.objectContaining({ code: 'wrong_passphrase' })

test.each(vectors)('$entropy is $words', ({ entropy, words }) => {
  expect(recoveryWords(new SecretKey(fromHex(entropy))).join(' ')).toBe(words)
  expect(toHex(readRecoveryWords(words).bytes)).toBe(entropy)
})

describe('words as people type them', () => {
  const { entropy, words } = vectors[2]!
  test.each([
    ['in capitals', words.toUpperCase()],
    ['with white space around and between', `\n ${words.replaceAll(' ', '\t \r\n')} \u00a0`],
    ['in full-width letters', words.replaceAll('a', '\uff41')],
  ])('are read %s', (_, typed) => {
    expect(toHex(readRecoveryWords(typed).bytes)).toBe(entropy)
  })

  const list = words.split(' ')
  test.each([
    ['none', ''],
    ['23 of them', list.slice(1).join(' ')],
    ['25 of them', `${words} bless`],
    ['12 with a right checksum', 'abandon '.repeat(11) + 'about'],
    ['two exchanged', [list[1], list[0], ...list.slice(2)].join(' ')],
    ['one replaced', ['zoo', ...list.slice(1)].join(' ')],
    ['one that is not in the list', ['letters', ...list.slice(1)].join(' ')],
  ])('are refused: %s', (_, typed) => {
    expect(() => readRecoveryWords(typed)).toThrow(refused)
  })

  test('are not repeated by the refusal', () => {
    let failure: unknown
    try {
      readRecoveryWords(['letters', ...list.slice(1)].join(' '))
    } catch (error) {
      failure = error
    }
    expect(failure).toMatchObject({ code: 'wrong_passphrase' })
    expect(String(failure)).not.toContain('letters')
    expect((failure as Error).cause).toBeUndefined()
  })
})
