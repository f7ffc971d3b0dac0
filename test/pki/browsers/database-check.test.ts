import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { systemHome } from '../../../src-main/pki/browsers/home'
import { checkDatabase } from '../../../src-main/pki/browsers/database-check'
import { homeWithFirefox } from './nss-home'

const damaged = expect.objectContaining({ code: 'corrupt', field: 'store' })
const closed = expect.objectContaining({ code: 'not_writable', field: 'store' })
const home = systemHome()

test('a database that NSS made is good', () => {
  const { database } = homeWithFirefox('')
  expect(() => checkDatabase(home, database)).not.toThrow()
})

describe.each(['cert9.db', 'key4.db'])('%s', (name) => {
  test.each<[string, (file: string) => void]>([
    ['is empty', (file) => truncateSync(file)],
    ['ends within its header', (file) => truncateSync(file, 99)],
    ['lost a byte at its end', (file) => truncateSync(file, readFileSync(file).length - 1)],
    ['begins as something else', (file) => writeFileSync(file, readFileSync(file).fill(0, 0, 16))],
  ])('that %s is damaged', (_, damage) => {
    const { database } = homeWithFirefox('')
    damage(join(database, name))
    expect(() => checkDatabase(home, database)).toThrow(damaged)
  })

  test('that is longer than it says is good: a browser may be writing', () => {
    const { database } = homeWithFirefox('')
    const file = join(database, name)
    writeFileSync(file, Buffer.concat([readFileSync(file), new Uint8Array(4096)]))
    expect(() => checkDatabase(home, database)).not.toThrow()
  })

  test('that cannot be written is not tried', () => {
    const { database } = homeWithFirefox('')
    const canWrite = (path: string) => path !== join(database, name)
    expect(() => checkDatabase({ ...home, canWrite }, database)).toThrow(closed)
  })
})

test('a folder that cannot be written is not tried: NSS makes journals there', () => {
  const { database } = homeWithFirefox('')
  const canWrite = (path: string) => path !== database
  expect(() => checkDatabase({ ...home, canWrite }, database)).toThrow(closed)
})

test('what is not there cannot be written', () => {
  expect(home.canWrite('/nowhere/cert9.db')).toBe(false)
  expect(home.beginning('/nowhere/cert9.db', 100)).toBeUndefined()
})
