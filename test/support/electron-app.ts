import { chmodSync, chownSync, mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { _electron, errors, type ElectronApplication, type Page } from '@playwright/test'

/** A running Coffret. */
export interface RunningCoffret {
  readonly app: ElectronApplication
  /** The first window. */
  readonly page: Page
  /** Its home folder: give it to the next launch to start again with the same data. */
  readonly profile: string
  /** Ends it as closing its window does, or by force after ten seconds. */
  close(): Promise<void>
}

export interface LaunchOptions {
  /** From `makeProfile()`; a new one by default. */
  readonly profile?: string
  /** Added to the environment, which is otherwise the same on every machine. */
  readonly env?: Readonly<Record<string, string>>
  /** After the app's folder. */
  readonly args?: readonly string[]
}

/** The user that Electron runs as when tests run as root: `nobody` on Debian. */
const nobody = 65534
const launchTimeoutMs = 30_000

/**
 * How often a start is tried: about one in a hundred on a loaded machine never answers the debugger, with
 * both of its ends connected and the app not yet begun.
 */
const launchTries = 3
const closeTimeoutMs = 10_000

/**
 * A new home folder, private to the user that Electron runs as; gone after the run. App data is in
 * `.config/Coffret`.
 */
export function makeProfile(): string {
  const profile = mkdtempSync(join(given('COFFRET_PROFILES'), 'p-'))
  const runtime = join(profile, '.runtime')
  mkdirSync(runtime)
  for (const folder of [profile, runtime]) {
    chmodSync(folder, 0o700)
    if (process.getuid?.() === 0) chownSync(folder, nobody, nobody)
  }
  return profile
}

/** Starts the built app in the real Electron and waits for its window. */
export async function launchCoffret(options: LaunchOptions = {}): Promise<RunningCoffret> {
  const profile = options.profile ?? makeProfile()
  const app = await launch(profile, options, launchTries)
  const close = () => end(app)
  try {
    return { app, page: await app.firstWindow({ timeout: launchTimeoutMs }), profile, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function launch(
  profile: string,
  options: LaunchOptions,
  tries: number,
): Promise<ElectronApplication> {
  try {
    return await _electron.launch({
      executablePath: given('COFFRET_ELECTRON'),
      args: [given('COFFRET_APP'), ...switches(), ...(options.args ?? [])],
      cwd: given('COFFRET_APP'),
      env: { ...environment(profile), ...options.env },
      // Playwright turns it off otherwise.
      chromiumSandbox: true,
      timeout: launchTimeoutMs,
    })
  } catch (error) {
    if (tries <= 1 || !(error instanceof errors.TimeoutError)) throw error
    console.warn(`the app did not answer within ${launchTimeoutMs} ms, starting it again`)
    return launch(profile, options, tries - 1)
  }
}

function given(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: start these tests with npm run test:e2e`)
  return value
}

function switches(): string[] {
  return (process.env['COFFRET_SWITCHES'] ?? '').split(' ').filter((one) => one !== '')
}

function environment(profile: string): Record<string, string> {
  const kept = [
    'PATH',
    'DISPLAY',
    'WAYLAND_DISPLAY',
    'XAUTHORITY',
    'SYSTEMROOT',
    'COFFRET_ELECTRON_BINARY',
    'COFFRET_RUNTIME_FALLBACK',
  ]
  const inherited = kept.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    ...Object.fromEntries(inherited),
    HOME: profile,
    APPDATA: profile,
    XDG_RUNTIME_DIR: join(profile, '.runtime'),
    LANG: 'en_US.UTF-8',
    // No session bus: tests must not reach the keychain of whoever runs them.
    DBUS_SESSION_BUS_ADDRESS: 'disabled:',
  }
}

/** Gives a file to the user that Electron runs as. */
export function giveToApp(file: string): void {
  if (process.getuid?.() === 0) chownSync(file, nobody, nobody)
}

const ended = new WeakSet<ElectronApplication>()

async function end(app: ElectronApplication): Promise<void> {
  // Tests that restart the app have ended it before their fixture does.
  if (ended.has(app)) return
  ended.add(app)
  const process = app.process()
  const closed = app.close().catch(() => undefined)
  const timeout = new AbortController()
  const late = delay(closeTimeoutMs, undefined, { signal: timeout.signal }).catch(() => undefined)
  await Promise.race([closed, late])
  timeout.abort()
  if (process.exitCode === null && process.signalCode === null) process.kill('SIGKILL')
}
