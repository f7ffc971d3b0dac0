import { expect, lookAt, test } from '../support/coffret-test'
import { createVault } from '../support/window-steps'

test('the page has three functions of ours and nothing of Node or Electron', async ({ page }) => {
  const seen = await page.evaluate(() => ({
    bridge: Object.keys((globalThis as unknown as Record<string, object>)['coffret'] ?? {}).sort(),
    node: ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in globalThis),
    origin: location.origin,
  }))
  expect(seen).toEqual({ bridge: ['call', 'listen', 'pathOf'], node: [], origin: 'app://coffret' })
})

test.describe('under attack', () => {
  test.use({ mayComplain: true })

  test('nothing but our own files is loaded, run or reached', async ({ page, coffret }) => {
    const outcome = await page.evaluate(async () => {
      const refused = async (what: () => Promise<unknown>) =>
        what().then(
          () => false,
          () => true,
        )
      const reported = new Promise((resolve) =>
        addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
          if (blockedURI.endsWith('x.png')) resolve(effectiveDirective)
        }),
      )
      const picture = document.createElement('img')
      picture.src = 'https://127.0.0.1:9/x.png'
      document.body.append(picture)
      const result = {
        fetch: await refused(() => fetch('https://127.0.0.1:9/')),
        file: await refused(() => fetch('file:///etc/passwd')),
        script: await refused(async () => {
          const script = document.createElement('script')
          script.textContent = 'globalThis.ran = true'
          document.body.append(script)
          if (!('ran' in globalThis)) throw new Error('the script did not run')
        }),
        traversal: await refused(() => fetch('app://coffret/..%2f..%2fpackage.json')),
        popup: window.open('https://127.0.0.1:9/') === null,
        camera: await refused(() => navigator.mediaDevices.getUserMedia({ video: true })),
      }
      const image = await reported
      picture.remove()
      return { ...result, image }
    })
    expect(outcome).toEqual({
      fetch: true,
      file: true,
      script: true,
      traversal: true,
      popup: true,
      camera: true,
      image: 'img-src',
    })
    await page.evaluate(() => location.assign('https://127.0.0.1:9/'))
    expect(page.url()).toMatch(/^app:\/\/coffret\//)
    expect(
      await coffret.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length),
    ).toBe(1)
  })
})

test('French is complete from the first screen, and chosen in the settings', async ({ page }) => {
  await page.getByLabel('Language').selectOption('fr')
  await expect(page.getByRole('heading', { name: 'Bienvenue dans Coffret' })).toBeVisible()
  await lookAt(page, '50-welcome-french')
  await page.getByLabel('Langue').selectOption('en')
  await createVault(page)
  await page.keyboard.press('Control+,')
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
  await lookAt(page, '51-settings')
  await page.getByLabel('Language').selectOption('fr')
  await expect(page.getByRole('heading', { name: 'Paramètres' })).toBeVisible()
})

test('the list of shortcuts opens from the keyboard', async ({ page }) => {
  await createVault(page)
  await page.keyboard.press('Control+/')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await lookAt(page, '52-shortcuts')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
})
