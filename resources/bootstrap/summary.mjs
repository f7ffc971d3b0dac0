/**
 * How many tests ended how.
 * @typedef {{ passed: number, failed: number, skipped: number }} Summary
 */

/**
 * The parts of a vitest JSON report that are counted. Source: the types of vitest/reporters (JsonTestResults).
 * @typedef {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} VitestReport
 */

/**
 * The parts of a Playwright JSON report that are counted. Source: @playwright/test/reporter (JSONReport).
 * @typedef {{ type: string }} Annotation
 * @typedef {{ status: string, annotations: Annotation[], results: { annotations?: Annotation[] }[] }} PlaywrightTest
 * @typedef {{ specs?: { tests: PlaywrightTest[] }[], suites?: PlaywrightSuite[] }} PlaywrightSuite
 * @typedef {{ suites: PlaywrightSuite[], errors: unknown[] }} PlaywrightReport
 */

/**
 * Counts a vitest report. A test that passed on a retry has passed; a file that could not be loaded
 * counts as one failed test.
 * @param {VitestReport} report
 * @returns {Summary}
 */
export function countVitest(report) {
  const statuses = report.testResults.flatMap(({ status, assertionResults }) => {
    const inFile = assertionResults.map((test) => test.status)
    return status === 'failed' && !inFile.includes('failed') ? [...inFile, 'failed'] : inFile
  })
  const passed = statuses.filter((status) => status === 'passed').length
  const failed = statuses.filter((status) => status === 'failed').length
  return { passed, failed, skipped: statuses.length - passed - failed }
}

/**
 * Counts a Playwright report. A test that passed on a retry has passed; one that did not run without
 * having been told so has failed; errors outside tests count as one failed test if nothing else failed.
 * @param {PlaywrightReport} report
 * @returns {Summary}
 */
export function countPlaywright(report) {
  const outcomes = report.suites.flatMap(testsBelow).map(outcomeOf)
  const passed = outcomes.filter((outcome) => outcome === 'passed').length
  const skipped = outcomes.filter((outcome) => outcome === 'skipped').length
  const failed = outcomes.length - passed - skipped
  return { passed, skipped, failed: failed === 0 && report.errors.length > 0 ? 1 : failed }
}

/**
 * Counts a runner's end as well as its report: a runner that failed with no failed test to show for it
 * crashed, and counts as one.
 * @param {Summary | undefined} summary undefined when there is no report
 * @param {number} code the runner's exit code
 * @returns {Summary}
 */
export function countEnd(summary, code) {
  if (summary === undefined) return { passed: 0, failed: 1, skipped: 0 }
  return code !== 0 && summary.failed === 0 ? { ...summary, failed: 1 } : summary
}

/** @param {Summary[]} summaries @returns {Summary} */
export function sum(summaries) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const { passed, failed, skipped } of summaries) {
    total.passed += passed
    total.failed += failed
    total.skipped += skipped
  }
  return total
}

/**
 * The exit code of all tests: a run without tests is a failure, and so is a skipped test in CI.
 * @param {Summary} total
 * @param {{ isCi: boolean }} options
 */
export function exitCode({ passed, failed, skipped }, { isCi }) {
  return failed > 0 || passed === 0 || (isCi && skipped > 0) ? 1 : 0
}

/** @param {Summary} summary */
export function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

/**
 * @param {PlaywrightSuite} suite
 * @returns {PlaywrightTest[]}
 */
function testsBelow({ specs = [], suites = [] }) {
  return [...specs.flatMap(({ tests }) => tests), ...suites.flatMap(testsBelow)]
}

/** @param {PlaywrightTest} test */
function outcomeOf({ status, annotations, results }) {
  if (status === 'expected' || status === 'flaky') return 'passed'
  const all = [...annotations, ...results.flatMap((result) => result.annotations ?? [])]
  const wasTold = all.some(({ type }) => type === 'skip' || type === 'fixme')
  return status === 'skipped' && wasTold ? 'skipped' : 'failed'
}
