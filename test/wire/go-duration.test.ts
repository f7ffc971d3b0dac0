import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatGoDuration, goDuration, parseGoDuration } from '../../src-main/wire/go-duration'

const hundredYears = 3_155_760_000

describe('a Go duration', () => {
  test.each([
    [0, '0s'],
    [30, '30s'],
    [90, '1m30s'],
    [1800, '30m0s'],
    [3600, '1h0m0s'],
    [86_400, '24h0m0s'],
    [12_319, '3h25m19s'],
    [-1, '-1s'],
    [-3661, '-1h1m1s'],
  ])('of %i seconds is printed %s', (seconds, text) => {
    expect(formatGoDuration(seconds)).toBe(text)
    expect(goDuration(seconds)).toEqual({ seconds, text })
  })

  test('is read back as it was printed', () => {
    fc.assert(
      fc.property(fc.integer({ min: -hundredYears, max: hundredYears }), (seconds) => {
        expect(parseGoDuration(formatGoDuration(seconds))).toBe(seconds)
      }),
    )
  })

  test('is read from any number of parts', () => {
    const part = fc.tuple(fc.integer({ min: 0, max: 999 }), fc.constantFrom('h', 'm', 's'))
    const size = { h: 3600, m: 60, s: 1 } as const
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const text = parts.map(([number, unit]) => `${number}${unit}`).join('')
        const seconds = parts.reduce((sum, [number, unit]) => sum + number * size[unit as 'h'], 0)
        expect(parseGoDuration(text)).toBe(seconds)
        expect(parseGoDuration(`+${text}`)).toBe(seconds)
        expect(parseGoDuration(`-${text}`)).toBe(seconds === 0 ? 0 : -seconds)
      }),
    )
  })

  test.each([
    ['', 0],
    ['0', 0],
    ['90', 90],
    ['-1', -1],
    ['1d', 86_400],
    ['-2d', -172_800],
    ['1.5h', 5400],
    ['.5m', 30],
    ['1500ms', 1],
    ['500ms', 0],
    ['-500ms', 0],
    ['1us', 0],
    ['1µs', 0],
    ['1μs', 0],
    ['1h1h', 7200],
  ])('%j is %i seconds', (text, seconds) => {
    expect(parseGoDuration(text)).toBe(seconds)
  })

  test.each([
    '1.5',
    'abc',
    '1d12h',
    '1.5d',
    '1w',
    'h',
    '--1s',
    '1 h',
    ' 1h',
    '1H',
    '1e3s',
    '101y',
    '9999999999',
  ])('%j is none', (text) => {
    expect(() => parseGoDuration(text)).toThrow(expect.objectContaining({ code: 'invalid' }))
  })
})
