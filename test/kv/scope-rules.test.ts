import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PathPrefix, Scope, fullScope, rights, type Right } from '../../src-main/contract/access'
import { allows } from '../../src-main/kv/scope-rules'

const scope = (prefixes: string[], held: readonly Right[] = ['readData']) =>
  Scope.parse({ prefixes, rights: held })
const right = 'readData'

describe('C-04: a scope', () => {
  test.each([
    // prefixes, mount, path, allowed
    [['secret/prod'], 'secret', 'prod', true],
    [['secret/prod'], 'secret', 'prod/db', true],
    [['secret/prod'], 'secret', 'prod/db/main', true],
    [['secret/prod'], 'secret', 'production', false],
    [['secret/prod'], 'secret', 'dev/prod', false],
    [['secret/prod'], 'kv', 'prod/db', false],
    [['secret/prod'], 'secret', 'Prod/db', false],
    [['secret/prod'], 'secret', 'prod/../dev', true],
    [['secret/prod'], 'secret', '../prod', false],
    [['secret/prod'], 'secret', '/prod', false],
    [['secret'], 'secret', 'anything/at/all', true],
    [['secret'], 'secret2', 'x', false],
    [[''], 'kv', 'x', true],
    [['kv', 'secret/prod'], 'kv', 'x', true],
    // Folders: what is above a prefix may be seen, what is beside it may not.
    [['secret/prod/db'], 'secret', '/', true],
    [['secret/prod/db'], 'secret', 'prod/', true],
    [['secret/prod/db'], 'secret', 'prod/db/', true],
    [['secret/prod/db'], 'secret', 'prod/db/main/', true],
    [['secret/prod/db'], 'secret', 'pro/', false],
    [['secret/prod/db'], 'secret', 'prod/web/', false],
    [['secret/prod/db'], 'kv', '/', false],
  ])('of %j at mount %s, path %s: %s', (prefixes, mount, path, allowed) => {
    expect(allows(scope(prefixes), { right, mount, path })).toBe(allowed)
  })

  test.each([
    [['secret'], 'secret', true],
    [['secret/prod'], 'secret', false],
    [[''], 'secret', true],
  ])('of %j has the whole mount %s: %s', (prefixes, mount, allowed) => {
    expect(allows(scope(prefixes), { right, mount })).toBe(allowed)
  })

  test('of a mount has not the whole vault', () => {
    expect(allows(scope(['secret']), { right })).toBe(false)
    expect(allows(scope(['']), { right })).toBe(true)
  })

  test('allows no right that it does not have, wherever', () => {
    for (const held of rights) {
      for (const asked of rights) {
        const errand = { right: asked, mount: 'secret', path: 'x' }
        expect(allows(scope([''], [held]), errand)).toBe(held === asked)
      }
    }
  })
})

const part = fc.constantFrom('a', 'b', 'ab', '..', '.', 'ä', '%2f', ' ')
const parts = fc.array(part, { minLength: 1, maxLength: 4 })

test('C-04: what a scope allows at a secret, it allows below it, and at every folder above it', () => {
  fc.assert(
    fc.property(parts, parts, part, (prefix, path, child) => {
      const limited = scope([['secret', ...prefix].join('/')])
      const at = (segments: string[], end = '') =>
        allows(limited, { right, mount: 'secret', path: segments.join('/') + end })
      const isBelow = prefix.every((one, index) => path[index] === one)
      expect(at(path)).toBe(isBelow)
      if (!isBelow) return
      expect(at([...path, child])).toBe(true)
      for (let depth = 1; depth < path.length; depth += 1) {
        expect(at(path.slice(0, depth), '/')).toBe(true)
      }
    }),
  )
})

test('the full scope allows everything', () => {
  for (const one of rights) {
    expect(allows(fullScope, { right: one })).toBe(true)
    expect(allows(fullScope, { right: one, mount: 'kv', path: 'x/' })).toBe(true)
  }
})

test.each(['/secret', 'secret/', 'a//b', '/'])('%s is no prefix', (text) => {
  expect(PathPrefix.safeParse(text).success).toBe(false)
})
