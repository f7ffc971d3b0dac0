import { describe, expect, test } from 'vitest'
import {
  countEnd,
  countPlaywright,
  countVitest,
  describe as describeSummary,
  exitCode,
  sum,
} from '../../../resources/bootstrap/summary.mjs'

function vitestFile(status: string, ...statuses: string[]) {
  return { status, assertionResults: statuses.map((one) => ({ status: one })) }
}

function playwrightTest(status: string, ...annotations: string[]) {
  return { status, annotations: annotations.map((type) => ({ type })), results: [] }
}

function playwrightReport(tests: ReturnType<typeof playwrightTest>[], errors: unknown[] = []) {
  return { suites: [{ specs: [], suites: [{ specs: [{ tests }] }] }], errors }
}

describe('a vitest report', () => {
  test('is counted test by test', () => {
    const testResults = [vitestFile('failed', 'passed', 'failed'), vitestFile('passed', 'passed')]
    expect(countVitest({ testResults })).toEqual({ passed: 2, failed: 1, skipped: 0 })
  })

  test.each(['skipped', 'pending', 'todo', 'disabled'])('counts %s as skipped', (status) => {
    const testResults = [vitestFile('passed', 'passed', status)]
    expect(countVitest({ testResults })).toEqual({ passed: 1, failed: 0, skipped: 1 })
  })

  test('counts a file that could not be loaded as one failure', () => {
    const testResults = [vitestFile('failed')]
    expect(countVitest({ testResults })).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})

describe('a Playwright report', () => {
  test.each([
    ['expected', [], { passed: 1, failed: 0, skipped: 0 }],
    ['flaky', [], { passed: 1, failed: 0, skipped: 0 }],
    ['unexpected', [], { passed: 0, failed: 1, skipped: 0 }],
    ['skipped', ['skip'], { passed: 0, failed: 0, skipped: 1 }],
    ['skipped', ['fixme'], { passed: 0, failed: 0, skipped: 1 }],
    ['skipped', [], { passed: 0, failed: 1, skipped: 0 }],
  ])('counts %s with annotations %j as %j', (status, annotations, expected) => {
    expect(countPlaywright(playwrightReport([playwrightTest(status, ...annotations)]))).toEqual(
      expected,
    )
  })

  test('counts an error outside tests as one failure', () => {
    const report = playwrightReport([playwrightTest('expected')], [{ message: 'no such file' }])
    expect(countPlaywright(report)).toEqual({ passed: 1, failed: 1, skipped: 0 })
  })

  test('does not count that error beside a failed test', () => {
    const report = playwrightReport([playwrightTest('unexpected')], [{ message: 'timed out' }])
    expect(countPlaywright(report)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})

describe('the end of a runner', () => {
  test('without a report is one failure', () => {
    expect(countEnd(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  test('with an error and no failed test is one failure', () => {
    const summary = { passed: 3, failed: 0, skipped: 0 }
    expect(countEnd(summary, 1)).toEqual({ passed: 3, failed: 1, skipped: 0 })
  })

  test('with failed tests is what the report says', () => {
    const summary = { passed: 3, failed: 2, skipped: 0 }
    expect(countEnd(summary, 1)).toEqual(summary)
  })
})

describe('the whole run', () => {
  test('is the sum of its groups, in one line', () => {
    const groups = [
      { passed: 3, failed: 2, skipped: 1 },
      { passed: 4, failed: 0, skipped: 0 },
    ]
    expect(describeSummary(sum(groups))).toBe('7 passed, 2 failed, 1 skipped')
  })

  test.each([
    [{ passed: 1, failed: 0, skipped: 0 }, true, 0],
    [{ passed: 1, failed: 1, skipped: 0 }, false, 1],
    [{ passed: 0, failed: 0, skipped: 0 }, false, 1],
    [{ passed: 0, failed: 0, skipped: 2 }, false, 1],
    [{ passed: 1, failed: 0, skipped: 1 }, false, 0],
    [{ passed: 1, failed: 0, skipped: 1 }, true, 1],
  ])('%j, in CI: %s, exits with %i', (summary, isCi, expected) => {
    expect(exitCode(summary, { isCi })).toBe(expected)
  })
})
