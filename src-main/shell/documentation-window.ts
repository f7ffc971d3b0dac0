import { BrowserWindow, session, type NativeImage } from 'electron'
import { refuseNetwork } from './hardening'
import { isolation } from './window-options'

/** The scheme of the documentation: another one than our page's, so that neither reaches the other. */
export const documentationScheme = 'coffret-docs'

const origin = `${documentationScheme}://api`
// Without `persist:`, so that nothing of it reaches the disk.
const partition = 'documentation'

/** What the window stands on. */
export interface DocumentationWindowOptions {
  /** Answers for the description of the API and its page; undefined for any other address. */
  readonly answer: (method: string, rawPath: string) => Response | undefined
  readonly icon: NativeImage
}

/**
 * The window with the description of the API: outside the page that shows secrets, in a session of its
 * own, without a preload, and without a network. What it loads is answered in this process.
 */
export class DocumentationWindow {
  #window: BrowserWindow | undefined
  #isServed = false

  constructor(private readonly options: DocumentationWindowOptions) {}

  /** Opens it, or brings it to the front. @param parent closes it when it closes */
  open(parent: BrowserWindow | undefined): void {
    if (this.#window !== undefined) {
      this.#window.focus()
      return
    }
    this.#serve()
    const window = new BrowserWindow(documentationWindowOptions(this.options.icon, parent))
    this.#window = window
    window.on('closed', () => (this.#window = undefined))
    window.once('ready-to-show', () => window.show())
    // A page that cannot be loaded shows an empty window; there is nothing more to do about it here.
    window.loadURL(`${origin}/docs/`).catch(() => undefined)
  }

  #serve(): void {
    if (this.#isServed) return
    this.#isServed = true
    const own = session.fromPartition(partition)
    own.protocol.handle(documentationScheme, documentationHandler(this.options.answer))
    refuseNetwork(own)
  }
}

/** Answers requests of the page, and 404 to any other. */
export function documentationHandler(
  answer: DocumentationWindowOptions['answer'],
): (request: { method: string; url: string }) => Response {
  return ({ method, url }) => {
    const path = url.startsWith(`${origin}/`) ? url.slice(origin.length) : undefined
    return (path && answer(method, path)) || new Response(null, { status: 404 })
  }
}

/** The options of the window: no preload, and no developer tools either. */
export function documentationWindowOptions(icon: NativeImage, parent: BrowserWindow | undefined) {
  return {
    width: 1000,
    height: 760,
    show: false,
    title: 'Coffret API',
    icon,
    autoHideMenuBar: true,
    ...(parent === undefined ? {} : { parent }),
    webPreferences: {
      partition,
      ...isolation,
      devTools: false,
    },
  }
}
