import { EventEmitter } from 'node:events'
import type { BrowserWindow, BrowserWindowConstructorOptions, NativeImage } from 'electron'
import { beforeEach, describe, expect, test, vi } from 'vitest'

class FakeWindow extends EventEmitter {
  static readonly all: FakeWindow[] = []
  constructor(readonly options: BrowserWindowConstructorOptions) {
    super()
    FakeWindow.all.push(this)
  }
  loadURL = vi.fn(async () => undefined)
  show = vi.fn()
  focus = vi.fn()
}

const handle = vi.fn()
const onBeforeRequest = vi.fn()
const fromPartition = vi.fn(() => ({ protocol: { handle }, webRequest: { onBeforeRequest } }))

vi.mock('electron', () => ({ BrowserWindow: FakeWindow, session: { fromPartition } }))

const { DocumentationWindow, documentationHandler } =
  await import('../../src-main/shell/documentation-window')
const { isolation, partition } = await import('../../src-main/shell/window-options')

const icon = {} as NativeImage
const answer = ({ method }: Request, path: string) =>
  path === '/docs/' ? new Response(method, { status: 200 }) : undefined

beforeEach(() => {
  FakeWindow.all.length = 0
  vi.clearAllMocks()
})

describe('the window', () => {
  test('opens once, in front when it is asked for again, and anew when it was closed', () => {
    const documentation = new DocumentationWindow({ answer, icon })
    documentation.open(undefined)
    documentation.open(undefined)
    const [first] = FakeWindow.all
    expect(FakeWindow.all).toHaveLength(1)
    expect(first?.focus).toHaveBeenCalledOnce()
    first?.emit('ready-to-show')
    expect(first?.show).toHaveBeenCalledOnce()
    first?.emit('closed')
    documentation.open(undefined)
    expect(FakeWindow.all).toHaveLength(2)
    expect(handle).toHaveBeenCalledOnce()
  })

  test('goes to the other page when that is asked for', () => {
    const documentation = new DocumentationWindow({ answer, icon })
    documentation.open(undefined)
    documentation.open(undefined, '/docs/try/')
    documentation.open(undefined, '/docs/try/')
    expect(FakeWindow.all[0]?.loadURL.mock.calls).toEqual([
      ['coffret-docs://api/docs/'],
      ['coffret-docs://api/docs/try/'],
    ])
  })

  test('has a session of its own without a network, and neither preload nor tools', () => {
    new DocumentationWindow({ answer, icon }).open(undefined)
    const preferences = FakeWindow.all[0]?.options.webPreferences
    expect(preferences).toEqual({ ...isolation, partition: 'documentation', devTools: false })
    expect(preferences?.partition).not.toBe(partition)
    expect(fromPartition).toHaveBeenCalledWith('documentation')
    expect(onBeforeRequest).toHaveBeenCalledOnce()
  })

  test('goes when the window goes that it belongs to', () => {
    const parent = {} as BrowserWindow
    new DocumentationWindow({ answer, icon }).open(parent)
    expect(FakeWindow.all[0]?.options.parent).toBe(parent)
  })
})

describe('an address', () => {
  const request = documentationHandler(answer)

  test('of the documentation is answered in process', async () => {
    const reply = await request(new Request('coffret-docs://api/docs/'))
    expect(await reply.text()).toBe('GET')
  })

  test.each([
    'coffret-docs://api/other',
    'coffret-docs://api',
    'coffret-docs://other/docs/',
    'coffret-docs://api.evil/docs/',
    'app://coffret/index.html',
    'file:///docs/',
  ])('%s is not found', async (url) => {
    expect((await request(new Request(url))).status).toBe(404)
  })
})
