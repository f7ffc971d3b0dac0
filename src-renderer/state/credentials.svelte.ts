import { call } from '../bridge'
import { CoffretError } from '../../src-main/contract/errors'
import type { KeptCertificateId } from '../../src-main/contract/kept-certificate'
import type { Keeping } from './kept-certificates.svelte'
import { Latest } from './latest'
import type { CredentialReport, Pkcs12Profile } from '../../src-main/contract/calls'

/** A file somebody dropped or chose. */
export interface CredentialFile {
  readonly name: string
  /** Empty when the file is too large. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly isTooLarge: boolean
}

/** The most files that are looked at together, as the call takes them. */
export const maxFiles = 16

const maxFileBytes = 1_048_576

/** Certificate and key files on their way into one PKCS#12 file. */
export class Credentials {
  files = $state.raw<readonly CredentialFile[]>([])
  report = $state.raw<CredentialReport>()
  /** Of the private key in the files. */
  keyPassword = $state('')
  /** Of the new file. */
  password = $state('')
  /** Of the key in a PEM file; empty for none. */
  pemPassword = $state('')
  friendlyName = $state('')
  profile = $state<Pkcs12Profile>('modern')
  savedAs = $state<string>()
  isWorking = $state(false)
  isTooMany = $state(false)
  error = $state.raw<unknown>()
  readonly #inspections = new Latest()

  /** Nothing stands in the way of a PKCS#12 file. */
  readonly isComplete = $derived.by(
    () => this.report !== undefined && this.report.problems.length === 0,
  )

  readonly needsKeyPassword = $derived.by(() =>
    ['key-encrypted', 'wrong-password'].some((one) =>
      this.report?.problems.some((problem) => problem === one),
    ),
  )

  async add(chosen: Iterable<File>): Promise<void> {
    let added: readonly CredentialFile[]
    try {
      added = withOwnNames(await Promise.all(Array.from(chosen, readFile)))
    } catch (cause) {
      // A file of somebody else, or one that went meanwhile.
      this.error = new CoffretError('forbidden', 'a file cannot be read', { cause })
      return
    }
    const names = new Set(added.map(({ name }) => name))
    const files = [...this.files.filter(({ name }) => !names.has(name)), ...added]
    this.isTooMany = files.length > maxFiles
    this.files = files.slice(0, maxFiles)
    await this.inspect()
  }

  async remove(name: string): Promise<void> {
    this.files = this.files.filter((file) => file.name !== name)
    await this.inspect()
  }

  clear(): void {
    // What is being found out is of no use any more.
    this.#inspections.ask()
    this.isWorking = false
    this.files = []
    this.report = undefined
    this.keyPassword = this.password = this.pemPassword = this.friendlyName = ''
    this.savedAs = undefined
    this.error = undefined
  }

  /** Asks what the files hold. */
  async inspect(): Promise<void> {
    this.savedAs = undefined
    if (this.files.length === 0) return this.clear()
    const isLast = this.#inspections.ask()
    this.isWorking = true
    this.error = undefined
    try {
      const password = this.keyPassword === '' ? {} : { password: this.keyPassword }
      const report = await call('credential.inspect', { files: this.#contents(), ...password })
      if (!isLast()) return
      this.report = withTooLarge(report, this.files)
      if (this.friendlyName === '') this.friendlyName = proposedName(this.report)
    } catch (error) {
      if (!isLast()) return
      this.error = error
      // What was found in other files must not stand beside a failure.
      this.report = undefined
    }
    this.isWorking = false
  }

  /** Asks for a place and writes the file. */
  async save(): Promise<void> {
    if (this.password === '' || this.isWorking) return
    await this.#attempt(async () => {
      this.savedAs = await call('credential.savePkcs12', {
        files: this.#contents(),
        ...(this.keyPassword === '' ? {} : { keyPassword: this.keyPassword }),
        password: this.password,
        friendlyName: this.friendlyName,
        profile: this.profile,
      })
    })
  }

  /** Asks for a place and writes key and chain as one PEM file. */
  async savePem(): Promise<void> {
    if (this.isWorking) return
    await this.#attempt(async () => {
      this.savedAs = await call('credential.savePem', {
        ...{ files: this.#contents(), name: this.friendlyName },
        ...(this.keyPassword === '' ? {} : { keyPassword: this.keyPassword }),
        ...(this.pemPassword === '' ? {} : { newKeyPassword: this.pemPassword }),
      })
    })
  }

  /** What is to be kept in the vault. */
  keeping(replaces?: KeptCertificateId): Keeping {
    return {
      ...{ files: this.#contents(), name: this.friendlyName.trim() },
      ...(this.keyPassword === '' ? {} : { keyPassword: this.keyPassword }),
      ...(replaces === undefined ? {} : { replaces }),
    }
  }

  #contents(): { name: string; bytes: Uint8Array<ArrayBuffer> }[] {
    return this.files.map(({ name, bytes }) => ({ name, bytes }))
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.isWorking = true
    this.error = undefined
    try {
      await work()
    } catch (error) {
      this.error = error
    }
    this.isWorking = false
  }
}

/** What is too large is not read at all: the first part of a chain must not pass for the whole. */
export async function readFile(file: File): Promise<CredentialFile> {
  const isTooLarge = file.size > maxFileBytes
  const content = isTooLarge ? new ArrayBuffer(0) : await file.arrayBuffer()
  return { name: file.name, bytes: new Uint8Array(content), isTooLarge }
}

/** Files dropped together may come from several folders: those of one name are numbered. */
export function withOwnNames<T extends { readonly name: string }>(files: readonly T[]): T[] {
  const given = new Set(files.map(({ name }) => name))
  const taken = new Set<string>()
  return files.map((file) => {
    let { name } = file
    for (let number = 2; taken.has(name); number++) {
      const numbered = `${file.name} (${number})`
      if (!given.has(numbered) && !taken.has(numbered)) name = numbered
    }
    taken.add(name)
    return { ...file, name }
  })
}

/** Main was given nothing of the files that are too large: say so instead of "empty". */
function withTooLarge(report: CredentialReport, sent: readonly CredentialFile[]): CredentialReport {
  const tooLarge = new Set(sent.filter((file) => file.isTooLarge).map(({ name }) => name))
  const files = report.files.map((file) =>
    tooLarge.has(file.name) ? { ...file, problem: 'too-large' as const } : file,
  )
  return { ...report, files }
}

/** The name in a PKCS#12 file, the domain of an OKMS certificate, or the common name of its subject. */
function proposedName({ certificates: [leaf], friendlyName }: CredentialReport): string {
  const okms = leaf?.okmsDomainId === undefined ? undefined : `okms ${leaf.okmsDomainId}`
  const subject = leaf?.subject ?? ''
  const name = friendlyName ?? okms ?? /CN=([^,\n]+)/.exec(subject)?.[1] ?? subject
  // PKCS#12 counts in the first 65,536 characters of Unicode: what is proposed must be taken.
  return name.replace(/[\0\ud800-\udfff]/g, '').slice(0, 128)
}
