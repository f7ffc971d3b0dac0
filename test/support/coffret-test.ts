import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'
import { launchCoffret, type RunningCoffret } from './electron-app'

const screenshots = fileURLToPath(new URL('../../test-results/screenshots', import.meta.url))

/** A test with Coffret running on a fresh profile. What the page logs as an error fails the test. */
export const test = base.extend<{ mayComplain: boolean; coffret: RunningCoffret; page: Page }>({
  mayComplain: [false, { option: true }],
  coffret: async ({ mayComplain }, use) => {
    const coffret = await launchCoffret()
    const complaints: string[] = []
    coffret.app.on('window', (page) => watch(page, complaints))
    watch(coffret.page, complaints)
    await use(coffret)
    await coffret.close()
    if (!mayComplain) expect(complaints).toEqual([])
  },
  page: async ({ coffret }, use) => use(coffret.page),
})

export { expect }

function watch(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
}

/**
 * Takes a picture of the screen in both themes, into the ignored folder, and lets axe look at it in each.
 * Electron needs axe's legacy mode.
 */
export async function lookAt(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true })
  for (const theme of ['light', 'dark'] as const) {
    // Playwright emulates a scheme in any case; the one that main sets does not come through.
    await page.emulateMedia({ colorScheme: theme })
    // An animation whose element goes is cancelled, and its promise with it. What says that work is under
    // way never ends.
    await page.evaluate(() =>
      Promise.allSettled(
        document
          .getAnimations()
          .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
          .map((one) => one.finished),
      ),
    )
    await page.screenshot({ path: `${screenshots}/${name}-${theme}.png` })
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
    const grave = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => ({ id, targets: nodes.map((node) => node.target.join(' ')) }))
    expect(grave, `${name}, ${theme}`).toEqual([])
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
