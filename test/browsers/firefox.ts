import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import type { BrowserHome } from './browser-home'

/** An answer: its number, an error or null, and what it says. */
const Answer = z.tuple([z.literal(1), z.number(), z.unknown(), z.unknown()])

/**
 * Drives Firefox by Marionette, its own protocol: JSON behind its length, on a loopback port.
 * Source: firefox-source-docs.mozilla.org, Marionette, Protocol.
 */
export class Firefox {
  #unread = Buffer.alloc(0)
  #count = 0
  readonly #waiting: ((message: unknown) => void)[] = []

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
  }

  /** Starts the browser with a profile, which shows a client certificate of its own accord. */
  static async start(home: BrowserHome, profile: string): Promise<Firefox> {
    const settings = {
      'marionette.port': 0,
      'security.default_personal_cert': 'Select Automatically',
    }
    const lines = Object.entries(settings).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
    )
    writeFileSync(join(profile, 'user.js'), lines.join(''))
    const program = home.launcher('firefox-esr')
    home.handOver()
    const args = [
      '--headless',
      '--marionette',
      '--remote-allow-system-access',
      '--no-remote',
      '--profile',
      profile,
    ]
    const child = spawn(program, args, { env: { ...home.environment }, stdio: 'ignore' })
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    onTestFinished(async () => {
      child.kill()
      await ended
    })
    const port = await portOf(join(profile, 'MarionetteActivePort'))
    const firefox = new Firefox(connect(port, '127.0.0.1'))
    onTestFinished(() => void firefox.socket.destroy())
    await firefox.#next()
    await firefox.#send('WebDriver:NewSession', { capabilities: {} })
    return firefox
  }

  async open(url: string): Promise<void> {
    await this.#send('WebDriver:Navigate', { url })
  }

  /** Runs the body of a function in the page, which may return a promise. */
  async evaluate(script: string): Promise<unknown> {
    const answer = await this.#send('WebDriver:ExecuteScript', { script, args: [] })
    return z.object({ value: z.unknown() }).parse(answer).value
  }

  /**
   * The labels of the tabs and buttons of a page of the browser itself, opened as a person does who types
   * its address: no page may lead there.
   */
  async labelsAt(address: string): Promise<unknown> {
    await this.#send('Marionette:SetContext', { value: 'chrome' })
    const script = `
      const { gBrowser } = Services.wm.getMostRecentWindow('navigator:browser')
      const tab = gBrowser.addTrustedTab(address)
      const { contentDocument } = await new Promise((resolve) => {
        const { linkedBrowser } = tab
        linkedBrowser.addEventListener('load', () => resolve(linkedBrowser), true)
      })
      await contentDocument.l10n.ready
      await contentDocument.l10n.translateFragment(contentDocument.documentElement)
      return [...contentDocument.querySelectorAll('tab, button')].map((one) => one.label)`
    const body = `return (async (address) => {${script}})(...arguments)`
    const answer = await this.#send('WebDriver:ExecuteScript', { script: body, args: [address] })
    return z.object({ value: z.unknown() }).parse(answer).value
  }

  async #send(name: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown> {
    const message = JSON.stringify([0, ++this.#count, name, parameters])
    const answer = this.#next()
    this.socket.write(`${Buffer.byteLength(message)}:${message}`)
    const [, , error, result] = Answer.parse(await answer)
    if (error !== null) throw new Error(`${name}: ${JSON.stringify(error)}`)
    return result
  }

  #next(): Promise<unknown> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #read(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk])
    for (;;) {
      const colon = this.#unread.indexOf(':')
      const length = Number(this.#unread.subarray(0, colon).toString())
      const end = colon + 1 + length
      if (colon < 0 || this.#unread.length < end) return
      const message: unknown = JSON.parse(this.#unread.subarray(colon + 1, end).toString())
      this.#unread = this.#unread.subarray(end)
      this.#waiting.shift()?.(message)
    }
  }
}

/** Firefox writes it when it listens. */
async function portOf(file: string): Promise<number> {
  for (let tries = 0; tries < 600; tries += 1) {
    const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
    if (text !== '') return Number(text)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('Firefox did not begin to listen')
}
