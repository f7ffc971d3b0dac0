import { expect, test } from 'vitest'
import { CoffretError } from '../../src-main/contract/errors'
import { describeError } from '../../src-main/shell/report'

const canary = 'canary-91fe'

test('a failure of ours is logged with its code and message', () => {
  const error = new CoffretError('corrupt', 'record 7 does not authenticate')
  expect(describeError('secret.list', error)).toBe(
    'secret.list: corrupt: record 7 does not authenticate',
  )
})

test.each([
  ['one line', canary],
  ['several lines', `first\n    at ${canary}\nthird`],
])('of a foreign error the message is left out, of %s', (_, message) => {
  const text = describeError('secret.list', new TypeError(message))
  expect(text).toMatch(/^secret\.list: TypeError\n\s+at /)
  expect(text).not.toContain(canary)
})

test('a system error is logged with its name, without the path', () => {
  const error = Object.assign(new Error(`ENOENT: no such file, open '${canary}'`), {
    code: 'ENOENT',
  })
  const text = describeError('start', error)
  expect(text).toMatch(/^start: Error ENOENT\n/)
  expect(text).not.toContain(canary)
})

test('of what is no error only its type is logged', () => {
  expect(describeError('x', canary)).toBe('x: string thrown')
})
