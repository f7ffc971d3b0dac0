import { call, pathOf } from '../bridge'
import type {
  DomainCredential,
  DomainInspection,
  ImportedProfile,
} from '../../src-main/contract/domain-calls'
import type { KeptCertificate } from '../../src-main/contract/kept-certificate'
import type { VaultId } from '../../src-main/contract/model'
import { CoffretError } from '../../src-main/contract/errors'
import { Latest } from './latest'
import { maxFiles, readFile, withOwnNames, type CredentialFile } from './credentials.svelte'

/** A dropped file, and where it lies when that is known. */
interface DroppedFile extends CredentialFile {
  readonly path: string
}

/** A certificate that a vault keeps, and which vault. */
export interface ChosenCertificate {
  readonly vault: VaultId
  readonly certificate: KeptCertificate
}

/** With what a domain is entered, as it is dropped or typed. */
export class DomainCredentialForm {
  kind = $state<'certificate' | 'token'>('certificate')
  token = $state('')
  password = $state('')
  files = $state.raw<readonly DroppedFile[]>([])
  /** Instead of files. */
  kept = $state.raw<ChosenCertificate>()
  inspection = $state.raw<DomainInspection>()
  profiles = $state.raw<readonly ImportedProfile[]>([])
  profile = $state.raw<ImportedProfile>()
  isWorking = $state(false)
  error = $state.raw<unknown>()
  #profileFile: Uint8Array | undefined
  readonly #inspections = new Latest()

  /** It can be sent. */
  readonly isComplete = $derived.by(() => {
    if (this.kind === 'token') return this.hasProfileToken || this.token.trim() !== ''
    return this.inspection !== undefined && this.inspection.report.problems.length === 0
  })

  readonly hasProfileToken = $derived.by(
    () => this.kind === 'token' && this.profile?.auth === 'token',
  )

  readonly needsPassword = $derived.by(() =>
    (this.inspection?.report.problems ?? []).some(
      (problem) => problem === 'key-encrypted' || problem === 'wrong-password',
    ),
  )

  /** Takes files: those of okms-cli by their ending, all others by what they hold. */
  async add(chosen: Iterable<File>): Promise<void> {
    const all = Array.from(chosen)
    const added = withOwnNames(
      await Promise.all(
        all.map(async (file) => ({ ...(await readFile(file)), path: pathOf(file) })),
      ),
    )
    const isProfile = ({ name }: CredentialFile) => /\.ya?ml$/i.test(name)
    const profileFile = added.find(isProfile)
    if (profileFile !== undefined) await this.#import(profileFile.bytes)
    const others = added.filter((file) => !isProfile(file))
    if (others.length === 0) return
    this.kept = undefined
    const names = new Set(others.map(({ name }) => name))
    this.files = [...this.files.filter(({ name }) => !names.has(name)), ...others].slice(
      0,
      maxFiles,
    )
    await this.inspect()
  }

  async remove(name: string): Promise<void> {
    this.files = this.files.filter((file) => file.name !== name)
    await this.inspect()
  }

  /** Takes one that is kept, in the place of files; undefined takes it back. */
  async chooseKept(chosen: ChosenCertificate | undefined): Promise<void> {
    this.kept = chosen
    this.files = []
    await this.inspect()
  }

  async inspect(): Promise<void> {
    const { kept } = this
    const isLast = this.#inspections.ask()
    if (kept === undefined && this.files.length === 0) {
      this.inspection = undefined
      this.isWorking = false
      return
    }
    await this.#attempt(async () => {
      const password = this.password === '' ? {} : { password: this.password }
      const found = await call(
        'domain.inspect',
        kept === undefined ? { files: this.#contents(), ...password } : { kept: placeOf(kept) },
      )
      if (isLast()) this.inspection = found
    }, isLast)
    if (isLast() && this.error !== undefined) this.inspection = undefined
  }

  async #import(file: Uint8Array): Promise<void> {
    await this.#attempt(async () => {
      // What is sent is overwritten.
      const { profiles } = await call('domain.importProfiles', { file: file.slice() })
      this.#profileFile = file
      this.profiles = profiles
    })
  }

  /** Undefined while something is missing. Made anew each time: bytes are overwritten once they are sent. */
  credential(): DomainCredential | undefined {
    if (!this.isComplete) return undefined
    if (this.hasProfileToken && this.#profileFile !== undefined && this.profile !== undefined) {
      return { kind: 'profile', file: this.#profileFile.slice(), name: this.profile.name }
    }
    if (this.kind === 'token') {
      return { kind: 'token', token: new TextEncoder().encode(this.token.trim()) }
    }
    if (this.kept !== undefined) return { kind: 'keptCertificate', ...placeOf(this.kept) }
    const password = this.password === '' ? {} : { password: this.password }
    return { kind: 'files', files: this.#contents(), ...password }
  }

  /** Files of which it is known where they lie, for deleting them. */
  get removable(): { path: string; bytes: Uint8Array<ArrayBuffer> }[] {
    if (this.kind === 'token') return []
    return this.files.flatMap(({ path, bytes }) => (path === '' ? [] : [{ path, bytes }]))
  }

  #contents(): { name: string; bytes: Uint8Array<ArrayBuffer> }[] {
    return this.files.map(({ name, bytes }) => ({ name, bytes: bytes.slice() }))
  }

  async #attempt(work: () => Promise<void>, isWanted = () => true): Promise<void> {
    this.isWorking = true
    this.error = undefined
    try {
      await work()
    } catch (error) {
      if (!isWanted()) return
      this.error = error instanceof CoffretError ? error : new CoffretError('internal', 'no answer')
    }
    if (isWanted()) this.isWorking = false
  }
}

const placeOf = ({ vault, certificate: { id } }: ChosenCertificate) => ({ vault, id })
