import { BrowserWindow, session, type NativeImage } from 'electron'
import { refuseNetwork } from './hardening'
import { isolation } from './window-options'

/** The scheme of the documentation: another one than our page's, so that neither reaches the other. */
export const documentationScheme = 'coffret-docs'

const origin = `${documentationScheme}://api`
// Without `persist:`, so that nothing of it reaches the disk.
const partition = 'documentation'

/** The two pages: one for reading, one where requests can be tried. */
export type DocumentationPage = '/docs/' | '/docs/try/'

type Answer = Response | undefined

/** What the window stands on. */
export interface DocumentationWindowOptions {
  /**
   * Answers for the description of the API and its page, and for the API itself where requests can be tried;
   * undefined for any other address.
   */
  readonly answer: (request: Request, rawPath: string) => Answer | Promise<Answer>
  readonly icon: NativeImage
}

/**
 * The window with the description of the API: outside the page that shows secrets, in a session of its
 * own, without a preload, and without a network. What it loads is answered in this process.
 */
export class DocumentationWindow {
  #window: BrowserWindow | undefined
  #isServed = false
  #page: DocumentationPage = '/docs/'

  constructor(private readonly options: DocumentationWindowOptions) {}

  /** Opens it, or brings it to the front. @param parent closes it when it closes */
  open(parent: BrowserWindow | undefined, page: DocumentationPage = '/docs/'): void {
    const isOther = page !== this.#page
    this.#page = page
    if (this.#window !== undefined) {
      if (isOther) this.#load(this.#window)
      this.#window.focus()
      return
    }
    this.#serve()
    const window = new BrowserWindow(documentationWindowOptions(this.options.icon, parent))
    this.#window = window
    window.on('closed', () => (this.#window = undefined))
    window.once('ready-to-show', () => window.show())
    this.#load(window)
  }

  #load(window: BrowserWindow): void {
    // A page that cannot be loaded shows an empty window; there is nothing more to do about it here.
    window.loadURL(`${origin}${this.#page}`).catch(() => undefined)
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
): (request: Request) => Promise<Response> {
  return async (request) => {
    const { url } = request
    const path = url.startsWith(`${origin}/`) ? url.slice(origin.length) : undefined
    const found = path === undefined ? undefined : await answer(request, path)
    return found ?? new Response(null, { status: 404 })
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
