import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { ClipboardDevice } from '../../src-main/shell/clipboard'

/** The device over a fake of the given Electron. */
async function deviceOver(electron: object, platform: NodeJS.Platform): Promise<ClipboardDevice> {
  vi.doMock('electron', () => electron)
  const { systemClipboard } = await import('../../src-main/shell/electron-compat')
  return systemClipboard(platform)
}

beforeEach(() => {
  vi.resetModules()
})

describe('with the synchronous clipboard of Electron 25', () => {
  const clipboard = {
    readText: vi.fn((selection: string) => `text of ${selection}`),
    writeText: vi.fn(),
    clear: vi.fn(),
  }
  const electron = { clipboard, ClipboardItem: undefined }

  test('the selections have names', async () => {
    const device = await deviceOver(electron, 'linux')
    expect(await device.readText('clipboard')).toBe('text of clipboard')
    expect(await device.readText('primary')).toBe('text of selection')
    await device.clear('primary')
    expect(clipboard.clear).toHaveBeenCalledWith('selection')
  })

  test('a secret is written as text, since a hint would take its place', async () => {
    const device = await deviceOver(electron, 'linux')
    await device.writeSecret('a')
    expect(clipboard.writeText.mock.calls).toEqual([['a']])
  })
})

describe('with the asynchronous clipboard of Electron 45', () => {
  class ClipboardItem {
    constructor(readonly items: Record<string, string>) {}
  }
  const clipboard = {
    readText: vi.fn(async () => 'clipboard'),
    writeText: vi.fn(async () => undefined),
    write: vi.fn(async (_items: ClipboardItem[]) => undefined),
    clear: vi.fn(),
    selection: { readText: vi.fn(async () => 'selection'), clear: vi.fn() },
  }
  const electron = { clipboard, ClipboardItem }

  test('the primary selection is a clipboard of its own', async () => {
    const device = await deviceOver(electron, 'linux')
    expect(await device.readText('clipboard')).toBe('clipboard')
    expect(await device.readText('primary')).toBe('selection')
    await device.clear('primary')
    expect(clipboard.selection.clear).toHaveBeenCalledOnce()
    expect(clipboard.clear).not.toHaveBeenCalled()
  })

  test.each([
    ['linux', 'x-kde-passwordManagerHint', 'secret', true],
    ['darwin', 'org.nspasteboard.ConcealedType', 'secret', false],
    ['win32', 'ExcludeClipboardContentFromMonitorProcessing', '1', false],
  ] as const)(
    'on %s a secret is written together with %s',
    async (platform, name, hint, primary) => {
      clipboard.write.mockClear()
      const device = await deviceOver(electron, platform)
      await device.writeSecret('a')
      const [item] = clipboard.write.mock.calls[0]![0]
      const custom = `electron application/osclipboard;format="${name}"`
      expect(item?.items).toEqual({ 'text/plain': 'a', [custom]: hint })
      expect(device.hasPrimary).toBe(primary)
    },
  )
})
