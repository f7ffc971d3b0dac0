import { call } from '../bridge'
import type { DomainSummary, FileRemoval } from '../../src-main/contract/domain-calls'
import type { AppState, DomainOrigin } from './app-state.svelte'
import { DomainCredentialForm } from './domain-credential.svelte'
import { DomainForm, type DomainServer } from './domain-form.svelte'

/** A domain on its way into a vault. */
export class NewDomain {
  readonly form = new DomainForm()
  readonly credential = new DomainCredentialForm()
  keeper = $state<string>('')
  /** The certificate goes into the list of certificates too. */
  keepsCertificate = $state(true)
  isTried = $state(false)
  isWorking = $state(false)
  error = $state.raw<unknown>()
  /** It was added, and the files that it came from are still there. */
  leftFiles = $state.raw<DomainSummary>()
  removals = $state.raw<readonly FileRemoval[]>()

  #isLeft = false

  constructor(private readonly app: AppState) {
    this.keeper = app.session?.vault.id ?? ''
  }

  /** Begins with a certificate that is kept, and what is known of its server. */
  begin({ vault, certificate, address = '', authorities = '' }: DomainOrigin): void {
    this.keeper = vault
    this.form.chooseServer(certificate.okmsDomainId === undefined ? 'vault' : 'okms')
    this.form.label = certificate.name
    this.form.chooseAddress(address)
    if (authorities !== '') this.form.trustAlso(authorities)
    void this.credential.chooseKept({ vault, certificate })
  }

  /** The certificate comes in files, and is not in the list of certificates yet. */
  readonly isKeepable = $derived.by(
    () => this.credential.kind === 'certificate' && this.credential.files.length > 0,
  )

  /** Vaults that can keep it. */
  get keepers() {
    return this.app.vaults.filter(
      ({ status, backup }) => status === 'unlocked' && backup === undefined,
    )
  }

  chooseServer(server: DomainServer): void {
    this.form.chooseServer(server)
    if (server === 'central') this.credential.kind = 'token'
  }

  chooseProfile(name: string): void {
    const profile = this.credential.profiles.find((one) => one.name === name)
    this.credential.profile = profile
    if (profile === undefined) return
    this.form.takeProfile(profile)
    this.credential.kind = profile.auth === 'token' ? 'token' : 'certificate'
  }

  async test(): Promise<void> {
    const ready = this.#ready()
    if (ready !== undefined) await this.app.connectionTest.run(ready)
  }

  async add(): Promise<void> {
    const ready = this.#ready()
    const vault = this.keepers.find(({ id }) => id === this.keeper) ?? this.keepers[0]
    if (ready === undefined || vault === undefined || this.isWorking) return
    this.isWorking = true
    this.error = undefined
    try {
      const domain = await call('domain.add', {
        ...{ vault: vault.id, ...ready },
        keeps: this.isKeepable && this.keepsCertificate,
      })
      await this.app.refreshDomains()
      this.app.notices.say(this.app.words.domains.added(domain.label))
      if (this.credential.removable.length > 0) this.leftFiles = domain
      else await this.finish(domain)
    } catch (error) {
      this.error = error
    }
    this.isWorking = false
  }

  /** Deletes the files that the domain came from. */
  async removeFiles({ id: domain }: DomainSummary): Promise<void> {
    const { removable, password } = this.credential
    this.removals = await call('domain.removeFiles', {
      domain,
      files: removable,
      ...(password === '' ? {} : { password }),
    })
  }

  /** The person went elsewhere: what ends from here on leaves them there. */
  leave(): void {
    this.#isLeft = true
  }

  /** Shows the new domain. */
  async finish(domain: DomainSummary): Promise<void> {
    if (this.#isLeft) return
    const vault = this.app.vaults.find(({ id }) => id === domain.vault)
    if (vault !== undefined) await this.app.select(vault, domain)
  }

  #ready() {
    this.isTried = this.form.isTried = true
    const { draft } = this.form
    const credential = this.credential.credential()
    return draft === undefined || credential === undefined ? undefined : { draft, credential }
  }
}
