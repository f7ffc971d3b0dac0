import { call, listen } from '../bridge'
import { languageOf, wordsOf } from '../words'
import type { AppInfo, Preferences } from '../../src-main/contract/calls'
import type { AppEvent } from '../../src-main/contract/events'
import type { DomainSummary } from '../../src-main/contract/domain-calls'
import type { VaultSummary } from '../../src-main/contract/model'
import type { ChosenCertificate } from './domain-credential.svelte'
import type { Progress } from '../../src-main/contract/search'
import { ConnectionTest } from './connection-test.svelte'
import { Clipboard } from './clipboard.svelte'
import { Commands } from './commands'
import { Domains, daysUntil } from './domains.svelte'
import { Drafts } from './drafts.svelte'
import { LocalApi } from './local-api.svelte'
import { Notices } from './notices.svelte'
import { placesOf } from './places'
import { VaultState } from './vault-state.svelte'
import { Works } from './works.svelte'

/** What fills the middle of the window. */
export type Place =
  | 'vault'
  | 'vault-settings'
  | 'add-domain'
  | 'domain-settings'
  | 'bin'
  | 'certificates'
  | 'local-api'
  | 'activity'
  | 'settings'

/** What a new domain begins with. */
export interface DomainOrigin extends ChosenCertificate {
  /** Of its server, where that is known. */
  readonly address?: string
  /** Who signed its certificate, PEM; beside the public authorities. */
  readonly authorities?: string
}

/** The program as the window knows it. */
export class AppState {
  info = $state.raw<AppInfo>()
  preferences = $state.raw<Preferences>()
  vaults = $state.raw<readonly VaultSummary[]>([])
  /** The vault on the screen. */
  session = $state.raw<VaultState>()
  place = $state<Place>('vault')
  /** A vault is being made; it is open before its recovery key has been written down. */
  isCreating = $state(false)
  /** The vault that an unlock dialog asks for. */
  unlocking = $state.raw<VaultSummary>()
  /** How far the checking or merging of the vault on the screen is. */
  checkProgress = $state.raw<Progress>()
  /** Another file of a vault that is listed: to be merged once the vault is open. */
  copyToMerge = $state<string>()
  /** What the form for a new domain begins with, once. */
  domainOrigin = $state.raw<DomainOrigin>()
  /** The tab that the page of a vault's settings begins with. */
  vaultSettingsTab = 'keys'
  isReady = $state(false)
  error = $state.raw<unknown>()
  readonly notices = new Notices()
  readonly clipboard = new Clipboard()
  readonly commands = new Commands()
  readonly drafts = new Drafts()
  readonly localApi = new LocalApi()
  readonly domains = new Domains()
  readonly works = new Works()
  readonly connectionTest = new ConnectionTest()

  readonly words = $derived(
    wordsOf(languageOf(this.preferences?.language ?? 'system', this.info?.systemLanguage ?? 'en')),
  )

  /** Every store that is open. */
  readonly places = $derived(placesOf(this.vaults, this.domains.list))

  /** Reads what is there and starts to listen. @returns what ends the listening */
  start(): () => void {
    void this.#load()
    return listen((event) => this.#hear(event))
  }

  async #load(): Promise<void> {
    try {
      const [info, preferences] = await Promise.all([call('app.info'), call('preferences.read')])
      this.info = info
      this.preferences = preferences
      await this.refreshVaults()
    } catch (error) {
      this.error = error
    }
    this.isReady = true
    void this.localApi.load()
  }

