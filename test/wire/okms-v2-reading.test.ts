import { describe, expect, test } from 'vitest'
import {
  readOkmsV2Config,
  readOkmsV2Metadata,
  readOkmsV2Row,
  readOkmsV2Version,
} from '../../src-main/wire/okms-v2-reading'

const made = Date.parse('2026-01-02T03:04:05Z')
const wire = { id: 1, state: 'active', createdAt: '2026-01-02T03:04:05Z' } as const
const metadata = { currentVersion: 2, oldestVersion: 1 }

describe('a version', () => {
  test.each([
    [wire, { version: 1, createdAt: made, destroyed: false }, 'active'],
    [
      { ...wire, state: 'deactivated', deactivatedAt: '2026-01-02T03:04:06Z' } as const,
      { version: 1, createdAt: made, deactivatedAt: made + 1000, destroyed: false },
      'deactivated',
    ],
    [
      { ...wire, state: 'deleted', createdAt: '' } as const,
      { version: 1, createdAt: 0, destroyed: true },
      'deleted',
    ],
  ])('%j is read', (version, read, state) => {
    expect(readOkmsV2Version(version)).toEqual({ metadata: read, state })
  })

  test('deactivated without a time is so since it was made', () => {
    const version = readOkmsV2Version({ ...wire, state: 'deactivated', deactivatedAt: null })
    expect(version.metadata.deactivatedAt).toBe(made)
  })

  test('without a number is refused', () => {
    expect(() => readOkmsV2Version({ ...wire, id: 0 })).toThrow(
      expect.objectContaining({ code: 'invalid' }),
    )
  })
})

test('metadata without times and settings has the first of all times, and nothing set', () => {
  const [one, two] = [2, 1].map((id) => readOkmsV2Version({ ...wire, id }).metadata)
  if (one === undefined || two === undefined) throw new Error('no versions')
  const read = readOkmsV2Metadata({ path: 'x', metadata }, [one, two])
  expect(read).toMatchObject({ createdAt: 0, updatedAt: 0, customMetadata: [] })
  expect(read.settings).toMatchObject({ maxVersions: 0, casRequired: false })
  expect(read.versions).toEqual([two, one])
})

test.each([
  [undefined, 0],
  [null, 0],
  ['0s', 0],
  ['1d12h', 129_600],
  ['-5h', -1],
])('a life of %j is %i s', (deactivateVersionAfter, seconds) => {
  const read = readOkmsV2Config({ deactivateVersionAfter })
  expect(read.deactivateVersionAfter.seconds).toBe(seconds)
})

describe('a row of the flat list', () => {
  test('tells what the server tells', () => {
    const updatedAt = '2026-01-02T03:04:05Z'
    expect(readOkmsV2Row({ path: 'a/b', metadata })).toEqual({ path: 'a/b', currentVersion: 2 })
    const row = { path: 'a/b', metadata: { ...metadata, updatedAt }, version: wire }
    expect(readOkmsV2Row(row)).toEqual({
      path: 'a/b',
      currentVersion: 2,
      updatedAt: made,
      state: 'active',
    })
  })

  test('is none when its path can be none here', () => {
    expect(readOkmsV2Row({ path: 'a//b', metadata })).toBeUndefined()
  })
})
