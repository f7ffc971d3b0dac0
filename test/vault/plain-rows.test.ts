import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NameRow } from '../../src-main/vault/names'
import { isPlainNameRow, isPlainSecret } from '../../src-main/vault/plain-rows'
import { StoredSecret } from '../../src-main/vault/secret-records'

const id = '0123456789abcdef0123456789abcdef'
const folder = { kind: 'folder', name: 'team', id }
const secret = {
  ...{ kind: 'secret', name: 'a', id, metadataTag: id, currentVersion: 2, updatedAt: 5 },
  ...{ destroyed: false, keys: ['user', 'password'], customMetadata: [['owner', 'me']] },
}
const stored = {
  ...{ createdAt: 1, updatedAt: 2, currentVersion: 2, oldestVersion: 1 },
  settings: {
    ...{ maxVersions: 5, casRequired: false },
    deactivateVersionAfter: { seconds: 0, text: '0s' },
  },
  customMetadata: [['owner', 'me']],
  versions: [
    [1, 1, 3, true],
    [2, 2, null, false],
  ],
}

const timed = { ...stored, customMetadataTimes: [['owner', 7]] }

test('what the file holds most of is known at a glance', () => {
  const deactivated = { ...secret, deactivatedAt: 9 }
  for (const row of [folder, secret, deactivated]) expect(isPlainNameRow(row)).toBe(true)
  for (const one of [stored, timed]) expect(isPlainSecret(one)).toBe(true)
})

test('what is rare, or none, is left to the schema', () => {
  const binned = { ...secret, binned: { path: 'a', at: 1 } }
  for (const row of [binned, { ...folder, more: 1 }, null, [], 'a']) {
    expect(isPlainNameRow(row)).toBe(false)
  }
  expect(isPlainSecret({ ...stored, customMetadataTimes: [['owner', 1.5]] })).toBe(false)
  expect(isPlainSecret({ ...stored, versions: [[0, 1, null, false]] })).toBe(false)
  expect(isPlainSecret({ ...stored, versions: [[4_294_967_296, 1, null, false]] })).toBe(false)
})

/** Anything that JSON can say, and what a bug or an attacker would make of a good value. */
const oddity = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(-1, 0, 1.5, 2 ** 53, '', id, id.toUpperCase(), [], {}, null, true, undefined),
)

/** The value with one of its parts, at any depth, exchanged, removed or added to. */
function spoilt(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null) return oddity
  const isList = Array.isArray(value)
  const changed = Object.entries(value).map(([key, part]) =>
    spoilt(part).map((other) =>
      isList
        ? value.map((item: unknown, at) => (String(at) === key ? other : item))
        : { ...value, [key]: other },
    ),
  )
  const removed = Object.keys(value).map((key) =>
    fc.constant(
      isList
        ? value.filter((_, at) => String(at) !== key)
        : Object.fromEntries(Object.entries(value).filter(([one]) => one !== key)),
    ),
  )
  const added = oddity.map((other) =>
    isList ? [...(value as unknown[]), other] : { ...value, more: other },
  )
  return fc.oneof(oddity, added, ...changed, ...removed)
}

test.each([
  ['name row', isPlainNameRow, NameRow, [folder, secret]],
  ['secret', isPlainSecret, StoredSecret, [stored, timed]],
] as const)('a %s that is plain is what the schema makes of it', (_name, isPlain, schema, good) => {
  let plain = 0
  fc.assert(
    fc.property(fc.oneof(...good.map(spoilt)), (made) => {
      const value: unknown = JSON.parse(JSON.stringify(made) ?? 'null')
      if (!isPlain(value)) return
      plain += 1
      expect(schema.parse(value)).toEqual(value)
    }),
    { numRuns: 5000 },
  )
  expect(plain).toBeGreaterThan(0)
})
