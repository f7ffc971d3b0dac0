import { dialog, shell, type BrowserWindow } from 'electron'
import { CoffretError } from '../contract/errors'
import type { DialogPort, FileQuestion } from '../ipc/ports'

/**
 * The system's file dialogs, one at a time. Who locks meanwhile has given up: the answer comes when the
 * window goes, whatever becomes of the dialog.
 */
export function systemDialogs(
  currentWindow: () => BrowserWindow | undefined,
  platform: NodeJS.Platform = process.platform,
): DialogPort {
  let asking: BrowserWindow | undefined
  const ask = async (
    show: (parent: [BrowserWindow] | []) => Promise<string | undefined>,
  ): Promise<string | undefined> => {
    const window = currentWindow()
    if (window === undefined) return undefined
    if (asking === window) throw new CoffretError('busy', 'a file dialog is open already')
    asking = window
    const closed = new Promise<undefined>((resolve) => {
      window.once('closed', () => resolve(undefined))
    })
    try {
      // GTK's dialog reaches for its parent when it ends: one that a lock has destroyed ends the app.
      return await Promise.race([show(platform === 'linux' ? [] : [window]), closed])
    } finally {
      if (asking === window) asking = undefined
    }
  }
  return {
    chooseNewFile: (question) =>
      ask(async (parent) => {
        const { canceled, filePath } = await showSaveDialog(parent, question)
        return canceled || !filePath ? undefined : filePath
      }),
    chooseFile: (question) =>
      ask(async (parent) => {
        const { canceled, filePaths } = await showOpenDialog(parent, question)
        return canceled ? undefined : filePaths[0]
      }),
    chooseFolder: (suggestedPath) =>
      ask(async (parent) => {
        const { canceled, filePaths } = await showFolderDialog(parent, suggestedPath)
        return canceled ? undefined : filePaths[0]
      }),
  }
}

/** Shows a folder in the system's file manager. @throws CoffretError `not_found` */
export async function showFolder(folder: string): Promise<void> {
  const problem = await shell.openPath(folder)
  if (problem !== '') throw new CoffretError('not_found', 'the folder was not shown')
}

function showSaveDialog([parent]: [BrowserWindow] | [], question: FileQuestion) {
  const options: Electron.SaveDialogOptions = {
    ...optionsOf(question),
    properties: ['createDirectory', 'showOverwriteConfirmation', 'dontAddToRecent'],
  }
  return parent ? dialog.showSaveDialog(parent, options) : dialog.showSaveDialog(options)
}

function showOpenDialog([parent]: [BrowserWindow] | [], question: FileQuestion) {
  const options: Electron.OpenDialogOptions = {
    ...optionsOf(question),
    properties: ['openFile', 'dontAddToRecent'],
  }
  return parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options)
}

function showFolderDialog([parent]: [BrowserWindow] | [], suggestedPath: string) {
  const options: Electron.OpenDialogOptions = {
    defaultPath: suggestedPath,
    properties: ['openDirectory', 'createDirectory', 'dontAddToRecent'],
  }
  return parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options)
}

function optionsOf({ suggestedPath, extension, kind }: FileQuestion) {
  return {
    ...(suggestedPath === undefined ? {} : { defaultPath: suggestedPath }),
    filters: [{ name: kind, extensions: [extension] }],
  }
}
