import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { CoffretBridge } from './contract/bridge'
import { channels } from './contract/channels'
import type { AppEvent } from './contract/events'

/** Overwrites the byte arrays in an argument: this side's copy of a passphrase is done with once it is sent. */
function wipeBytes(value: unknown): void {
  if (value instanceof Uint8Array) value.fill(0)
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(wipeBytes)
}

/** Up to Electron 31 a file says it itself; later ones ask `webUtils`, which is not there before 29. */
function pathOf(file: File): string {
  const tools = webUtils as typeof webUtils | undefined
  if (tools !== undefined) return tools.getPathForFile(file)
  const path: unknown = Reflect.get(file, 'path')
  return typeof path === 'string' ? path : ''
}

const bridge: CoffretBridge = {
  call: async (name, input) => {
    try {
      // `invoke` has copied its arguments when it returns.
      const answer = ipcRenderer.invoke(channels.call, name, input)
      wipeBytes(input)
      return await answer
    } catch {
      return { ok: false, error: { code: 'internal', message: 'the call did not reach main' } }
    }
  },
  listen: (listener) => {
    const hear = (_event: unknown, event: AppEvent) => listener(event)
    ipcRenderer.on(channels.event, hear)
    return () => {
      ipcRenderer.off(channels.event, hear)
    }
  },
  pathOf,
}

contextBridge.exposeInMainWorld('coffret', bridge)

/** How often main hears that somebody uses the window, at most. */
const activityEveryMs = 5000
let toldAt = -Infinity
let pointer = ''

/** Real input only: `isTrusted` is false for events that a script makes. */
function tellActivity(event: Event): void {
  if (!event.isTrusted || isStill(event) || event.timeStamp - toldAt < activityEveryMs) return
  toldAt = event.timeStamp
  ipcRenderer.send(channels.activity)
}

/** Whether the pointer has not moved: Chromium also says so when the page moves below it. */
function isStill(event: Event): boolean {
  if (!(event instanceof PointerEvent) || event.type !== 'pointermove') return false
  const before = pointer
  pointer = `${event.screenX} ${event.screenY}`
  return pointer === before
}

for (const name of ['pointerdown', 'pointermove', 'wheel', 'keydown']) {
  window.addEventListener(name, tellActivity, { capture: true, passive: true })
}
