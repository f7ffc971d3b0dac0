import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import {
  isEndedSession,
  isTagOfDeadProcess,
  processTag,
  sessionCredentialName,
} from '../../src-main/stores/session-credential'

const host = hostname().slice(0, 13)

test('a credential of this program lives as long as it does', () => {
  expect(sessionCredentialName()).toBe(`coffret serve ${processTag()}`)
  expect(isEndedSession(sessionCredentialName())).toBe(false)
})

test.each([
  ['of a process that is not there', `coffret serve 4194305.1 ${host}`, true],
  ['of one that had this number before', `coffret serve ${process.pid}.1 ${host}`, true],
  ['of another computer', 'coffret serve 4194305.1 elsewhere-', false],
  ['that somebody named like it', 'coffret serve for tests', false],
  ['of no session', `4194305.1 ${host}`, false],
])('of a credential %s it is known whether it ended', (_, name, hasEnded) => {
  expect(isEndedSession(name)).toBe(hasEnded)
})

test('what is no tag is of no dead process', () => {
  expect(isTagOfDeadProcess('')).toBe(false)
})
