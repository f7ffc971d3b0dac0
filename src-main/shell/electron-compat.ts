import { ClipboardItem, clipboard, safeStorage } from 'electron'
import type { ClipboardDevice, Selection } from './clipboard'
import type { SealingDevice } from './keychain'

/** The clipboard of Electron up to 44: synchronous, the selection by name. */
interface SynchronousClipboard {
  readText(selection: 'clipboard' | 'selection'): string
  writeText(text: string): void
  clear(selection: 'clipboard' | 'selection'): void
}

/** What asks clipboard histories not to keep a value: the format's name and its content. */
const hints: Partial<Record<NodeJS.Platform, readonly [format: string, content: string]>> = {
  linux: ['x-kde-passwordManagerHint', 'secret'],
  darwin: ['org.nspasteboard.ConcealedType', 'secret'],
  win32: ['ExcludeClipboardContentFromMonitorProcessing', '1'],
}

/** The system clipboard, whatever the version of Electron. */
export function systemClipboard(platform: NodeJS.Platform = process.platform): ClipboardDevice {
  const hasPrimary = platform === 'linux'
  // Electron 45 made the clipboard asynchronous, and brought this class with it.
  return typeof ClipboardItem === 'function'
    ? asynchronousDevice(hasPrimary, hints[platform])
    : synchronousDevice(hasPrimary)
}

function asynchronousDevice(
  hasPrimary: boolean,
  hint: readonly [format: string, content: string] | undefined,
): ClipboardDevice {
  const of = (selection: Selection) => (selection === 'primary' ? clipboard.selection : clipboard)
  return {
    hasPrimary,
    readText: (selection) => of(selection).readText(),
    writeText: (text) => clipboard.writeText(text),
    writeSecret: (text) => {
      if (hint === undefined) return clipboard.writeText(text)
      const [format, content] = hint
      const custom = `electron application/osclipboard;format="${format}"`
      return clipboard.write([new ClipboardItem({ 'text/plain': text, [custom]: content })])
    },
    clear: async (selection) => of(selection).clear(),
  }
}

/** Here no hint can be given: each write, of whatever format, replaces all that was there. */
function synchronousDevice(hasPrimary: boolean): ClipboardDevice {
  const old = clipboard as unknown as SynchronousClipboard
  const nameOf = (selection: Selection) => (selection === 'primary' ? 'selection' : 'clipboard')
  const writeText = async (text: string) => old.writeText(text)
  return {
    hasPrimary,
    readText: async (selection) => old.readText(nameOf(selection)),
    writeText,
    writeSecret: writeText,
    clear: async (selection) => old.clear(nameOf(selection)),
  }
}

/** The part of `safeStorage` that Electron up to 44 has, and later ones call deprecated. */
interface SynchronousStorage {
  isEncryptionAvailable(): boolean
  encryptString(text: string): Buffer
  decryptString(sealed: Buffer): string
  /** Since Electron 25.3, on Linux alone. */
  getSelectedStorageBackend?(): string
}

/** What the system seals for the person who is signed in, whatever the version of Electron. */
export function systemSealing(platform: NodeJS.Platform = process.platform): SealingDevice {
  const old = safeStorage as unknown as SynchronousStorage
  // A version that does not tell cannot be asked whether it is as good as plain.
  const backend = () => old.getSelectedStorageBackend?.() ?? 'unknown'
  const isAsynchronous = typeof safeStorage.encryptStringAsync === 'function'
  return {
    problem: async () => {
      if (platform === 'linux') {
        const chosen = backend()
        if (chosen === 'basic_text') return 'plaintext'
        if (chosen === 'unknown') return 'unavailable'
      }
      const isAvailable = isAsynchronous
        ? await safeStorage.isAsyncEncryptionAvailable()
        : old.isEncryptionAvailable()
      return isAvailable ? undefined : 'unavailable'
    },
    seal: async (text) =>
      isAsynchronous ? safeStorage.encryptStringAsync(text) : old.encryptString(text),
    open: async (sealed) => {
      const bytes = Buffer.from(sealed)
      return isAsynchronous
        ? (await safeStorage.decryptStringAsync(bytes)).result
        : old.decryptString(bytes)
    },
  }
}
