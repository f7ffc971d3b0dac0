import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readProfilesIni } from '../../../src-main/pki/browsers/profiles-ini'

/** As Firefox 153 writes it. */
const written = `[Profile1]
Name=default
IsRelative=1
Path=a0ueo9fk.default
Default=1

[Profile0]
Name=default-esr
IsRelative=1
Path=d1xgdbd2.default-esr

[General]
StartWithLastProfile=1
Version=2

[Install3B6073811A6ABF12]
Default=d1xgdbd2.default-esr
Locked=1
`

const defaultsOf = (profilesIni: string, installsIni?: string) =>
  readProfilesIni(profilesIni, installsIni)
    .filter(({ isDefault }) => isDefault)
    .map(({ path }) => path)

test('profiles are read with their names and places', () => {
  expect(readProfilesIni(written)).toEqual([
    { name: 'default', path: 'a0ueo9fk.default', isRelative: true, isDefault: false },
    { name: 'default-esr', path: 'd1xgdbd2.default-esr', isRelative: true, isDefault: true },
  ])
})

test('the default of an installation wins over the old mark', () => {
  expect(defaultsOf(written)).toEqual(['d1xgdbd2.default-esr'])
  expect(defaultsOf(written.replace(/\[Install[\s\S]*/, ''))).toEqual(['a0ueo9fk.default'])
})

test('installs.ini names defaults too, one for each installation', () => {
  const installs = '[AAAA]\nDefault=a0ueo9fk.default\n\n[BBBB]\nDefault=d1xgdbd2.default-esr\n'
  expect(defaultsOf(written, installs)).toEqual(['a0ueo9fk.default', 'd1xgdbd2.default-esr'])
})

test('lines of Windows, comments and text before the first section do no harm', () => {
  const text = 'Path=nowhere\r\n; Path=comment\r\n[Profile0]\r\n#Name=x\r\nPath=p=q\r\n'
  expect(readProfilesIni(text)).toEqual([
    { name: 'p=q', path: 'p=q', isRelative: false, isDefault: false },
  ])
})

test('a profile without a path is none', () => {
  expect(readProfilesIni('[Profile0]\nName=a\n\n[Profile1]\nPath=\n')).toEqual([])
})

test('names of the prototype are settings like others', () => {
  const text = '[__proto__]\nPath=x\n[Profile0]\n__proto__=y\nconstructor=z\nPath=p\n'
  expect(readProfilesIni(text).map(({ path }) => path)).toEqual(['p'])
})

test('no more than 64 profiles are read', () => {
  const text = Array.from({ length: 1000 }, (_, n) => `[Profile${n}]\nPath=p${n}\n`).join('')
  expect(readProfilesIni(text)).toHaveLength(64)
})

test('any text is read without failing', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(readProfilesIni(`[Profile0]\n${a}\n[Install]\n${b}`).length).toBeLessThanOrEqual(64)
    }),
  )
})
