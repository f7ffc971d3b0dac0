import { describe, expect, test } from 'vitest'
import { parseJson } from '../../src-main/contract/json'
import { SecretData } from '../../src-main/contract/model'
import { fit } from '../../src-main/wire/json-shape'
import { configChangeOf, creationOf, newVersionOf, updateOf } from '../../src-main/wire/okms-v2'
import { ConfigChange, NewSecret, SecretChange } from '../../src-main/wire/okms-v2-inputs'
import { okmsCentral, okmsV2 } from '../../src-main/wire/okms-v2-operations'
import { stateInput, stateWord } from '../../src-main/wire/okms-v2-shapes'
import type { Operation } from '../../src-main/wire/operation'
import { okmsDescription, problemsWith } from '../http/okms-description'

const operations: readonly Operation[] = Object.values(okmsV2)
const central: readonly Operation[] = Object.values(okmsCentral)
const described = Object.entries(okmsDescription.paths).filter(([path]) => path.includes('/v2/'))
const parse = (text: string) => parseJson(text)

describe('the declarations', () => {
  test('are the routes of the description, no more and no less', () => {
    const wanted = described.flatMap(([path, verbs]) =>
      Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path}`),
    )
    expect(operations.map(({ methods, path }) => `${methods[0]} ${path}`).sort()).toEqual(
      wanted.sort(),
    )
  })

  test('have one synonym, the one that a guide prints (L45)', () => {
    const more = operations.filter(({ methods }) => methods.length > 1)
    expect(more.map(({ id, methods }) => [id, methods])).toEqual([
      ['okms.v2.versions.create', ['POST', 'PUT']],
    ])
  })

  test('are the same under the prefix of the central API', () => {
    const moved = central.map(({ id, methods, path }) => ({ id, methods, path }))
    expect(moved).toEqual(
      operations.map(({ id, methods, path }) => ({
        id: id.replace('okms.v2', 'okms.central'),
        methods,
        path: path.replace('/api/{okmsId}/v2', '/v2/okms/resource/{okmsId}'),
      })),
    )
  })

  test('take the query parameters and headers that the description names', () => {
    const namesOf = (operation: Operation) =>
      [...Object.keys(operation.query.shape), ...Object.keys(operation.headers.shape)].sort()
    const taken = operations.filter((one) => namesOf(one).length > 0)
    expect(Object.fromEntries(taken.map((one) => [one.id, namesOf(one)]))).toEqual({
      'okms.v2.secrets.list': ['x-pagination-cursor', 'x-pagination-size'],
      'okms.v2.secrets.read': ['includeData', 'version'],
      'okms.v2.secrets.update': ['cas'],
      'okms.v2.versions.list': ['x-pagination-cursor', 'x-pagination-size'],
      'okms.v2.versions.create': ['cas'],
      'okms.v2.versions.read': ['includeData'],
    })
  })
})

describe('the examples of the description', () => {
  const create =
    '{"path":"app/db","metadata":{"casRequired":true,"maxVersions":5,' +
    '"deactivateVersionAfter":"30d","customMetadata":{"owner":"team-a"}},' +
    '"version":{"data":{"user":"svc","password":"x7"}}}'

  test('are read as a creation', () => {
    expect(problemsWith('/components/schemas/PostSecretV2Request', JSON.parse(create))).toEqual([])
    const fields = NewSecret.parse(fit(NewSecret, parse(create)))
    expect(fields.path).toBe('app/db')
    expect(creationOf(fields)).toEqual({
      mode: 'create',
      data: SecretData.parse('{"user":"svc","password":"x7"}'),
      settings: {
        casRequired: true,
        maxVersions: 5,
        deactivateVersionAfter: { seconds: 2_592_000, text: '30d' },
        customMetadata: [['owner', 'team-a']],
      },
    })
  })

  test('are read as an update', () => {
    const text =
      '{"metadata":{"customMetadata":{"owner":"team-b"}},"version":{"data":{"password":"z9"}}}'
    const fields = SecretChange.parse(fit(SecretChange, parse(text)))
    expect(updateOf(fields, 3)).toEqual({
      mode: 'update',
      casGuards: 'settings',
      cas: 3,
      data: SecretData.parse('{"password":"z9"}'),
      settings: { customMetadata: [['owner', 'team-b']] },
    })
  })
})

describe('a change', () => {
  const change = (text: string) => SecretChange.parse(fit(SecretChange, parse(text)))
  const invalid = expect.objectContaining({ code: 'invalid' })

  test('of a known setting that is null is a change of nothing, not no change (L21)', () => {
    expect(updateOf(change('{"metadata":{"maxVersions":null}}'), undefined).settings).toEqual({})
    expect(() => updateOf(change('{"metadata":{"max":1}}'), undefined)).toThrow(invalid)
    expect(() => configChangeOf(ConfigChange.parse({ max: 1 }))).toThrow(invalid)
    expect(configChangeOf(ConfigChange.parse({ maxVersions: null }))).toEqual({})
  })

  test('of data keeps the text of numbers and a key named __proto__', () => {
    const text = '{"version":{"data":{"n":1.0,"__proto__":{"a":1e2}}}}'
    expect(updateOf(change(text), undefined).data).toBe('{"n":1.0,"__proto__":{"a":1e2}}')
  })

  test('carries cas only when it was given', () => {
    expect(newVersionOf(new Map(), undefined)).toEqual({ mode: 'update', data: '{}' })
    expect(newVersionOf(new Map(), 0)).toEqual({ mode: 'update', data: '{}', cas: 0 })
  })
})

test.each([
  ['lower', 'active', 'active', 'active'],
  ['lower', 'ACTIVE', undefined, 'active'],
  ['upper', 'ACTIVE', 'active', 'ACTIVE'],
  ['upper', 'Active', 'active', 'ACTIVE'],
  ['upper', 'active', 'active', 'ACTIVE'],
  ['upper', 'gone', undefined, undefined],
] as const)('states in %s case: %s is read as %s', (spelling, word, state, written) => {
  expect(stateInput(spelling).safeParse(word).data).toBe(state)
  if (state !== undefined) expect(stateWord(state, spelling)).toBe(written)
})
