import type { ElectronApplication } from '@playwright/test'
import type { CallName } from '../../src-main/contract/calls'
import { channels } from '../../src-main/contract/channels'
import type { FailureCode } from '../../src-main/contract/errors'

/** What main does for the window: by channel. Electron keeps it under this name in every version we run on. */
type Invoked = (event: unknown, name: unknown, input: unknown) => unknown
interface Holder {
  held?: { give: (failure?: string) => void }[]
}

/** Calls of one name that wait, as those to a slow server do. */
export interface HeldCalls {
  /** How many wait. */
  waiting(): Promise<number>
  /** Lets those that wait go on, or fail; later ones do not wait any more. */
  release(failure?: FailureCode): Promise<void>
}

/** From here on calls of this name wait until the test lets them go; of one name at a time. */
export async function holdCalls(app: ElectronApplication, name: CallName): Promise<HeldCalls> {
  const holding = { channel: channels.call, name }
  await app.evaluate(({ ipcMain }, { channel, name: slow }) => {
    const holder = globalThis as Holder
    const handlers = Reflect.get(ipcMain, '_invokeHandlers') as Map<string, Invoked>
    const answer = handlers.get(channel)
    if (answer === undefined) throw new Error('main answers no calls')
    const held: NonNullable<Holder['held']> = []
    holder.held = held
    handlers.set(channel, async (event, called, input) => {
      // Released: as it was.
      if (called !== slow || holder.held !== held) return answer(event, called, input)
      const failure = await new Promise<string | undefined>((give) => held.push({ give }))
      if (failure === undefined) return answer(event, called, input)
      return { ok: false, error: { code: failure, message: 'refused by the test' } }
    })
  }, holding)
  return {
    waiting: () => app.evaluate(() => (globalThis as Holder).held?.length ?? 0),
    release: (failure) =>
      app.evaluate((_, code) => {
        const holder = globalThis as Holder
        const { held = [] } = holder
        delete holder.held
        for (const { give } of held) give(code)
      }, failure),
  }
}
