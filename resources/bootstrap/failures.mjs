/**
 * What a runner's JSON report says of the tests that failed, for the end of a long output.
 * Sources: vitest/reporters (JsonTestResults), @playwright/test/reporter (JSONReport).
 * @typedef {{ name: string, status: string, message?: string, assertionResults: { fullName: string, status: string, failureMessages?: string[] | null }[] }} VitestFile
 * @typedef {{ error?: { message?: string } }} PlaywrightResult
 * @typedef {{ title: string, file: string, tests: { status: string, results: PlaywrightResult[] }[] }} PlaywrightSpec
 * @typedef {{ specs?: PlaywrightSpec[], suites?: PlaywrightSuite[] }} PlaywrightSuite
 */

/** Lines of a failure's message that are shown; the whole stands further up. */
const shownLines = 6

/**
 * @param {{ testResults: VitestFile[] }} report
 * @returns {string[]} one text a failed test: file, name and the message's beginning
 */
export function vitestFailures({ testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed')
    if (status === 'failed' && failed.length === 0) return [tell(name, 'not loaded', message)]
    return failed.map((test) => tell(name, test.fullName, test.failureMessages?.[0]))
  })
}

/**
 * @param {{ suites: PlaywrightSuite[], errors: { message?: string }[] }} report
 * @returns {string[]} the same for Playwright; errors outside tests come last
 */
export function playwrightFailures({ suites, errors }) {
  const failed = suites
    .flatMap(specsBelow)
    .flatMap(({ title, file, tests }) =>
      tests
        .filter(({ status }) => status === 'unexpected')
        .map(({ results }) => tell(file, title, results.at(-1)?.error?.message)),
    )
  return [...failed, ...errors.map(({ message }) => tell('outside of tests', '', message))]
}

/**
 * @param {PlaywrightSuite} suite
 * @returns {PlaywrightSpec[]}
 */
function specsBelow({ specs = [], suites = [] }) {
  return [...specs, ...suites.flatMap(specsBelow)]
}

/**
 * @param {string} file
 * @param {string} name
 * @param {string | undefined} [message]
 */
function tell(file, name, message = 'no message') {
  const lines = message.split('\n').slice(0, shownLines)
  return [`${file} ${name}`.trimEnd(), ...lines.map((line) => `  ${line}`)].join('\n')
}
