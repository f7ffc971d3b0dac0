import { join, resolve } from 'node:path'
import { CoffretError } from '../contract/errors'
import { runtimeFolder } from '../http/runtime-folder'
import type { ListenerStatus } from '../kv/listener'
import type { CommandPorts, ServableVault } from './ports'
import { SessionAccess } from './session-access'

/** What `coffret serve` was told. */
export interface ServeOptions {
  readonly vault: string
  readonly passphraseFile?: string
  /** 0 for any that is free. */
  readonly port: number
  readonly socket?: string
  readonly readyFile?: string
}

/** A vault that is being served. */
export interface Serving {
  readonly status: ListenerStatus
  /**
   * Answers what is under way, revokes what was made for this session, locks, and lets the file go.
   * @throws CoffretError when something of this session could not be revoked; it is locked then too
   */
  end(): Promise<void>
}

/**
 * Serves a vault to programs, until its end.
 * @param passphrase gives it; it is wiped afterwards
 * @throws CoffretError `wrong_passphrase`; `busy` for a port or socket that is taken; what opening throws
 */
export async function serve(
  options: ServeOptions,
  ports: CommandPorts,
  passphrase: () => Promise<Uint8Array>,
): Promise<Serving> {
  // Before anybody is asked anything: it may be no vault.
  const served = ports.openVault(resolve(options.vault))
  let session: SessionAccess | undefined
  try {
    await unlock(served, await passphrase())
    warnOfOlderFile(served, ports)
    session = SessionAccess.begin(served, runtimeFolder(process.env))
    const status = await served.listener.start({
      port: options.port,
      socketFile: resolve(options.socket ?? join(session.folder, 'api.sock')),
    })
    if (options.readyFile !== undefined) {
      const { authority } = await served.access.serverIdentity()
      await session.announce(resolve(options.readyFile), status, authority)
    }
    const begun = session
    return { status, end: () => end(served, begun) }
  } catch (error) {
    await end(served, session).catch(() => undefined)
    throw error
  }
}

async function unlock({ vault }: ServableVault, passphrase: Uint8Array): Promise<void> {
  try {
    await vault.unlockWithPassphrase(passphrase)
  } finally {
    passphrase.fill(0)
  }
}

/** It goes on: reading is what one may need now, and writing is refused until somebody has decided. */
function warnOfOlderFile({ vault }: ServableVault, { terminal }: CommandPorts): void {
  if (vault.discontinuity === undefined) return
  terminal.warn(
    'coffret: the file is an older or another copy than this computer knows: it can be read, and is ' +
      'written again once you have accepted it in the app',
  )
}

async function end({ vault, listener }: ServableVault, session?: SessionAccess): Promise<void> {
  let failure: unknown
  await listener.stop()
  try {
    session?.end()
  } catch (error) {
    failure = error
  }
  vault.lock()
  await vault.settled()
  vault.close()
  if (failure === undefined) return
  const code = failure instanceof CoffretError ? failure.code : 'internal'
  const problem = 'the credentials of this session could not be revoked: do it in the app'
  throw new CoffretError(code, problem, { cause: failure })
}
