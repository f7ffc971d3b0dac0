import { call } from '../bridge'
import type { SecretOutline } from '../../src-main/contract/calls'
import { isJsonObject, parseJson, type JsonObject } from '../../src-main/contract/json'
import type {
  Capability,
  SecretMetadata,
  SecretVersion,
  StoreConfig,
  StoreSummary,
  VersionMetadata,
  VersionState,
} from '../../src-main/contract/model'
import { Latest } from './latest'
import { display } from './mask'
import { Revealed } from './revealed.svelte'
import type { SettingsEdit } from './settings-edit.svelte'
import { effectiveSettings } from './settings-origin'

/** The panes of a secret. */
export type SecretTab = 'secret' | 'versions' | 'metadata'

/** The state of a version at an instant, as the store decides it. */
export function stateOf(version: VersionMetadata, now: number): VersionState {
  if (version.destroyed) return 'deleted'
  const end = version.deactivatedAt
  return end !== undefined && end <= now ? 'deactivated' : 'active'
}

/** The data of a version; undefined unless it is active. */
export function dataOf({ data }: SecretVersion): JsonObject | undefined {
  if (data === undefined) return undefined
  const value = parseJson(data)
  // `SecretData` is checked on its way here. An edit must never begin from nothing instead of it.
  if (!isJsonObject(value)) throw new Error('the data of a version is an object')
  return value
}

/** One secret on the screen. Values are here only while they are revealed. */
export class SecretView {
  tab = $state<SecretTab>('secret')
  metadata = $state.raw<SecretMetadata>()
  outline = $state.raw<SecretOutline>()
  error = $state.raw<unknown>()
  /** What the last action failed with. */
  actionError = $state.raw<unknown>()
  readonly revealed = new Revealed()
  /** The settings while they are edited: they stay while somebody looks at another tab. */
  settings = $state.raw<SettingsEdit>()
  #config = $state.raw<StoreConfig>()
  readonly #loads = new Latest()

  constructor(
    readonly store: StoreSummary,
    readonly path: string,
  ) {}

  readonly effective = $derived.by(() =>
    this.metadata === undefined || this.#config === undefined
      ? undefined
      : effectiveSettings(this.metadata.settings, this.#config),
  )

  /** The number of the current version; 0 while there is none. */
  readonly currentVersion = $derived(
    this.metadata?.currentVersion ?? this.outline?.metadata.version ?? 0,
  )

  can(capability: Capability): boolean {
    return this.store.capabilities.includes(capability)
  }

  get at(): { store: string; path: string } {
    return { store: this.store.id, path: this.path }
  }

  /** Reads it again. Revealed values stay while it is the same version: not every change is one of it. */
  async load(): Promise<void> {
    const isLast = this.#loads.ask()
    try {
      const hasSettings = this.can('metadata') && this.can('settings')
      const [metadata, config] = await Promise.all([
        this.can('metadata') ? call('secret.metadata', this.at) : undefined,
        hasSettings ? call('store.config', { store: this.store.id }) : undefined,
      ])
      const outline =
        metadata?.currentVersion === 0 ? undefined : await call('secret.outline', this.at)
      if (!isLast()) return
      if (!this.#isShown(outline)) this.revealed.hideAll()
      this.outline = outline
      this.metadata = metadata
      this.#config = config
      this.error = undefined
    } catch (error) {
      if (!isLast()) return
      this.revealed.hideAll()
      this.error = error
    }
  }

  /** Whether this is what is on the screen. Without versions nobody can tell. */
  #isShown(outline: SecretOutline | undefined): boolean {
    const shown = this.outline
    if (!this.can('versions') || outline?.state !== shown?.state) return false
    const { version, createdAt } = outline?.metadata ?? {}
    return version === shown?.metadata.version && createdAt === shown?.metadata.createdAt
  }

  /** Reads a version's values: the person asked for them. */
  async read(version?: number): Promise<JsonObject | undefined> {
    const at = version === undefined ? this.at : { ...this.at, version }
    return dataOf(await call('secret.reveal', at))
  }

  async reveal(key: string): Promise<void> {
    const show = this.revealed.reading()
    await this.#attempt(async () => {
      const value = (await this.read(this.outline?.metadata.version))?.get(key)
      if (value !== undefined) show(key, display(value))
    })
  }

  async revealAll(): Promise<void> {
    const show = this.revealed.reading()
    await this.#attempt(async () => {
      const data = await this.read(this.outline?.metadata.version)
      for (const [key, value] of data ?? []) show(key, display(value))
    })
  }

  /** From the store to the clipboard. @returns when it leaves; undefined when it failed */
  async copy(
    key: string | undefined,
    version?: number,
  ): Promise<{ clearsAt?: number | undefined } | undefined> {
    return this.#attempt(() =>
      call('secret.copy', {
        ...this.at,
        ...(version === undefined ? {} : { version }),
        ...(key === undefined ? {} : { pointer: [key] }),
      }),
    )
  }

  async setState(version: number, state: VersionState): Promise<boolean> {
    const done = await this.#attempt(() =>
      call('secret.setState', { ...this.at, versions: [version], state }),
    )
    await this.load()
    return done !== undefined
  }

  /** @returns the number of the new version */
  async restore(version: number): Promise<number | undefined> {
    const added = await this.#attempt(() =>
      call('secret.restore', { ...this.at, version, cas: this.currentVersion }),
    )
    await this.load()
    return added?.version
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    this.actionError = undefined
    try {
      return await work()
    } catch (error) {
      this.actionError = error
      return undefined
    }
  }
}
