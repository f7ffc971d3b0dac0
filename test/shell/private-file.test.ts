import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { systemRandom } from '../../src-main/env'
import { privateFiles } from '../../src-main/shell/private-file'
import { temporaryFolder } from '../vault/new-vault'

const files = privateFiles(systemRandom)
const bytes = new Uint8Array([1, 2, 3])
const failing = (code: string) => expect.objectContaining({ code })

describe('a private file', () => {
  test('is whole, its owner’s alone whatever the umask, and leaves nothing beside it', async () => {
    const folder = temporaryFolder()
    const before = process.umask(0)
    try {
      await files.write(join(folder, 'a.p12'), bytes, { mayReplace: false })
    } finally {
      process.umask(before)
    }
    expect(readdirSync(folder)).toEqual(['a.p12'])
    expect([...readFileSync(join(folder, 'a.p12'))]).toEqual([1, 2, 3])
    expect(statSync(join(folder, 'a.p12')).mode & 0o777).toBe(0o600)
  })

  test('replaces another where the person said so, with its own mode', async () => {
    const file = join(temporaryFolder(), 'a.p12')
    writeFileSync(file, 'old')
    chmodSync(file, 0o644)
    await files.write(file, bytes, { mayReplace: true })
    expect([...readFileSync(file)]).toEqual([1, 2, 3])
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('replaces nothing otherwise', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'a.p12')
    writeFileSync(file, 'old')
    const written = files.write(file, bytes, { mayReplace: false })
    await expect(written).rejects.toThrow(failing('exists'))
    expect(readFileSync(file, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['a.p12'])
  })

  test('does not come into a folder that is not there, nor over a folder', async () => {
    const folder = temporaryFolder()
    const nowhere = files.write(join(folder, 'no', 'a'), bytes, { mayReplace: true })
    await expect(nowhere).rejects.toThrow(failing('not_found'))
    mkdirSync(join(folder, 'b'))
    const over = files.write(join(folder, 'b'), bytes, { mayReplace: true })
    await expect(over).rejects.toThrow(failing('exists'))
    expect(readdirSync(folder)).toEqual(['b'])
  })
})

describe('a new folder', () => {
  test('is its owner’s alone whatever the umask', async () => {
    const folder = join(temporaryFolder(), 'new')
    const before = process.umask(0)
    try {
      await files.newFolder(folder)
    } finally {
      process.umask(before)
    }
    expect(statSync(folder).mode & 0o777).toBe(0o700)
  })

  test('is where nothing is yet, in a folder that is there', async () => {
    const folder = temporaryFolder()
    await expect(files.newFolder(folder)).rejects.toThrow(failing('exists'))
    await expect(files.newFolder(join(folder, 'a', 'b'))).rejects.toThrow(failing('not_found'))
  })
})

describe('a file that is to be deleted', () => {
  const place = (content: Uint8Array | string) => {
    const file = join(temporaryFolder(), 'key.pem')
    writeFileSync(file, content)
    return file
  }

  test('goes where it holds exactly the bytes', async () => {
    const file = place(bytes)
    expect(await files.removeIfSame(file, bytes)).toBe('removed')
    expect(existsSync(file)).toBe(false)
    expect(await files.removeIfSame(file, bytes)).toBe('missing')
  })

  test.each([
    ['other bytes', new Uint8Array([1, 2, 4])],
    ['more', new Uint8Array([1, 2, 3, 4])],
    ['less', new Uint8Array([1, 2])],
  ])('stays where it holds %s', async (_, content) => {
    const file = place(content)
    expect(await files.removeIfSame(file, bytes)).toBe('changed')
    expect(existsSync(file)).toBe(true)
  })

  test('stays where it is a link, or a folder', async () => {
    const file = place(bytes)
    symlinkSync(file, `${file}-link`)
    expect(await files.removeIfSame(`${file}-link`, bytes)).toBe('changed')
    mkdirSync(`${file}-folder`)
    expect(await files.removeIfSame(`${file}-folder`, bytes)).toBe('changed')
    expect(existsSync(file)).toBe(true)
  })
})
