import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { problemsOf, type AcceptedDifference } from './acceptance'
import { accepted } from './accepted'
import { differences, type Difference } from './normal-form'
import { stepName } from './script'
import { scripts } from './scripts'

const steps = scripts.flatMap((script) => script.steps.map((step) => stepName(script, step)))

test('every step has a name of its own', () => {
  expect(steps.filter((step, index) => steps.indexOf(step) !== index)).toEqual([])
})

test('every accepted difference is of steps that there are', () => {
  const named = accepted.flatMap((row) => (row.steps === 'every' ? [] : row.steps))
  expect(named.filter((step) => !steps.includes(step))).toEqual([])
  expect(accepted.filter((row) => row.steps.length === 0)).toEqual([])
})

test('the README lists the accepted differences, each with its reason, and no others', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [, listed = ''] = readme.split('<!-- accepted differences -->\n')
  const lines = accepted.map(({ what, why }) => `- **${what}.** ${why}\n`)
  expect(listed).toBe(`\n${lines.join('')}`)
})

describe('a difference', () => {
  const row: AcceptedDifference = { what: 'w', why: 'y', steps: ['s › a'], part: 'body.x' }
  const one = (part: string, coffret = '1', openBao = '2'): Difference => ({
    part,
    coffret,
    openBao,
  })

  test.each([
    ['at the part', row, one('body.x'), true],
    ['below it', row, one('body.x.y'), true],
    ['beside it', row, one('body.xy'), false],
    ['with the values', { ...row, values: ['1', '2'] }, one('body.x'), true],
    ['with other values', { ...row, values: ['1', '3'] }, one('body.x'), false],
    ['anywhere in the reply', { ...row, part: '' }, one('body.z'), true],
    ['in the status', { ...row, part: '' }, one('status', '"400"', '"404"'), false],
    [
      'in the statuses',
      { ...row, part: '', statuses: [400, 404] },
      one('status', '"400"', '"404"'),
      true,
    ],
    [
      'in other statuses',
      { ...row, part: '', statuses: [400, 404] },
      one('status', '"400"', '"405"'),
      false,
    ],
    ['of another step', { ...row, steps: ['s › b'] }, one('body.x'), false],
    ['of every step', { ...row, steps: 'every' }, one('body.x'), true],
  ] as const)('%s', (_, table, difference, isAccepted) => {
    const { unexpected } = problemsOf('s › a', [difference], [table])
    expect(unexpected).toEqual(isAccepted ? [] : [difference])
  })

  test('that no longer occurs is told', () => {
    expect(problemsOf('s › a', [], [row]).gone).toEqual(['w'])
    const statuses = { ...row, part: '', statuses: [400, 404] } as const
    expect(problemsOf('s › a', [one('body')], [statuses]).gone).toEqual(['w'])
  })

  test('is found as deep as both have the same form', () => {
    const [ours, theirs] = [new Map([['a', ['1', 'x']]]), new Map([['a', ['1', 'y']]])]
    expect(differences(ours, theirs)).toEqual([one('a.1', '"x"', '"y"')])
    expect(differences(new Map([['b', null]]), new Map())).toEqual([one('b', 'null', 'absent')])
  })
})
