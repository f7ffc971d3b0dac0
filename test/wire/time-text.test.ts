import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EpochMs } from '../../src-main/contract/model'
import { okmsV1Time, okmsV2Time, parseTime, vaultTime } from '../../src-main/wire/time-text'

const at = (text: string) => Date.parse(text) as EpochMs

describe('an instant', () => {
  test.each([
    [
      '2026-02-03T10:15:30.120Z',
      '2026-02-03T10:15:30.12Z',
      '2026-02-03T10:15:30.120Z',
      '2026-02-03T10:15:30Z',
    ],
    [
      '2026-02-03T10:15:30.000Z',
      '2026-02-03T10:15:30Z',
      '2026-02-03T10:15:30.000Z',
      '2026-02-03T10:15:30Z',
    ],
    [
      '2026-02-03T10:15:00.999Z',
      '2026-02-03T10:15:00.999Z',
      '2026-02-03T10:15:00.999Z',
      '2026-02-03T10:15:00Z',
    ],
    [
      '2026-02-03T10:10:10.100Z',
      '2026-02-03T10:10:10.1Z',
      '2026-02-03T10:10:10.100Z',
      '2026-02-03T10:10:10Z',
    ],
  ])('%s is %s for Vault, %s in v1, %s in v2', (given, vault, v1, v2) => {
    expect([vaultTime(at(given)), okmsV1Time(at(given)), okmsV2Time(at(given))]).toEqual([
      vault,
      v1,
      v2,
    ])
  })

  test('that is none is empty', () => {
    expect([vaultTime(undefined), okmsV1Time(undefined)]).toEqual(['', ''])
  })

  test('before 1970 is rounded down too', () => {
    expect(okmsV2Time(-1 as EpochMs)).toBe('1969-12-31T23:59:59Z')
  })

  test('is read back to the millisecond', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          const time = date.getTime() as EpochMs
          expect(parseTime(vaultTime(time))).toBe(time)
          expect(parseTime(okmsV1Time(time))).toBe(time)
          expect(parseTime(okmsV2Time(time))).toBe(Math.floor(time / 1000) * 1000)
        },
      ),
    )
  })

  test.each([
    ['2026-02-03T10:15:30.123456789Z', '2026-02-03T10:15:30.123Z'],
    ['2026-02-03T11:15:30+01:00', '2026-02-03T10:15:30Z'],
    ['2026-02-03T10:15:30.5-00:30', '2026-02-03T10:45:30.5Z'],
  ])('%s is read as %s', (text, same) => {
    expect(parseTime(text)).toBe(at(same))
  })

  test.each(['', null, undefined])('%j is none', (text) => {
    expect(parseTime(text)).toBeUndefined()
  })

  test.each(['x', '2026-02-03', '2026-02-03T10:15:30', '2026-13-03T10:15:30Z', '1770113730'])(
    '%s is refused',
    (text) => {
      expect(() => parseTime(text)).toThrow(expect.objectContaining({ code: 'invalid' }))
    },
  )
})
