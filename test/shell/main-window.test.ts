import { EventEmitter } from 'node:events'
import type { BrowserWindowConstructorOptions, NativeImage } from 'electron'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { settingsInMemory } from '../stores/settings-in-memory'

/** Records what is done to it; the process of its page is its number + 1000. */
class FakeWindow extends EventEmitter {
  static readonly all: FakeWindow[] = []
  readonly number = FakeWindow.all.push(this)
  readonly webContents = Object.assign(new EventEmitter(), {
    send: vi.fn(),
    getOSProcessId: vi.fn(() => 1000 + this.number),
    isDestroyed: () => this.isGone,
    isCrashed: vi.fn(() => false),
  })
  isGone = false
  constructor(readonly options: BrowserWindowConstructorOptions) {
    super()
  }
  loadURL = vi.fn(async () => undefined)
  show = vi.fn()
  showInactive = vi.fn()
  minimize = vi.fn()
  maximize = vi.fn()
  restore = vi.fn()
  focus = vi.fn()
  isVisible = () => true
  isMinimized = vi.fn(() => false)
  isFocused = vi.fn(() => true)
  isMaximized = vi.fn(() => false)
  isDestroyed = () => this.isGone
  getNormalBounds = () => ({ x: 40, y: 50, width: 900, height: 700 })
  destroy(): void {
    this.isGone = true
    this.emit('closed')
  }
}

vi.mock('electron', () => ({
  BrowserWindow: FakeWindow,
  nativeTheme: { shouldUseDarkColors: true },
  screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
}))

beforeEach(() => {
  FakeWindow.all.length = 0
})

async function openWindow() {
  const { MainWindow } = await import('../../src-main/shell/main-window')
  const settings = settingsInMemory()
  const options = {
    pageUrl: 'app://coffret/index.html',
    preload: '/app/preload.cjs',
    icon: {} as NativeImage,
    isDevelopment: false,
    settings,
    lock: vi.fn(),
    beforeClose: vi.fn(async () => undefined),
    onCrash: vi.fn(),
  }
  const window = new MainWindow(options)
  window.open()
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true)
  kill.mockClear()
  return { window, options, settings, kill, first: FakeWindow.all[0]! }
}

describe('the window', () => {
  test('is shown when its page is painted', async () => {
    const { first } = await openWindow()
    expect(first.loadURL).toHaveBeenCalledWith('app://coffret/index.html')
    expect(first.show).not.toHaveBeenCalled()
    first.emit('ready-to-show')
    expect(first.show).toHaveBeenCalledOnce()
  })

  test('locks by its key, whatever the page does with it', async () => {
    const { first, options } = await openWindow()
    const key = { type: 'keyDown', key: 'l', control: true, meta: false, alt: false, shift: false }
    const event = { preventDefault: vi.fn() }
    first.webContents.emit('before-input-event', event, key)
    expect(options.lock).toHaveBeenCalledOnce()
    expect(event.preventDefault).toHaveBeenCalledOnce()
    for (const other of [{ type: 'keyUp' }, { control: false }, { shift: true }, { key: 'k' }]) {
      first.webContents.emit('before-input-event', event, { ...key, ...other })
    }
    expect(options.lock).toHaveBeenCalledOnce()
  })

  test('remembers its place and locks before it closes', async () => {
    const { first, options, settings } = await openWindow()
    const event = { preventDefault: vi.fn() }
    first.emit('close', event)
    expect(event.preventDefault).toHaveBeenCalledOnce()
    expect(settings.read().window).toEqual({
      ...first.getNormalBounds(),
      isMaximized: false,
    })
    await expect.poll(() => first.isGone).toBe(true)
    expect(options.beforeClose).toHaveBeenCalledOnce()
  })

  test('says when its renderer dies, and whether the page had come so far', async () => {
    const { first, options } = await openWindow()
    first.webContents.emit('render-process-gone')
    expect(options.onCrash).toHaveBeenLastCalledWith(false)
    first.webContents.emit('did-finish-load')
    first.webContents.emit('render-process-gone')
    expect(options.onCrash).toHaveBeenLastCalledWith(true)
  })
})

describe('its replacement', () => {
  test('is there before the old window goes, so that the app does not end', async () => {
    const { window, first } = await openWindow()
    const present: number[] = []
    first.on('closed', () => present.push(FakeWindow.all.filter((one) => !one.isGone).length))
    window.replace()
    expect(present).toEqual([1])
    expect(window.current).toBe(FakeWindow.all[1])
  })

  test('has the same options and place, and the old process is killed', async () => {
    const { window, first, kill, options } = await openWindow()
    window.replace()
    const [, second] = FakeWindow.all
    expect(second?.options.webPreferences).toEqual(first.options.webPreferences)
    expect(second?.options).toMatchObject({ x: 40, y: 50, width: 900, height: 700 })
    expect(kill).toHaveBeenCalledWith(1001, 'SIGKILL')
    expect(options.onCrash).not.toHaveBeenCalled()
  })

  test('of a window whose process has died kills nothing', async () => {
    const { window, first, kill } = await openWindow()
    first.webContents.isCrashed.mockReturnValue(true)
    // To `kill`, 0 is the process group of the app.
    first.webContents.getOSProcessId.mockReturnValue(0)
    window.send({ name: 'lock.pending' })
    window.replace()
    expect(first.webContents.send).not.toHaveBeenCalled()
    expect(kill).not.toHaveBeenCalled()
    expect(window.current).toBe(FakeWindow.all[1])
  })

  test('alone belongs to us, and hears events', async () => {
    const { window, first } = await openWindow()
    window.replace()
    const [, second] = FakeWindow.all
    expect(window.owns(first.webContents as never)).toBe(false)
    expect(window.owns(second!.webContents as never)).toBe(true)
    window.send({ name: 'stores.changed' })
    expect(first.webContents.send).not.toHaveBeenCalled()
    expect(second?.webContents.send).toHaveBeenCalledOnce()
  })

  test.each([
    ['stays in front', {}, 'show'],
    ['stays behind', { isFocused: false }, 'showInactive'],
    ['stays minimized', { isMinimized: true }, 'minimize'],
    ['stays maximized', { isMaximized: true }, 'maximize'],
  ] as const)('%s', async (_, state, done) => {
    const { window, first } = await openWindow()
    for (const [name, is] of Object.entries(state)) {
      first[name as 'isFocused'].mockReturnValue(is)
    }
    window.replace()
    expect(FakeWindow.all[1]?.[done]).toHaveBeenCalledOnce()
  })
})
