import { describe, expect, test } from 'vitest'
import { SecretData, SecretPath, type SecretMetadata } from '../../src-main/contract/model'
import { CoffretError } from '../../src-main/contract/errors'
import { okmsWrite } from '../../src-main/http/okms-writing'
import type { SecretStore } from '../../src-main/kv/secret-store'

/** A store with one secret that has so many versions; it notes what is written. */
function storeAt(currentVersion: number | undefined, written: unknown[] = []) {
  return {
    readMetadata: async () => {
      if (currentVersion === undefined) throw new CoffretError('not_found', 'nothing')
      return { currentVersion } as SecretMetadata
    },
    write: async (path: unknown) => written.push(path),
  } as unknown as SecretStore
}

const data = SecretData.parse('{}')
const path = SecretPath.parse('app/db')
const odd = SecretPath.parse('café noir')
const failing = (code: string) => expect.objectContaining({ code })

describe('a write through the OKMS APIs', () => {
  test.each([
    [23_999, true],
    [24_000, false],
  ])('of data onto version %i: %s', async (current, isTaken) => {
    const work = okmsWrite(storeAt(current), path, { mode: 'upsert', data })
    await (isTaken
      ? expect(work).resolves.toBeDefined()
      : expect(work).rejects.toThrow(failing('invalid')))
  })

  test('of settings does not mind the number of versions', async () => {
    const request = { mode: 'update', settings: { casRequired: true } } as const
    await expect(okmsWrite(storeAt(24_000), path, request)).resolves.toBeDefined()
  })

  test('makes no path outside the alphabet, and leaves one that is there', async () => {
    const written: unknown[] = []
    const request = { mode: 'upsert', data } as const
    await expect(okmsWrite(storeAt(undefined, written), odd, request)).rejects.toThrow(
      failing('invalid'),
    )
    expect(written).toEqual([])
    await okmsWrite(storeAt(1, written), odd, request)
    expect(written).toEqual([odd])
  })

  test('passes on what is not "not there"', async () => {
    const store = {
      readMetadata: async () => {
        throw new CoffretError('corrupt', 'damaged')
      },
    } as unknown as SecretStore
    await expect(okmsWrite(store, path, { mode: 'upsert', data })).rejects.toThrow(
      failing('corrupt'),
    )
  })
})
