import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron'
import { channels } from '../contract/channels'
import { isTrusted, type Dispatch, type Sender } from '../ipc/dispatch'

/** What the bridge stands on. */
export interface IpcBridgeOptions {
  readonly ipcMain: IpcMain
  readonly dispatch: Dispatch
  /** The origin of our page. */
  readonly origin: string
  readonly isOurWindow: (contents: WebContents) => boolean
  /** Somebody uses the window. */
  readonly onActivity: () => void
}

/** Connects Electron's messages with the dispatch. */
export function connectIpc(options: IpcBridgeOptions): void {
  const { ipcMain, dispatch, origin, isOurWindow, onActivity } = options
  ipcMain.handle(channels.call, (event, name: unknown, input: unknown) =>
    dispatch(senderOf(event, isOurWindow), name, input),
  )
  ipcMain.on(channels.activity, (event) => {
    if (isTrusted(senderOf(event, isOurWindow), origin)) onActivity()
  })
}

/** A frame that is gone answers none of these questions: its messages are a stranger's. */
function senderOf(
  { sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent,
  isOurWindow: (contents: WebContents) => boolean,
): Sender {
  try {
    return {
      isOurWindow: isOurWindow(sender),
      isMainFrame: senderFrame !== null && senderFrame === sender.mainFrame,
      origin: senderFrame?.origin ?? '',
    }
  } catch {
    return { isOurWindow: false, isMainFrame: false, origin: '' }
  }
}
