import { chromium, type BrowserContext } from '@playwright/test'
import { onTestFinished } from 'vitest'
import type { BrowserHome } from './browser-home'

/**
 * A real Chromium in a home, which shows a client certificate of its own accord where a site asks for one.
 * @param sites patterns of addresses
 */
export async function startChromium(
  home: BrowserHome,
  sites: readonly string[],
  args: readonly string[] = [],
): Promise<BrowserContext> {
  const choices = sites.map((pattern) => JSON.stringify({ pattern, filter: {} }))
  const executablePath = home.launcher('chromium', { AutoSelectCertificateForUrls: choices })
  const profile = home.makeFolder('.config/chromium')
  home.handOver()
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: [...args],
    env: { ...home.environment },
    chromiumSandbox: true,
  })
  onTestFinished(() => context.close())
  return context
}
