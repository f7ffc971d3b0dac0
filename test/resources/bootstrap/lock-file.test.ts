import { describe, expect, test } from 'vitest'
import { isInstalled, scriptsToDecide } from '../../../resources/bootstrap/lock-file.mjs'

const zod = { version: '4.0.0', integrity: 'sha512-zod' }
const forMac = { version: '1.0.0', integrity: 'sha512-mac', optional: true }
const lock = {
  packages: { '': {}, 'node_modules/zod': zod, 'node_modules/for-mac': forMac },
}

describe('installed packages', () => {
  test('are up to date when they are those of the lock file', () => {
    expect(isInstalled(lock, lock)).toBe(true)
  })

  test('may lack optional ones', () => {
    expect(isInstalled(lock, { packages: { 'node_modules/zod': zod } })).toBe(true)
  })

  test.each([
    ['one is missing', {}],
    ['one has another version', { 'node_modules/zod': { ...zod, version: '4.0.1' } }],
    ['one has other content', { 'node_modules/zod': { ...zod, integrity: 'sha512-other' } }],
    ['there is one too many', { 'node_modules/zod': zod, 'node_modules/extra': zod }],
  ])('are stale when %s', (_, packages) => {
    expect(isInstalled(lock, { packages })).toBe(false)
  })
})

describe('install scripts', () => {
  const withScripts = {
    packages: {
      'node_modules/a': { hasInstallScript: true },
      'node_modules/b/node_modules/@scope/c': { hasInstallScript: true },
      'node_modules/d': {},
    },
  }

  test('have to be decided on, nested ones too', () => {
    expect(scriptsToDecide(withScripts, [])).toEqual(['a', '@scope/c'])
  })

  test('that were decided on are no question', () => {
    expect(scriptsToDecide(withScripts, ['a', '@scope/c'])).toEqual([])
  })
})
