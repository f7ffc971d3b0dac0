import { beforeAll, expect, test } from 'vitest'
import { buildCommand } from '../../cli/built-command'
import { pythonEnvironment } from '../python-environment'
import { clientSteps, everyStep, inClients, servedByCommand } from './clients'

let python: string

beforeAll(() => {
  python = pythonEnvironment('hvac', inClients('hvac-requirements.txt'))('python')
}, 300_000)
buildCommand()
const served = servedByCommand()

test.each(['token', 'certificate'])('the newest hvac does everything with %s', async (way) => {
  const client = [python, inClients('hvac_client.py'), served.readyFile(), way]
  const { names, problems } = await clientSteps(client)
  expect(problems).toEqual([])
  expect(names).toEqual(everyStep)
})

test.each(['token', 'certificate'])('the bao command does everything with %s', async (way) => {
  const client = [process.execPath, inClients('bao.mjs'), served.readyFile(), way]
  const { names, problems } = await clientSteps(client)
  expect(problems).toEqual([])
  expect(names).toEqual(everyStep)
})
