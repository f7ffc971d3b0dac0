import { expect, test } from 'vitest'
import { playwrightFailures, vitestFailures } from '../../../resources/bootstrap/failures.mjs'

const long = Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\n')

test('a vitest failure is told by file, name and the beginning of its message', () => {
  const assertionResults = [
    { fullName: 'adds', status: 'passed', failureMessages: [] },
    { fullName: 'divides by zero', status: 'failed', failureMessages: [long] },
  ]
  const testResults = [{ name: 'test/sum.test.ts', status: 'failed', assertionResults }]
  const [told, ...others] = vitestFailures({ testResults })
  expect(told).toMatch(/^test\/sum\.test\.ts divides by zero\n {2}line 0\n[^]* {2}line 5$/)
  expect(others).toEqual([])
})

test('a vitest file that could not be loaded is told by its message', () => {
  const file = { name: 'test/sum.test.ts', status: 'failed', assertionResults: [] }
  expect(vitestFailures({ testResults: [{ ...file, message: 'no such module' }] })).toEqual([
    'test/sum.test.ts not loaded\n  no such module',
  ])
})

test('a Playwright failure is told by the error of its last try, wherever it is nested', () => {
  const results = [{ error: { message: 'first' } }, { error: { message: 'last' } }]
  const specs = [
    { title: 'locks', file: 'lock.spec.ts', tests: [{ status: 'unexpected', results }] },
    { title: 'opens', file: 'lock.spec.ts', tests: [{ status: 'expected', results: [] }] },
  ]
  const report = { suites: [{ suites: [{ specs }] }], errors: [{ message: 'no display' }] }
  expect(playwrightFailures(report)).toEqual([
    'lock.spec.ts locks\n  last',
    'outside of tests\n  no display',
  ])
})
