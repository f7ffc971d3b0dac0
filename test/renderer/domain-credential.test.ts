import { afterEach, expect, test, vi } from 'vitest'
import type { DomainInspection } from '../../src-main/contract/domain-calls'
import { DomainCredentialForm } from '../../src-renderer/state/domain-credential.svelte'
import { holdMain } from './held-main'

/** What main would say of whole files. */
function inspectionOf(label: string): DomainInspection {
  const report = { files: [], certificates: [], chainLength: 0, problems: [], warnings: [] }
  return { report, proposal: { kind: 'vault', label }, known: [] }
}

/** As the platform gives it: with the path of the file. */
const file = (name: string) => Object.assign(new File(['x'], name), { path: `/tmp/${name}` })

afterEach(() => {
  vi.unstubAllGlobals()
})

test('what is found in files late does not stand beside others', async () => {
  const main = holdMain()
  const form = new DomainCredentialForm()
  const adding = [form.add([file('a.pem')]), form.add([file('b.pem')])]
  await main.answer('domain.inspect', 1, inspectionOf('both'))
  expect(form.isWorking).toBe(false)
  await main.answer('domain.inspect', 0, inspectionOf('one'))
  await Promise.all(adding)
  expect(form.inspection?.proposal.label).toBe('both')
})

test('what failed late is not said of other files', async () => {
  const main = holdMain()
  const form = new DomainCredentialForm()
  const adding = [form.add([file('a.pem')]), form.add([file('b.pem')])]
  await main.answer('domain.inspect', 1, inspectionOf('both'))
  await main.fail('domain.inspect', 0, 'too_large')
  await Promise.all(adding)
  expect(form).toMatchObject({ error: undefined, isWorking: false })
  expect(form.inspection).toBeDefined()
})

test('nothing is found in files that were taken back', async () => {
  const main = holdMain()
  const form = new DomainCredentialForm()
  const adding = form.add([file('a.pem')])
  await vi.waitFor(() => expect(main.inputs('domain.inspect')).toHaveLength(1))
  await form.remove('a.pem')
  await main.answer('domain.inspect', 0, inspectionOf('gone'))
  await adding
  expect(form).toMatchObject({ inspection: undefined, isWorking: false, isComplete: false })
})
