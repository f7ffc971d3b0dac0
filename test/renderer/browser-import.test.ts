import { afterEach, expect, test, vi } from 'vitest'
import { BrowserGuide, BrowserStoreId } from '../../src-main/contract/browser-calls'
import type { KeptCertificate } from '../../src-main/contract/kept-certificate'
import { VaultId } from '../../src-main/contract/model'
import { BrowserImportState } from '../../src-renderer/state/browser-import.svelte'
import { KeptCertificates } from '../../src-renderer/state/kept-certificates.svelte'
import { holdMain } from './held-main'

const guideOf = (extension: string) =>
  BrowserGuide.parse({
    ...{ profile: 'modern', commands: [] },
    steps: [{ kind: 'choose-file', extension }],
  })

afterEach(() => {
  vi.unstubAllGlobals()
})

test('the steps are those of the browser that was chosen last', async () => {
  const main = holdMain()
  const kept = new KeptCertificates(VaultId.parse('3f2a8a5e-97a1-4c30-8f0e-7a3a5f0f5a10'))
  const importing = new BrowserImportState(kept, {} as KeptCertificate)
  const shown = [importing.showSteps('firefox'), importing.showSteps('safari-macos')]
  await main.answer('browser.steps', 1, guideOf('safari'))
  await main.answer('browser.steps', 0, guideOf('firefox'))
  await Promise.all(shown)
  expect(importing.target).toBe('safari-macos')
  expect(importing.guide).toEqual(guideOf('safari'))
})

test('an import is cancelled, which is no failure, and another can begin', async () => {
  const main = holdMain()
  const kept = new KeptCertificates(VaultId.parse('3f2a8a5e-97a1-4c30-8f0e-7a3a5f0f5a10'))
  const importing = new BrowserImportState(kept, {} as KeptCertificate)
  const store = BrowserStoreId.parse('firefox:p')
  await importing.cancel()
  const done = importing.perform(store, 'add')
  expect(importing.isAdding).toBe(true)
  const cancelling = importing.cancel()
  expect(main.inputs('browser.cancelImport')).toEqual([{ store }])
  await main.answer('browser.cancelImport', 0, undefined)
  await main.fail('keptCertificate.importIntoBrowser', 0, 'cancelled')
  await main.answer('browser.list', 0, { system: 'linux', stores: [] })
  await main.answer('browser.steps', 0, guideOf('firefox'))
  await Promise.all([done, cancelling])
  expect(importing).toMatchObject({ busy: undefined, failed: undefined, cancelled: store })
  void importing.perform(store, 'add')
  expect(importing.cancelled).toBeUndefined()
})

test('a removal is not cancelled: half of one would be left', async () => {
  const main = holdMain()
  const kept = new KeptCertificates(VaultId.parse('3f2a8a5e-97a1-4c30-8f0e-7a3a5f0f5a10'))
  const importing = new BrowserImportState(kept, {} as KeptCertificate)
  void importing.perform(BrowserStoreId.parse('firefox:p'), 'remove')
  expect(importing.isAdding).toBe(false)
  await importing.cancel()
  expect(main.inputs('browser.cancelImport')).toEqual([])
})
