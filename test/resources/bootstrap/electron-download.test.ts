import { expect, test } from 'vitest'
import { reasonIn } from '../../../resources/bootstrap/steps/electron-download.mjs'

test.each([
  ['TypeError: fetch failed\n    at node:internal/deps/undici', 'fetch failed'],
  ['(node:1) ExperimentalWarning: x\nError: Response code 404\n', 'Response code 404'],
  ['', 'the download failed'],
])('the reason in %j is %j', (output, expected) => {
  expect(reasonIn(output)).toBe(expected)
})
