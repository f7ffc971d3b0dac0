import { expect, test } from '@playwright/test'
import { launchCoffret } from '../support/electron-app'

test('C-15: the description of the API opens beside the window, reads, and sends nothing', async () => {
  const { app, close } = await launchCoffret()
  const complaints: string[] = []
  try {
    const opened = app.waitForEvent('window')
    await app.evaluate(({ Menu }) => {
      const items = Menu.getApplicationMenu()?.items.flatMap((one) => one.submenu?.items ?? [])
      items?.find(({ label }) => label === 'API description')?.click()
    })
    const page = await opened
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    await expect(page.getByRole('heading', { name: /^Coffret/ })).toBeVisible()
    expect(page.url()).toBe('coffret-docs://api/docs/')
    await page.locator('[data-tag="OKMS REST"]').click()
    await page.getByText('Create a secret with its first version').first().click()
    await expect(page.getByText('deactivateVersionAfter').first()).toBeVisible()
    await expect(page.getByRole('button', { name: /try it out|authorize/i })).toHaveCount(0)
    await expect(page.getByRole('link', { name: /try/i })).toHaveCount(0)
    const seen = await page.evaluate(() => ({
      hasBridge: 'coffret' in globalThis || 'require' in globalThis,
      stored: localStorage.length + sessionStorage.length,
      foreign: performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .filter((name) => !/^(coffret-docs:\/\/api\/|data:)/.test(name)),
    }))
    expect(seen).toEqual({ hasBridge: false, stored: 0, foreign: [] })
    expect(complaints).toEqual([])
  } finally {
    await close()
  }
})
