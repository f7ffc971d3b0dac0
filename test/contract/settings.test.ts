import { describe, expect, test } from 'vitest'
import { defaultBackupSettings } from '../../src-main/contract/backup-settings'
import { defaultLocalApiSettings } from '../../src-main/contract/local-api-settings'
import { StoredSettings, defaultPreferences } from '../../src-main/contract/settings'

const vault = { id: '6f6ee0b4-97e9-4b0c-8b5f-3a1e2d4c5b6a', file: '/a/mine.coffret' }
const window = { x: 1, y: 2, width: 3, height: 4, isMaximized: false }
const preferences = { ...defaultPreferences, theme: 'dark', lockAfterMinutes: 5 }
const backups = { ...defaultBackupSettings, folder: '/b', last: 3, isOn: false }
const localApi = { isOn: true, vault: vault.id, port: 9250, socket: '/run/x.sock' }
const expiryWarnings = [{ id: vault.id, endsAt: 1_700_000_000_000, withinDays: 7 }]
const whole = { preferences, vaults: [vault], window, backups, localApi, expiryWarnings }
const nothing = {
  preferences: defaultPreferences,
  vaults: [],
  window: undefined,
  backups: defaultBackupSettings,
  localApi: defaultLocalApiSettings,
  expiryWarnings: [],
}

test('settings are read as they were written', () => {
  expect(StoredSettings.parse(whole)).toEqual(whole)
})

describe('damaged settings fall back, and only where they are damaged', () => {
  test.each([
    ['nothing', undefined, nothing],
    ['a list', [], nothing],
    ['a text', 'x', nothing],
    ['an empty object', {}, nothing],
    [
      'a window of no size',
      { ...whole, window: { ...window, width: 0 } },
      { ...whole, window: undefined },
    ],
    ['a vault without id', { ...whole, vaults: [{ file: 'a' }, vault] }, whole],
    ['vaults that are no list', { ...whole, vaults: {} }, { ...whole, vaults: [] }],
    [
      'one preference',
      { ...whole, preferences: { ...preferences, theme: 'pink' } },
      { ...whole, preferences: { ...preferences, theme: 'system' } },
    ],
    [
      'a preference too large',
      { ...whole, preferences: { ...preferences, lockAfterMinutes: 1e9 } },
      { ...whole, preferences: { ...preferences, lockAfterMinutes: 15 } },
    ],
    [
      'a number of backups that keeps none',
      { ...whole, backups: { ...backups, last: 0 } },
      { ...whole, backups: { ...backups, last: 10 } },
    ],
    [
      'backups that are no object',
      { ...whole, backups: 3 },
      { ...whole, backups: nothing.backups },
    ],
    [
      'a local API at no port, for no vault, behind a relative path',
      { ...whole, localApi: { isOn: true, vault: 'x', port: 65_536, socket: 'x.sock' } },
      { ...whole, localApi: { isOn: true, vault: undefined, port: 8250, socket: undefined } },
    ],
    [
      'a local API that is no object',
      { ...whole, localApi: true },
      { ...whole, localApi: nothing.localApi },
    ],
    [
      'a warning for days that nobody is warned of',
      { ...whole, expiryWarnings: [{ ...expiryWarnings[0], withinDays: 2 }] },
      { ...whole, expiryWarnings: [] },
    ],
    [
      'settings of a later version',
      { ...whole, later: 1, preferences: { ...preferences, later: 1 } },
      whole,
    ],
  ])('%s', (_, stored, read) => {
    expect(StoredSettings.parse(stored)).toEqual(read)
  })
})
