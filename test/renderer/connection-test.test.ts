import { afterEach, expect, test, vi } from 'vitest'
import type { CallInput } from '../../src-main/contract/calls'
import type { StepResult } from '../../src-main/contract/connection-test'
import { ConnectionTest } from '../../src-renderer/state/connection-test.svelte'
import { holdMain } from './held-main'

const form = {} as Omit<CallInput<'domain.test'>, 'work'>
const passed: StepResult = { step: 'name', outcome: 'passed' }
const failed: StepResult = { step: 'name', outcome: 'failed' }

afterEach(() => {
  vi.unstubAllGlobals()
})

test('what was found of a form that changed meanwhile is not shown', async () => {
  const main = holdMain({ 'domain.cancel': () => undefined })
  const connection = new ConnectionTest()
  const running = connection.run(form)
  connection.forget()
  expect(connection.isRunning).toBe(false)
  await main.answer('domain.test', 0, [passed])
  await running
  expect(connection).toMatchObject({ steps: [], isDone: false, isGood: false })
})

test('a form that changed can be tried at once, and only what is found of it counts', async () => {
  const main = holdMain({ 'domain.cancel': () => undefined })
  const connection = new ConnectionTest()
  const first = connection.run(form)
  connection.forget()
  const second = connection.run(form)
  const [older, newer] = main.inputs('domain.test')
  connection.hear({ work: older?.work ?? '', result: failed })
  connection.hear({ work: newer?.work ?? '', result: passed })
  expect(connection.steps).toEqual([passed])
  await main.fail('domain.test', 0, 'internal')
  expect(connection).toMatchObject({ isRunning: true, error: undefined })
  await main.answer('domain.test', 1, [passed])
  await Promise.all([first, second])
  expect(connection).toMatchObject({ isRunning: false, isGood: true })
})
