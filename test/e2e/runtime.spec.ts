import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { launchCoffret } from '../support/electron-app'

test('the window runs in a real Electron, sandboxed unless the system refuses', async () => {
  const { app, close } = await launchCoffret()
  try {
    const { electron, chrome, renderer } = await app.evaluate(({ webContents }) => ({
      electron: process.versions['electron'],
      chrome: process.versions['chrome'],
      renderer: webContents.getAllWebContents().map((one) => one.getOSProcessId())[0],
    }))
    const isOff = (process.env['COFFRET_SWITCHES'] ?? '').includes('--no-sandbox')
    console.log(`runtime electron ${electron} chrome ${chrome}${isOff ? ' SANDBOX OFF' : ''}`)
    if (process.platform === 'linux' && !isOff) {
      // 2: a seccomp filter is in force. Source: proc(5).
      expect(readFileSync(`/proc/${renderer}/status`, 'utf8')).toMatch(/^Seccomp:\t2$/m)
    }
  } finally {
    await close()
  }
})
