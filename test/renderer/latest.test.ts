import { expect, test } from 'vitest'
import { Latest } from '../../src-renderer/state/latest'

test('only the question that was asked last is still the last', () => {
  const latest = new Latest()
  const first = latest.ask()
  expect(first()).toBe(true)
  const second = latest.ask()
  expect([first(), second()]).toEqual([false, true])
})

test('a question about another thing does not make one late', () => {
  const latest = new Latest()
  const first = latest.ask('a')
  const other = latest.ask('b')
  expect([first(), other()]).toEqual([true, true])
})
