import { afterEach, expect, test, vi } from 'vitest'
import { BrowserGuide } from '../../src-main/contract/browser-calls'
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
