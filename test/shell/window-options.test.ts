import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { backgrounds, partition, windowOptions } from '../../src-main/shell/window-options'

const choices = {
  state: undefined,
  isDark: false,
  isDevelopment: false,
  preload: '/app/preload.cjs',
  icon: {} as Electron.NativeImage,
}

test('the page is isolated from Electron in every way there is', () => {
  expect(windowOptions(choices).webPreferences).toEqual({
    preload: '/app/preload.cjs',
    partition,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    plugins: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    disableDialogs: true,
    devTools: false,
  })
})

test('developer tools are for development alone', () => {
  const { webPreferences } = windowOptions({ ...choices, isDevelopment: true })
  expect(webPreferences).toEqual({ ...windowOptions(choices).webPreferences, devTools: true })
})

test('the session is one that the disk never sees', () => {
  expect(partition).not.toMatch(/^persist:/)
})

test('the window has its theme before the first paint', () => {
  expect(windowOptions(choices).backgroundColor).toBe(backgrounds.light)
  expect(windowOptions({ ...choices, isDark: true }).backgroundColor).toBe(backgrounds.dark)
})

test('that background is the paper of the style sheet', () => {
  const tokens = readFileSync(new URL('../../src-renderer/styles/tokens.css', import.meta.url))
  const papers = Array.from(tokens.toString().matchAll(/--paper: (#\w+)/g), ([, paper]) => paper)
  expect(new Set(papers)).toEqual(new Set([backgrounds.light, backgrounds.dark]))
})

test('the window opens where it was', () => {
  const state = { x: 5, y: 6, width: 800, height: 600, isMaximized: false }
  expect(windowOptions({ ...choices, state })).toMatchObject({ x: 5, y: 6, width: 800 })
  expect(windowOptions(choices)).not.toHaveProperty('x')
})
