import { EventEmitter } from 'node:events'
import type { App, Session, WebContents } from 'electron'
import { describe, expect, test, vi } from 'vitest'
import { harden, refuseNetwork } from '../../src-main/shell/hardening'

const page = 'app://coffret/index.html'

/** An app in which one page and one session appear. */
function hardened() {
  const app = new EventEmitter()
  harden(app as App, page)
  const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: vi.fn() })
  const session = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: vi.fn(),
    setPermissionCheckHandler: vi.fn(),
    setDevicePermissionHandler: vi.fn(),
    setSpellCheckerEnabled: vi.fn(),
  })
  app.emit('web-contents-created', {}, contents as unknown as WebContents)
  app.emit('session-created', session as unknown as Session)
  return { contents, session }
}

/** Whether an event was refused. */
function isRefused(emitter: EventEmitter, name: string, details: object = {}): boolean {
  const event = { ...details, preventDefault: vi.fn() }
  emitter.emit(name, event)
  return event.preventDefault.mock.calls.length > 0
}

describe('every page', () => {
  test.each([
    'https://example.org/',
    'app://coffret/other.html',
    'app://coffret/index.html?a',
    'file:///tmp/dropped.html',
    'javascript:alert(1)',
    'data:text/html,a',
    'about:blank',
  ])('is refused the way to %s', (url) => {
    const { contents } = hardened()
    expect(isRefused(contents, 'will-navigate', { url })).toBe(true)
    expect(isRefused(contents, 'will-frame-navigate', { url, isMainFrame: true })).toBe(true)
  })

  test('may reload itself, but not into a frame', () => {
    const { contents } = hardened()
    expect(isRefused(contents, 'will-navigate', { url: page })).toBe(false)
    expect(isRefused(contents, 'will-frame-navigate', { url: page, isMainFrame: true })).toBe(false)
    expect(isRefused(contents, 'will-frame-navigate', { url: page, isMainFrame: false })).toBe(true)
  })

  test('is refused redirects, webviews and windows', () => {
    const { contents } = hardened()
    expect(isRefused(contents, 'will-redirect', { url: page })).toBe(true)
    expect(isRefused(contents, 'will-attach-webview')).toBe(true)
    expect(contents.setWindowOpenHandler.mock.calls[0]?.[0]({ url: page })).toEqual({
      action: 'deny',
    })
  })
})

describe('every session', () => {
  test('is refused permissions, asked for or looked up, and devices', () => {
    const { session } = hardened()
    const answer = vi.fn()
    session.setPermissionRequestHandler.mock.calls[0]?.[0]({}, 'clipboard-read', answer)
    expect(answer).toHaveBeenCalledWith(false)
    expect(session.setPermissionCheckHandler.mock.calls[0]?.[0]()).toBe(false)
    expect(session.setDevicePermissionHandler.mock.calls[0]?.[0]()).toBe(false)
  })

  test('downloads nothing and checks no spelling', () => {
    const { session } = hardened()
    expect(isRefused(session, 'will-download')).toBe(true)
    expect(session.setSpellCheckerEnabled).toHaveBeenCalledWith(false)
  })
})

test('the session of the page has no network', () => {
  const onBeforeRequest = vi.fn()
  refuseNetwork({ webRequest: { onBeforeRequest } } as unknown as Session)
  const [{ urls }, listener] = onBeforeRequest.mock.calls[0]!
  expect(urls).toEqual(expect.arrayContaining(['http://*/*', 'https://*/*', 'wss://*/*']))
  const answer = vi.fn()
  listener({}, answer)
  expect(answer).toHaveBeenCalledWith({ cancel: true })
})
