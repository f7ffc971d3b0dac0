import { describe, expect, test } from 'vitest'
import { SettingsForm } from '../../src-renderer/state/settings-form.svelte'

function formWith(...pairs: [string, string][]): SettingsForm {
  const form = new SettingsForm()
  for (const [key, value] of pairs) form.add(key, value)
  return form
}

test('untouched, it is empty and valid, and takes what the mount says', () => {
  const form = new SettingsForm()
  expect([form.isEmpty, form.isValid]).toEqual([true, true])
  expect(form.input()).toEqual({
    maxVersions: 0,
    casRequired: false,
    deactivateVersionAfter: '0s',
    customMetadata: [],
  })
})

test.each(['', '0', '10', ' 5 ', '24000'])('keeps %j versions', (text) => {
  const form = new SettingsForm()
  form.maxVersions = text
  expect(form.isValid).toBe(true)
  expect(form.input().maxVersions).toBe(Number(text))
})

test.each(['-1', '1.5', '24001', 'ten', '1e3', '999999'])('refuses %j versions', (text) => {
  const form = new SettingsForm()
  form.maxVersions = text
  expect([form.problems.maxVersions, form.isValid]).toEqual([true, false])
})

test.each<[string, boolean]>([
  ['', true],
  ['10h30m10s', true],
  ['7d', true],
  ['soon', false],
  ['10x', false],
])('deactivates after %j: %s', (text, isValid) => {
  const form = new SettingsForm()
  form.deactivateVersionAfter = text
  expect(form.isValid).toBe(isValid)
})

describe('custom metadata', () => {
  test('is trimmed, in order', () => {
    expect(formWith([' team ', ' X '], ['project', 'A']).input().customMetadata).toEqual([
      ['team', 'X'],
      ['project', 'A'],
    ])
  })

  test('needs a key and a value, and each key once', () => {
    const form = formWith(['a', '1'], ['', '1'], ['b', ' '], [' a ', '2'])
    const [, noKey, noValue, again] = form.pairs.map(({ id }) => id)
    expect(form.problems.pairs).toEqual(
      new Map([
        [noKey, 'pair-invalid'],
        [noValue, 'pair-invalid'],
        [again, 'pair-duplicate'],
      ]),
    )
  })

  test('is changed and removed by id', () => {
    const form = formWith(['a', '1'], ['b', '2'])
    form.change(form.pairs[1]?.id ?? 0, { value: '3' })
    form.remove(form.pairs[0]?.id ?? 0)
    expect(form.input().customMetadata).toEqual([['b', '3']])
  })
})

test('a draft brings back what was typed, valid or not', () => {
  const form = formWith(['a', '1'], ['', ''])
  form.maxVersions = 'ten'
  form.casRequired = true
  form.deactivateVersionAfter = '1x'
  const other = new SettingsForm()
  other.fromText(form.toText())
  expect(other.toText()).toEqual(form.toText())
})

test('a draft without a form leaves it empty', () => {
  const form = new SettingsForm()
  form.fromText({})
  expect(form.isEmpty).toBe(true)
})

test('is changed while something else is typed than it began with', () => {
  const form = formWith()
  expect(form.isChanged).toBe(false)
  form.add('a', '1')
  expect(form.isChanged).toBe(true)
  form.remove(form.pairs[0]?.id ?? 0)
  expect(form.isChanged).toBe(false)
  form.casRequired = true
  expect(form.isChanged).toBe(true)
})
