import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson, stringifyJson, type JsonObject } from '../../src-main/contract/json'
import { mergePatch } from '../../src-main/kv/merge-patch'
import vectors from '../vectors/merge-patch.json'

const object = (text: string) => parseJson(text) as JsonObject
const merge = (target: string, patch: string) =>
  stringifyJson(mergePatch(object(target), object(patch)))

test.each(vectors)('$name: $target and $patch give $result', ({ target, patch, result }) => {
  expect(merge(target, patch)).toBe(result)
})

test('keeps number text, and the order of keys that look like indexes', () => {
  expect(merge('{"b":1.0,"2":9007199254740993}', '{"1":1e30}')).toBe(
    '{"b":1.0,"2":9007199254740993,"1":1e30}',
  )
})

test('treats __proto__ and constructor as keys like any other', () => {
  const merged = merge('{}', '{"__proto__":{"polluted":1},"constructor":{"prototype":{"p":1}}}')
  expect(merged).toBe('{"__proto__":{"polluted":1},"constructor":{"prototype":{"p":1}}}')
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('leaves the target as it was', () => {
  const target = object('{"a":{"b":1}}')
  mergePatch(target, object('{"a":{"b":null}}'))
  expect(stringifyJson(target)).toBe('{"a":{"b":1}}')
})

/** RFC 7396 §2 word by word, on plain values without arrays that hold objects. */
function reference(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const isObject = typeof target === 'object' && target !== null && !Array.isArray(target)
  const result = new Map<string, unknown>(isObject ? Object.entries(target) : [])
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key)
    else result.set(key, reference(result.get(key), value))
  }
  return Object.fromEntries(result)
}

const { tree } = fc.letrec((tie) => ({
  tree: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('node'), { maxKeys: 4 }),
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.array(fc.oneof(fc.constant(null), fc.nat(9))),
    tie('tree'),
  ),
}))

test('agrees with RFC 7396 on every pair of objects', () => {
  fc.assert(
    fc.property(tree, tree, (target, patch) => {
      const merged = merge(JSON.stringify(target), JSON.stringify(patch))
      expect(JSON.parse(merged)).toEqual(JSON.parse(JSON.stringify(reference(target, patch))))
    }),
    { numRuns: 500 },
  )
})
