import { join } from 'node:path'
import { CoffretError } from '../contract/errors'
import type { LocalApiStatus } from '../contract/listener-calls'
import type { LocalApiSettings } from '../contract/local-api-settings'
import type { VaultId } from '../contract/model'
import type { Listener } from '../kv/listener'
import type { SettingsFile } from '../kv/settings-file'
import type { StoreRegistry } from '../stores/store-registry'
import { runtimeFolder, type RuntimeEnvironment } from './runtime-folder'

/** What the local API of the app stands on. */
export interface LocalApiParts {
  readonly settings: SettingsFile
  readonly stores: Pick<StoreRegistry, 'vault'>
  /** A listener for one vault. */
  readonly newListener: (vault: VaultId) => Listener
  /** Writes the certificate that clients are to trust into a file, and names it. */
  readonly keepAuthority: (vault: VaultId) => Promise<string>
  /** Hears of every change of the status but for the number of requests. */
  readonly onChange: () => void
  readonly environment: RuntimeEnvironment
}

/** What is to be served, and where. */
export type LocalApiRequest = Omit<LocalApiSettings, 'isOn' | 'vault'> & { readonly vault: VaultId }

/**
 * The one listener of the app, for one vault. Once it is switched on it starts with the next unlocking of
 * that vault, and stays while the vault is locked.
 */
export class LocalApi {
  #running:
    { readonly vault: VaultId; readonly listener: Listener; readonly caFile: string } | undefined
  #problem: CoffretError | undefined
  /** One thing after the other. */
  #queue: Promise<unknown> = Promise.resolve()
  #hasEnded = false

  constructor(private readonly parts: LocalApiParts) {}

  status(): LocalApiStatus {
    const running = this.#running
    const listening = running?.listener.status
    const problem = this.#problem
    return {
      settings: this.parts.settings.read().localApi,
      ...(running === undefined || listening === undefined
        ? {}
        : {
            running: {
              ...{ ...listening, vault: running.vault, caFile: running.caFile },
              isLocked: this.#isLocked(running.vault),
            },
          }),
      ...(problem === undefined ? {} : { problem: failureOf(problem) }),
    }
  }

  /** Switches it on. @throws CoffretError `locked`, `not_found`, and what a listener's start throws */
  start(request: LocalApiRequest): Promise<LocalApiStatus> {
    return this.#inTurn(async () => {
      if (this.parts.stores.vault(request.vault).isLocked) {
        throw new CoffretError('locked', 'the vault must be unlocked for its certificate')
      }
      await this.#stop()
      await this.#begin(request)
      this.parts.settings.change({ localApi: { ...request, isOn: true } })
      return this.#changed()
    })
  }

  /** Switches it off. */
  stop(): Promise<LocalApiStatus> {
    return this.#inTurn(async () => {
      const { localApi } = this.parts.settings.read()
      this.parts.settings.change({ localApi: { ...localApi, isOn: false } })
      await this.#stop()
      return this.#changed()
    })
  }

  /** To be called when a vault was locked or unlocked, or the list of vaults changed. */
  follow(): void {
    const { isOn, vault, ...place } = this.parts.settings.read().localApi
    if (!isOn || vault === undefined || this.#hasEnded) return
    if (this.#running !== undefined) {
      this.parts.onChange()
      return this.refresh()
    }
    // One try for each unlocking.
    if (this.#isLocked(vault)) this.#problem = undefined
    else if (this.#problem === undefined) void this.#inTurn(() => this.#resume({ vault, ...place }))
  }

  /** To be called when credentials changed. */
  refresh(): void {
    // While the vault is locked it goes on with what it has.
    this.#running?.listener.refresh().catch(() => undefined)
  }

  /** Stops for the end of the app; it stays switched on. */
  end(): Promise<void> {
    this.#hasEnded = true
    return this.#inTurn(() => this.#stop())
  }

  async #resume(request: LocalApiRequest): Promise<void> {
    if (this.#running !== undefined || this.#hasEnded) return
    try {
      await this.#begin(request)
    } catch (error) {
      if (!(error instanceof CoffretError)) throw error
      this.#problem = error
    }
    this.#changed()
  }

  async #begin({ vault, port, socket }: LocalApiRequest): Promise<void> {
    const { environment, newListener, keepAuthority } = this.parts
    const socketFile = socket ?? join(runtimeFolder(environment), 'api.sock')
    const listener = newListener(vault)
    const caFile = await keepAuthority(vault)
    await listener.start({ port, socketFile })
    this.#running = { vault, listener, caFile }
    this.#problem = undefined
  }

  async #stop(): Promise<void> {
    const running = this.#running
    this.#running = undefined
    this.#problem = undefined
    await running?.listener.stop()
  }

  #isLocked(vault: VaultId): boolean {
    try {
      return this.parts.stores.vault(vault).isLocked
    } catch (error) {
      if (error instanceof CoffretError) return true
      throw error
    }
  }

  #changed(): LocalApiStatus {
    this.parts.onChange()
    return this.status()
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(work)
    this.#queue = next.catch(() => undefined)
    return next
  }
}

function failureOf({ code, message, field }: CoffretError): NonNullable<LocalApiStatus['problem']> {
  return field === undefined ? { code, message } : { code, message, field }
}
