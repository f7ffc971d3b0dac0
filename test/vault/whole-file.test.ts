import {
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { systemRandom } from '../../src-main/env'
import {
  bringToPlace,
  discardFile,
  newFileBeside,
  unfinishedPrefix,
} from '../../src-main/vault/whole-file'
import { temporaryFolder } from './new-vault'
import { traced } from './tracing'
import { vaultWithBackups } from './with-backups'

const failing = (code: string) => expect.objectContaining({ code })

describe('V-14: an unfinished file', () => {
  test.each([0o000, 0o022])('lies beside its place, 0600 with umask %o', (umask) => {
    const old = process.umask(umask)
    try {
      const place = join(temporaryFolder(), 'x.coffret')
      const file = newFileBeside(place, systemRandom)
      expect(dirname(file)).toBe(dirname(place))
      expect(lstatSync(file).mode & 0o777).toBe(0o600)
    } finally {
      process.umask(old)
    }
  })

  test('never follows a link at its name', () => {
    const folder = temporaryFolder()
    const known = (length: number) => new Uint8Array(length)
    symlinkSync(join(folder, 'elsewhere'), join(folder, `${unfinishedPrefix}0000000000000000`))
    expect(() => newFileBeside(join(folder, 'x'), known)).toThrow(failing('exists'))
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false)
  })

  test('goes with its journal when it is given up, and nothing happens where none is', () => {
    const file = newFileBeside(join(temporaryFolder(), 'x'), systemRandom)
    writeFileSync(`${file}-journal`, '')
    discardFile(file)
    discardFile(file)
    expect(readdirSync(dirname(file))).toEqual([])
  })
})

describe('a finished file', () => {
  test('is at its place as it was written', () => {
    const place = join(temporaryFolder(), 'x.coffret')
    const file = newFileBeside(place, systemRandom)
    writeFileSync(file, 'whole')
    bringToPlace(file, place)
    expect(readFileSync(place, 'utf8')).toBe('whole')
    expect(readdirSync(dirname(place))).toEqual([basename(place)])
  })

  test.each(['file', 'link'])('replaces no %s that is there', (kind) => {
    const folder = temporaryFolder()
    const place = join(folder, 'x.coffret')
    if (kind === 'file') writeFileSync(place, 'there')
    else symlinkSync(join(folder, 'elsewhere'), place)
    const file = newFileBeside(place, systemRandom)
    expect(() => bringToPlace(file, place)).toThrow(failing('exists'))
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false)
    if (kind === 'file') expect(readFileSync(place, 'utf8')).toBe('there')
  })
})

test('V-13: a backup is synced before it gets its name, and its folder afterwards', async () => {
  const { vault, plan } = await vaultWithBackups()
  const calls = ['-e', 'trace=fsync,fdatasync,rename,renameat,renameat2']
  const { trace } = await traced(process.pid, calls, () => vault.backups.make())
  const folder = join(plan.folder, vault.id)
  const ours = trace.filter((line) => line.includes(folder) && !line.includes('-journal'))
  const renamed = ours.findIndex((line) => line.startsWith('rename'))
  expect(ours[renamed]).toContain(unfinishedPrefix)
  expect(ours[renamed - 1]).toMatch(new RegExp(`^f(data)?sync.*${unfinishedPrefix}`))
  expect(ours[renamed + 1]).toContain(`<${folder}>`)
  expect(ours[renamed + 1]).toMatch(/^fsync/)
})
