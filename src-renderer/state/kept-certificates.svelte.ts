import { call } from '../bridge'
import type { BrowserStoreId } from '../../src-main/contract/browser-calls'
import type { CallInput, CallOutput, Pkcs12Profile } from '../../src-main/contract/calls'
import type { KeptCertificate, KeptCertificateId } from '../../src-main/contract/kept-certificate'
import type { VaultId } from '../../src-main/contract/model'

const dayMs = 24 * 60 * 60 * 1000

/** How near the end of a certificate is: in 30, 7 or 1 days at most, or past. */
export type Nearness = 'far' | 'month' | 'week' | 'day' | 'ended'

/** How near the end is at a time. */
export function nearnessOf({ validTo }: Pick<KeptCertificate, 'validTo'>, now: number): Nearness {
  const left = validTo - now
  if (left <= 0) return 'ended'
  if (left <= dayMs) return 'day'
  if (left <= 7 * dayMs) return 'week'
  return left <= 30 * dayMs ? 'month' : 'far'
}

/** The colour of each; the text beside it says the same. */
export const nearTones = {
  far: 'ok',
  month: 'warn',
  week: 'danger',
  day: 'danger',
  ended: 'danger',
} as const satisfies Record<Nearness, string>

/** How many of a list end within a month, and how many have ended, at a time. */
export function endingOf(
  list: readonly Pick<KeptCertificate, 'validTo'>[],
  now: number,
): { readonly soon: number; readonly ended: number } {
  const all = list.map((one) => nearnessOf(one, now))
  const ended = all.filter((one) => one === 'ended').length
  return { soon: all.filter((one) => one !== 'far').length - ended, ended }
}

/** Files on their way into the vault. */
export type Keeping = Omit<CallInput<'keptCertificate.keep'>, 'vault'>

/** The certificates that a vault keeps. */
export class KeptCertificates {
  /** By name; undefined until it was read. */
  list = $state.raw<readonly KeptCertificate[]>()
  error = $state.raw<unknown>()

  /** Those that end within a month, and those that have ended. */
  readonly ending = $derived.by(() => endingOf(this.list ?? [], Date.now()))

  constructor(private readonly vault: VaultId) {}

  async load(): Promise<void> {
    try {
      this.list = await call('keptCertificate.list', { vault: this.vault })
      this.error = undefined
    } catch (error) {
      this.error = error
    }
  }

  /** The list changed: whoever has read it follows. */
  async heard(): Promise<void> {
    if (this.list !== undefined) await this.load()
  }

  /** @throws CoffretError as main refuses it */
  async keep(keeping: Keeping): Promise<KeptCertificate> {
    const kept = await call('keptCertificate.keep', { vault: this.vault, ...keeping })
    await this.load()
    return kept
  }

  /** @throws CoffretError as main refuses it */
  async rename(id: KeptCertificateId, name: string): Promise<void> {
    await call('keptCertificate.rename', { vault: this.vault, id, name })
    await this.load()
  }

  /** @throws CoffretError as main refuses it */
  async remove(id: KeptCertificateId): Promise<void> {
    await call('keptCertificate.remove', { vault: this.vault, id })
    await this.load()
  }

  /** @returns the file; undefined when the person gave up @throws CoffretError as main refuses it */
  savePkcs12(
    id: KeptCertificateId,
    password: string,
    profile: Pkcs12Profile,
  ): Promise<string | undefined> {
    return call('keptCertificate.savePkcs12', { vault: this.vault, id, password, profile })
  }

  /** @param newKeyPassword empty for a key in the clear @returns as {@link savePkcs12} */
  savePem(id: KeptCertificateId, newKeyPassword: string): Promise<string | undefined> {
    const closing = newKeyPassword === '' ? {} : { newKeyPassword }
    return call('keptCertificate.savePem', { vault: this.vault, id, ...closing })
  }

  /** @param password of the store; empty for none @throws CoffretError as main refuses it */
  importIntoBrowser(
    id: KeptCertificateId,
    store: BrowserStoreId,
    password: string,
  ): Promise<CallOutput<'keptCertificate.importIntoBrowser'>> {
    return call('keptCertificate.importIntoBrowser', {
      ...{ vault: this.vault, id, store },
      ...databasePassword(password),
    })
  }

  /** @param authorities PEM; empty for none @throws CoffretError as main refuses it */
  probe(
    id: KeptCertificateId,
    url: string,
    authorities: string,
  ): Promise<CallOutput<'keptCertificate.probe'>> {
    const trusted = authorities === '' ? {} : { authorities }
    return call('keptCertificate.probe', { vault: this.vault, id, url, ...trusted })
  }
}

/** As the calls about browsers take it. */
export function databasePassword(password: string): { databasePassword?: Uint8Array } {
  return password === '' ? {} : { databasePassword: new TextEncoder().encode(password) }
}
