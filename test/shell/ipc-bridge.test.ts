import type { IpcMain, WebContents } from 'electron'
import { describe, expect, test, vi } from 'vitest'
import { channels } from '../../src-main/contract/channels'
import { connectIpc } from '../../src-main/shell/ipc-bridge'

const origin = 'app://coffret'

/** The bridge over a fake ipcMain, with the frame of our window and another one. */
function bridge() {
  const dispatch = vi.fn(async () => ({ ok: true, value: 1 }) as const)
  const onActivity = vi.fn()
  const handle = vi.fn()
  const on = vi.fn()
  const mainFrame = { origin }
  const ours = { mainFrame } as unknown as WebContents
  const ipcMain = { handle, on } as unknown as IpcMain
  connectIpc({ ipcMain, dispatch, origin, onActivity, isOurWindow: (one) => one === ours })
  const call = (event: object) => handle.mock.calls[0]?.[1](event, 'app.info', { a: 1 })
  const act = (event: object) => on.mock.calls[0]?.[1](event)
  return { dispatch, onActivity, handle, on, ours, mainFrame, call, act }
}

test('there are two channels, and one of them is for calls', () => {
  const { handle, on } = bridge()
  expect(handle.mock.calls.map(([name]) => name)).toEqual([channels.call])
  expect(on.mock.calls.map(([name]) => name)).toEqual([channels.activity])
})

test('a call of our page arrives with its name, its input and its sender', async () => {
  const { call, dispatch, ours, mainFrame } = bridge()
  expect(await call({ sender: ours, senderFrame: mainFrame })).toEqual({ ok: true, value: 1 })
  const sender = { isOurWindow: true, isMainFrame: true, origin }
  expect(dispatch).toHaveBeenCalledWith(sender, 'app.info', { a: 1 })
})

describe('the sender is not taken for our page', () => {
  const gone = {
    get origin() {
      throw new Error('Render frame was disposed')
    },
  }
  test.each([
    ['in another window', { sender: { mainFrame: { origin } } }, { isOurWindow: false }],
    ['in a frame below', { senderFrame: { origin } }, { isMainFrame: false }],
    ['on another page', { senderFrame: { origin: 'https://a' } }, { origin: 'https://a' }],
    ['when its frame has left', { senderFrame: null }, { isMainFrame: false, origin: '' }],
    ['when its frame is gone', { senderFrame: gone }, { isOurWindow: false }],
  ])('%s', (_, difference, expected) => {
    const { call, act, dispatch, onActivity, ours, mainFrame } = bridge()
    const event = { sender: ours, senderFrame: mainFrame, ...difference }
    call(event)
    const [[sender]] = dispatch.mock.calls as unknown as [[object]]
    expect(sender).toMatchObject(expected)
    act(event)
    expect(onActivity).not.toHaveBeenCalled()
  })
})

test('our page says that it is used', () => {
  const { act, onActivity, ours, mainFrame } = bridge()
  act({ sender: ours, senderFrame: mainFrame })
  expect(onActivity).toHaveBeenCalledOnce()
})
