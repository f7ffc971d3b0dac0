import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { checkPlace, placeFile } from '../../src-main/cli/private-file'
import { temporaryFolder } from '../vault/new-vault'

let folder: string
let file: string

beforeEach(() => {
  folder = temporaryFolder()
  file = join(folder, 'file')
})

const place = (name: string, mayReplace = false) =>
  placeFile(name, Buffer.from('new'), { unique: 'unique', mayReplace })

test('a place is free, or is taken by what may be replaced', () => {
  checkPlace(file, { mayReplace: false })
  writeFileSync(file, 'old')
  checkPlace(file, { mayReplace: true })
  symlinkSync('/nowhere', join(folder, 'link'))
  checkPlace(join(folder, 'link'), { mayReplace: true })
})

test.each([
  ['a file', () => writeFileSync(file, 'old'), false, 'exists'],
  ['a link that leads nowhere', () => symlinkSync('/nowhere', file), false, 'exists'],
  ['a folder', () => mkdirSync(file), true, 'exists'],
  ['a device', () => (file = '/dev/null'), true, 'exists'],
  ['a link to a device', () => symlinkSync('/dev/null', file), true, 'exists'],
  ['a folder that is not there', () => (file = join(folder, 'no', 'file')), true, 'not_found'],
  ['a path through a file', () => (file = '/dev/null/file'), true, 'not_found'],
  ['too long a name', () => (file = join(folder, 'x'.repeat(256))), true, 'storage'],
])('nothing is written over %s, nor left beside it', (_, prepare, mayReplace, code) => {
  prepare()
  const before = readdirSync(folder)
  const failure = expect.objectContaining({ code, message: expect.stringContaining(file) })
  expect(() => checkPlace(file, { mayReplace })).toThrow(failure)
  expect(() => place(file, mayReplace)).toThrow(failure)
  expect(readdirSync(folder)).toEqual(before)
})

test('a file is replaced as a whole when that is allowed', () => {
  writeFileSync(file, 'older and longer')
  place(file, true)
  expect(readFileSync(file, 'utf8')).toBe('new')
  expect(readdirSync(folder)).toEqual(['file'])
})

test('a folder is not offered to be replaced', () => {
  mkdirSync(file)
  expect(() => place(file)).toThrow(/is no file to be replaced/)
})
