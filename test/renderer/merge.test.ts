import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson, stringifyJson, type JsonObject } from '../../src-main/contract/json'
import { Conflict } from '../../src-renderer/state/conflict.svelte'
import { merged, mergeLines, type Side } from '../../src-renderer/state/merge'
import { anyData } from './arbitrary-json'

const data = (text: string) => parseJson(text) as JsonObject
const base = data('{"login":"admin","password":"one","host":"a","old":1}')

function conflictOf(theirs: string, mine: string): Conflict {
  return new Conflict(
    { version: 1, data: base },
    { version: 2, data: data(theirs), state: 'active' },
    data(mine),
  )
}

describe('lines', () => {
  test('only keys on which both sides do not agree', () => {
    const lines = mergeLines(
      base,
      data('{"login":"root","password":"two","host":"a","old":1}'),
      data('{"login":"admin","password":"two","host":"a","old":1}'),
    )
    expect(lines.map(({ key }) => key)).toEqual(['login'])
  })

  test.each<[string, string, string, Side, boolean]>([
    ['they changed it', '"x"', '"one"', 'theirs', false],
    ['I changed it', '"one"', '"x"', 'mine', false],
    ['both changed it', '"x"', '"y"', 'mine', true],
  ])('%s', (_, theirs, mine, proposed, isConflict) => {
    const [line] = mergeLines(base, data(`{"password":${theirs}}`), data(`{"password":${mine}}`))
    expect(line).toMatchObject({ key: 'password', proposed, isConflict })
  })

  test('a removal is a change like any other', () => {
    const [line] = mergeLines(base, data('{}'), data('{"old":1}'))
    expect(line).toMatchObject({ key: 'old', proposed: 'theirs', isConflict: false })
    expect(line?.theirs).toBeUndefined()
    const [both] = mergeLines(base, data('{}'), data('{"old":2}'))
    expect(both).toMatchObject({ proposed: 'mine', isConflict: true })
  })
})

describe('a conflict', () => {
  test('proposes what each side changed alone, and keeps their order', () => {
    const conflict = conflictOf(
      '{"host":"a","login":"root","password":"one","old":1}',
      '{"login":"admin","password":"mine","host":"a","added":true}',
    )
    expect(stringifyJson(conflict.result)).toBe(
      '{"host":"a","login":"root","password":"mine","added":true}',
    )
  })

  test('takes what is chosen', () => {
    const conflict = conflictOf('{"password":"theirs"}', '{"password":"mine"}')
    expect(conflict.sideOf('password')).toBe('mine')
    conflict.take('password', 'theirs')
    expect(conflict.sideOf('password')).toBe('theirs')
    expect(stringifyJson(conflict.result)).toBe('{"password":"theirs"}')
    expect(conflict.theirVersion).toBe(2)
  })
})

describe('whatever was changed', () => {
  const sidesOf = (a: JsonObject, b: JsonObject, side: Side) =>
    new Map([...a.keys(), ...b.keys()].map((key) => [key, side]))

  test('all of one side is that side', () => {
    fc.assert(
      fc.property(anyData, anyData, (theirs, mine) => {
        const one = merged(theirs, mine, sidesOf(theirs, mine, 'theirs'))
        expect(stringifyJson(one)).toBe(stringifyJson(theirs))
        expect(
          mergeLines(theirs, merged(theirs, mine, sidesOf(theirs, mine, 'mine')), mine),
        ).toEqual([])
      }),
    )
  })

  test('nobody changed means the other side is proposed', () => {
    fc.assert(
      fc.property(anyData, anyData, (one, other) => {
        expect(mergeLines(one, other, one).every(({ proposed }) => proposed === 'theirs')).toBe(
          true,
        )
        expect(mergeLines(one, one, other).every(({ proposed }) => proposed === 'mine')).toBe(true)
        expect(mergeLines(one, other, one).some(({ isConflict }) => isConflict)).toBe(false)
      }),
    )
  })
})
