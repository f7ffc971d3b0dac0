import { EventEmitter } from 'node:events'
import type { BrowserWindow } from 'electron'
import { beforeEach, describe, expect, test, vi } from 'vitest'

const dialog = { showSaveDialog: vi.fn(), showOpenDialog: vi.fn() }
vi.mock('electron', () => ({ dialog }))

const question = { suggestedPath: '/v/Team', extension: 'coffret', kind: 'Coffret' }

async function dialogsOver(platform: NodeJS.Platform = 'linux') {
  const { systemDialogs } = await import('../../src-main/shell/dialogs')
  const window = new EventEmitter() as unknown as BrowserWindow
  const state: { window: BrowserWindow | undefined } = { window }
  return { dialogs: systemDialogs(() => state.window, platform), window, state }
}

beforeEach(() => {
  dialog.showSaveDialog.mockReset()
  dialog.showOpenDialog.mockReset()
})

describe('a file dialog', () => {
  test('for a new file proposes a place and gives the one that was chosen', async () => {
    const { dialogs } = await dialogsOver()
    dialog.showSaveDialog.mockResolvedValue({ canceled: false, filePath: '/v/Team.coffret' })
    expect(await dialogs.chooseNewFile(question)).toBe('/v/Team.coffret')
    expect(dialog.showSaveDialog).toHaveBeenCalledWith(
      expect.objectContaining({
        defaultPath: '/v/Team',
        filters: [{ name: 'Coffret', extensions: ['coffret'] }],
      }),
    )
  })

  test('for a file that is there gives the first one', async () => {
    const { dialogs } = await dialogsOver()
    dialog.showOpenDialog.mockResolvedValue({ canceled: false, filePaths: ['/v/a', '/v/b'] })
    expect(await dialogs.chooseFile(question)).toBe('/v/a')
  })

  test('that is cancelled gives nothing', async () => {
    const { dialogs } = await dialogsOver()
    dialog.showSaveDialog.mockResolvedValue({ canceled: true, filePath: '' })
    dialog.showOpenDialog.mockResolvedValue({ canceled: true, filePaths: [] })
    expect(await dialogs.chooseNewFile(question)).toBeUndefined()
    expect(await dialogs.chooseFile(question)).toBeUndefined()
  })

  test('hangs on the window, but not on Linux', async () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      const { dialogs, window } = await dialogsOver(platform)
      dialog.showOpenDialog.mockReset().mockResolvedValue({ canceled: true, filePaths: [] })
      await dialogs.chooseFile(question)
      const [first] = dialog.showOpenDialog.mock.calls[0]!
      expect(first === window).toBe(platform !== 'linux')
    }
  })
})

describe('while a dialog is open', () => {
  test('a second is refused', async () => {
    const { dialogs, window } = await dialogsOver()
    dialog.showOpenDialog.mockReturnValue(new Promise(() => {}))
    const first = dialogs.chooseFile(question)
    await expect(dialogs.chooseNewFile(question)).rejects.toThrow(
      expect.objectContaining({ code: 'busy' }),
    )
    window.emit('closed')
    await first
  })

  test('a lock answers it, and the next window may ask again', async () => {
    const { dialogs, window, state } = await dialogsOver()
    dialog.showOpenDialog.mockReturnValueOnce(new Promise(() => {}))
    const asked = dialogs.chooseFile(question)
    state.window = new EventEmitter() as unknown as BrowserWindow
    window.emit('closed')
    expect(await asked).toBeUndefined()
    dialog.showOpenDialog.mockResolvedValue({ canceled: false, filePaths: ['/v/a'] })
    expect(await dialogs.chooseFile(question)).toBe('/v/a')
  })
})

test('without a window nobody is asked', async () => {
  const { dialogs, state } = await dialogsOver()
  state.window = undefined
  expect(await dialogs.chooseFile(question)).toBeUndefined()
  expect(dialog.showOpenDialog).not.toHaveBeenCalled()
})
