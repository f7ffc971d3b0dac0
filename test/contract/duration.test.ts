import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maxDurationSeconds, parseDuration } from '../../src-main/contract/duration'

describe('parseDuration', () => {
  test.each([
    ['10h30m10s', 37_810],
    ['7d1h30m10s', 610_210],
    ['1d', 86_400],
    ['0s', 0],
    ['', 0],
    ['90', 90],
    ['1.5h', 5400],
    ['.5m', 30],
    ['1500ms', 1],
    ['999ms', 0],
    ['0.1s0.2s0.7s', 1],
    ['1h1h', 7200],
    [' 5s ', 5],
    [String(maxDurationSeconds), maxDurationSeconds],
  ])('reads %j as %i seconds', (text, seconds) => {
    expect(parseDuration(text).seconds).toBe(seconds)
  })

  test.each([
    'abc',
    '-1s',
    '-1',
    '5x',
    '1h 30m',
    '1,5h',
    '1e3s',
    '0x10',
    'h',
    '1.2.3s',
    'NaN',
    '1.5',
  ])('refuses %j', (text) =>
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'invalid' })),
  )

  test.each([String(maxDurationSeconds + 1), '40000d', '9'.repeat(60) + 'h'])(
    'refuses %j, which is over 100 years',
    (text) => expect(() => parseDuration(text)).toThrow('exceeds 100 years'),
  )

  test('keeps the text as written', () => {
    expect(parseDuration('24h').text).toBe('24h')
    expect(parseDuration('1d').text).toBe('1d')
  })

  test('adds up whole pairs in any order', () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 999 }), fc.constantFrom('s', 'm', 'h', 'd'))
    const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 5 }), (pairs) => {
        const text = pairs.map(([n, unit]) => `${n}${unit}`).join('')
        const sum = pairs.reduce((total, [n, unit]) => total + n * seconds[unit], 0)
        expect(parseDuration(text)).toEqual({ seconds: sum, text })
      }),
    )
  })
})
