import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { changedFiles, fingerprintOf, nameOf } from '../../../resources/bootstrap/fingerprint.mjs'

const inputs = ['src', 'package.json', 'not-there']
let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'coffret-fingerprint-'))
  mkdirSync(join(root, 'src/deep'), { recursive: true })
  writeFileSync(join(root, 'src/deep/a.ts'), 'a')
  writeFileSync(join(root, 'src/b.ts'), 'b')
  writeFileSync(join(root, 'package.json'), '{}')
})

afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

test('every file below the inputs counts, and what is missing does not', () => {
  expect(Object.keys(fingerprintOf(root, inputs))).toEqual([
    'package.json',
    'src/b.ts',
    'src/deep/a.ts',
  ])
})

test('writing the same content again changes nothing', () => {
  const before = fingerprintOf(root, inputs)
  writeFileSync(join(root, 'src/b.ts'), 'b')
  expect(changedFiles(before, fingerprintOf(root, inputs))).toEqual([])
})

test('changed, added and removed files are found', () => {
  const before = fingerprintOf(root, inputs)
  writeFileSync(join(root, 'src/b.ts'), 'other')
  writeFileSync(join(root, 'src/c.ts'), 'c')
  rmSync(join(root, 'src/deep/a.ts'))
  const after = fingerprintOf(root, inputs)
  expect(changedFiles(before, after)).toEqual(['src/b.ts', 'src/c.ts', 'src/deep/a.ts'])
})

test('with no fingerprint from before, all files changed', () => {
  expect(changedFiles({}, fingerprintOf(root, inputs))).toHaveLength(3)
})

test('the name depends on the content and not on the order', () => {
  expect(nameOf({ a: '1', b: '2' })).toBe(nameOf({ b: '2', a: '1' }))
  expect(nameOf({ a: '1', b: '2' })).not.toBe(nameOf({ a: '1', b: '3' }))
  expect(nameOf({ a: '1' })).toMatch(/^[0-9a-f]{16}$/)
})
