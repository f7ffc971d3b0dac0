import { dialog, type BrowserWindow } from 'electron'
import type { DialogPort, FileQuestion } from '../ipc/ports'

/**
 * The system's file dialogs over our window. Who locks meanwhile has given up: the answer comes when the
 * window goes, whatever becomes of the dialog.
 */
export function systemDialogs(currentWindow: () => BrowserWindow | undefined): DialogPort {
  const ask = async (
    show: (window: BrowserWindow) => Promise<string | undefined>,
  ): Promise<string | undefined> => {
    const window = currentWindow()
    if (window === undefined) return undefined
    const closed = new Promise<undefined>((resolve) => {
      window.once('closed', () => resolve(undefined))
    })
    return Promise.race([show(window), closed])
  }
  return {
    chooseNewFile: (question) =>
      ask(async (window) => {
        const { canceled, filePath } = await dialog.showSaveDialog(window, {
          ...optionsOf(question),
          properties: ['createDirectory', 'showOverwriteConfirmation', 'dontAddToRecent'],
        })
        return canceled || !filePath ? undefined : filePath
      }),
    chooseFile: (question) =>
      ask(async (window) => {
        const { canceled, filePaths } = await dialog.showOpenDialog(window, {
          ...optionsOf(question),
          properties: ['openFile', 'dontAddToRecent'],
        })
        return canceled ? undefined : filePaths[0]
      }),
  }
}

function optionsOf({ suggestedPath, extension, kind }: FileQuestion) {
  return {
    ...(suggestedPath === undefined ? {} : { defaultPath: suggestedPath }),
    filters: [{ name: kind, extensions: [extension] }],
  }
}