  #hear(event: AppEvent): void {
    switch (event.name) {
      case 'stores.changed':
        return void this.refreshVaults()
      case 'secrets.changed':
        return void this.session?.refresh(event.store)
      case 'search.progress':
        if (event.vault === this.session?.vault.id) this.session.browser.hear(event)
        return
      case 'check.progress':
        if (event.vault === this.session?.vault.id) this.checkProgress = event
        return
      case 'copy.progress':
        return this.works.hear(event)
      case 'domains.changed':
        return void this.refreshDomains()
      case 'domain.step':
        return this.connectionTest.hear(event)
      case 'certificate.expiring': {
        const left = daysUntil(event.endsAt, Date.now())
        return this.notices.say(this.words.domains.expiring(event.label, left))
      }
      case 'backups.changed':
        if (event.vault === this.session?.vault.id) void this.session.backups.heard()
        // One that was open may have been closed.
        if (this.vaults.some(({ backup }) => backup !== undefined)) void this.refreshVaults()
        return
      case 'audit.changed':
        if (event.vault === this.session?.vault.id) void this.session.activity.heard()
        return
      case 'access.changed':
        if (event.vault === this.session?.vault.id) void this.session.access.heard()
        return
      case 'keptCertificates.changed':
        if (event.vault === this.session?.vault.id) void this.session.kept.heard()
        return
      case 'localApi.changed':
        return void this.localApi.load()
      case 'clipboard.changed':
        return this.clipboard.changed(event.clearsAt)
      case 'lock.pending':
        return void this.drafts.flush()
    }
  }

  async refreshVaults(): Promise<void> {
    this.vaults = await call('vault.list')
    const open = this.vaults.filter((vault) => vault.status === 'unlocked')
    const current = open.find((vault) => vault.id === this.session?.vault.id)
    if (current !== undefined && this.session !== undefined) {
      const { stores } = this.session.vault
      this.session.vault = current.isReplaced ? { ...current, stores } : current
    } else if (open[0] !== undefined) await this.select(open[0])
    else this.session = undefined
    await Promise.all([this.refreshDomains(), this.works.load()])
  }

  async refreshDomains(): Promise<void> {
    await this.domains.load()
    const { session } = this
    if (session?.domain === undefined || this.domains.error !== undefined) return
    const found = this.domains.find(session.domain.id)
    if (found === undefined) return this.select(session.vault)
    const known = session.stores
    session.domain = found
    // The mounts of a server are known only once it was asked.
    if (found.stores.some(({ id }) => !known.some((one) => one.id === id))) {
      await session.browser.start()
    }
  }

  /** A vault was unlocked: puts it on the screen, unless main's event has done so already. */
  async opened(vault: VaultSummary): Promise<void> {
    if (this.session?.vault.id !== vault.id) await this.select(vault)
  }

  /** Puts an unlocked vault on the screen, or a domain of it. */
  async select(vault: VaultSummary, domain?: DomainSummary): Promise<void> {
    // At once: a person may have gone elsewhere by the time the lists are read.
    this.place = this.copyToMerge === undefined ? 'vault' : 'vault-settings'
    if (this.session?.vault.id !== vault.id || this.session.domain?.id !== domain?.id) {
      const mode = () => this.preferences?.listMode ?? 'tree'
      this.session = new VaultState(vault, mode, this.drafts, domain)
      if (domain !== undefined) void call('domain.open', { domain: domain.id })
      const { browser, bin, backups, kept } = this.session
      void backups.loadStatus()
      // The sidebar says when one of them ends.
      if (vault.backup === undefined) void kept.load()
      await Promise.all([browser.start(), bin.load(), this.drafts.load()])
    }
  }

  /** Opens the form for a new domain with a certificate that is kept. */
  addDomainOf(origin: DomainOrigin): void {
    this.domainOrigin = origin
    this.place = 'add-domain'
  }

  /** What the form begins with, once. */
  takeDomainOrigin(): DomainOrigin | undefined {
    const origin = this.domainOrigin
    this.domainOrigin = undefined
    return origin
  }

  /** The copy that was to be opened, once. */
  takeCopyToMerge(): string | undefined {
    const file = this.copyToMerge
    this.copyToMerge = undefined
    return file
  }

  /** The tab to begin with, once. */
  takeSettingsTab(): string {
    const tab = this.vaultSettingsTab
    this.vaultSettingsTab = 'keys'
    return tab
  }

  async prefer(change: Partial<Preferences>): Promise<void> {
    this.preferences = await call('preferences.write', change)
  }

  /** Locks everything; an unsaved edit is kept first. Main replaces the window. */
  async lock(): Promise<void> {
    await this.drafts.flush()
    await call('vault.lock')
  }
}
