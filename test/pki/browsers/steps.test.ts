import { expect, test } from 'vitest'
import { BrowserGuide, BrowserTarget } from '../../../src-main/contract/browser-calls'
import { guideFor } from '../../../src-main/pki/browsers/steps'

test.each(BrowserTarget.options)('the guide of %s is whole', (target) => {
  const guide = guideFor(target)
  expect(BrowserGuide.parse(guide)).toEqual(guide)
  const kinds = guide.steps.map(({ kind }) => kind)
  expect(kinds).toContain('choose-file')
  expect(kinds).toContain('type-password')
  expect(['open-address', 'open-program']).toContain(kinds[0])
})

test('only macOS gets the compatible profile', () => {
  const compatible = BrowserTarget.options.filter((one) => guideFor(one).profile === 'compatible')
  expect(compatible).toEqual(['chrome-macos', 'safari-macos'])
})

test('no command takes a password as an argument', () => {
  for (const { commands } of BrowserTarget.options.map(guideFor)) {
    for (const { text } of commands) expect(text).not.toMatch(/\s-[pP]\s|-W\s|PlainText/)
  }
})
