import { describe, expect, test } from 'vitest'
import { noDuration } from '../../src-main/contract/duration'
import { SecretPath, type StoreConfig } from '../../src-main/contract/model'
import { parseJson } from '../../src-main/contract/json'
import {
  isOkmsPath,
  localUrn,
  okmsDuration,
  okmsSignedDuration,
  settingsWarnings,
  unknownFieldsWarning,
} from '../../src-main/wire/okms-rules'

const config = (change: Partial<StoreConfig> = {}): StoreConfig => ({
  maxVersions: 0,
  casRequired: false,
  deactivateVersionAfter: noDuration,
  ...change,
})

describe('a path', () => {
  test.each([
    ['app/db', true],
    ['A_b.c:d=e@f-g', true],
    ['x'.repeat(255), true],
    ['x'.repeat(256), false],
    ['a b', false],
    ['a~b', false],
    ['é', false],
    ['a%b', false],
  ])('%s can be created: %s', (path, expected) => {
    expect(isOkmsPath(SecretPath.parse(path))).toBe(expected)
  })
})

describe('a duration', () => {
  test.each(['7d1h30m10s', '1d', '86400', '1.5h', '0s'])('%s keeps its text', (text) => {
    expect(okmsDuration().parse(text)).toMatchObject({ text })
  })

  test('is a number of seconds too', () => {
    expect(okmsDuration().parse(parseJson('90'))).toEqual({ seconds: 90, text: '90' })
  })

  test.each(['-1s', 'soon', '1w', '101y'])('%s is refused', (text) => {
    expect(okmsDuration().safeParse(text).success).toBe(false)
  })

  test('that is negative is -1s where it may be', () => {
    expect(okmsSignedDuration().parse('-3h')).toEqual({ seconds: -1, text: '-1s' })
    expect(okmsSignedDuration().parse('3h')).toEqual({ seconds: 10_800, text: '3h' })
  })

  test.each([[true], [null], [new Map()]])('%j is of the wrong type', (value) => {
    expect(okmsDuration().safeParse(value).error?.issues[0]?.code).toBe('invalid_type')
  })
})

describe('warnings', () => {
  const hours = (n: number) => ({ seconds: n * 3600, text: `${n}h` })

  test.each([
    [{ casRequired: false }, config({ casRequired: true }), 1],
    [{ casRequired: false }, config(), 0],
    [{ casRequired: true }, config({ casRequired: true }), 0],
    [{ deactivateVersionAfter: hours(2) }, config({ deactivateVersionAfter: hours(1) }), 1],
    [{ deactivateVersionAfter: hours(1) }, config({ deactivateVersionAfter: hours(1) }), 0],
    [
      { deactivateVersionAfter: hours(2) },
      config({ deactivateVersionAfter: { seconds: -1, text: '-1s' } }),
      0,
    ],
    [{ maxVersions: 3 }, config(), 0],
  ])('%j within %j are %i', (change, store, count) => {
    expect(settingsWarnings(change, store)).toHaveLength(count)
  })

  test('name fields that mean nothing', () => {
    expect(unknownFieldsWarning([])).toEqual([])
    expect(unknownFieldsWarning(['a', 'b'])).toEqual(['unknown fields were ignored: a, b'])
  })
})

test('a name for IAM is visibly local', () => {
  expect(localUrn('id', 'app/db')).toBe('urn:v1:local:resource:okms:id/secret/app/db')
})
