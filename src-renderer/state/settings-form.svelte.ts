import type { SettingsInput } from '../../src-main/contract/calls'
import { parseDuration } from '../../src-main/contract/duration'
import type { SecretMetadata } from '../../src-main/contract/model'

/** A row of custom metadata as typed. */
export interface Pair {
  readonly id: number
  readonly key: string
  readonly value: string
}

/** What is wrong with a part of the form. */
export interface FormProblems {
  readonly maxVersions: boolean
  readonly deactivateVersionAfter: boolean
  readonly pairs: ReadonlyMap<number, 'pair-invalid' | 'pair-duplicate'>
}

/** The settings and custom metadata of a secret, as they are typed. */
export class SettingsForm {
  maxVersions = $state('')
  casRequired = $state(false)
  deactivateVersionAfter = $state('')
  pairs = $state.raw<readonly Pair[]>([])
  #lastId = 0
  readonly #start: string

  constructor(metadata?: SecretMetadata) {
    if (metadata !== undefined) this.#show(metadata)
    this.#start = JSON.stringify(this.toText())
  }

  #show(metadata: SecretMetadata): void {
    const { maxVersions, casRequired, deactivateVersionAfter } = metadata.settings
    this.maxVersions = maxVersions === 0 ? '' : String(maxVersions)
    this.casRequired = casRequired
    this.deactivateVersionAfter =
      deactivateVersionAfter.seconds === 0 ? '' : deactivateVersionAfter.text
    for (const [key, value] of metadata.customMetadata) this.add(key, value)
  }

  add(key = '', value = ''): void {
    this.pairs = [...this.pairs, { id: ++this.#lastId, key, value }]
  }

  change(id: number, change: Partial<Pair>): void {
    this.pairs = this.pairs.map((pair) => (pair.id === id ? { ...pair, ...change } : pair))
  }

  remove(id: number): void {
    this.pairs = this.pairs.filter((pair) => pair.id !== id)
  }

  readonly problems: FormProblems = $derived({
    maxVersions: !isVersionCount(this.maxVersions),
    deactivateVersionAfter: !isDuration(this.deactivateVersionAfter),
    pairs: pairProblems(this.pairs),
  })

  readonly isValid = $derived(
    !this.problems.maxVersions &&
      !this.problems.deactivateVersionAfter &&
      this.problems.pairs.size === 0,
  )

  /** Nothing was typed. */
  readonly isEmpty = $derived(
    this.maxVersions === '' &&
      !this.casRequired &&
      this.deactivateVersionAfter === '' &&
      this.pairs.length === 0,
  )

  /** What is typed is not what it began with. */
  get isChanged(): boolean {
    return JSON.stringify(this.toText()) !== this.#start
  }

  /** What the store is told. */
  input(): SettingsInput {
    return {
      maxVersions: Number(this.maxVersions || '0'),
      casRequired: this.casRequired,
      deactivateVersionAfter: this.deactivateVersionAfter.trim() || '0s',
      customMetadata: this.pairs.map(({ key, value }) => [key.trim(), value.trim()] as const),
    }
  }

  /** As typed, for a draft. */
  toText(): Record<string, string> {
    return {
      maxVersions: this.maxVersions,
      casRequired: String(this.casRequired),
      deactivateVersionAfter: this.deactivateVersionAfter,
      pairs: JSON.stringify(this.pairs.map(({ key, value }) => [key, value])),
    }
  }

  /** From a draft. */
  fromText(form: Readonly<Record<string, string>>): void {
    this.maxVersions = form['maxVersions'] ?? ''
    this.casRequired = form['casRequired'] === 'true'
    this.deactivateVersionAfter = form['deactivateVersionAfter'] ?? ''
    const pairs: unknown = JSON.parse(form['pairs'] ?? '[]')
    if (!Array.isArray(pairs)) return
    for (const pair of pairs as unknown[]) {
      if (Array.isArray(pair)) this.add(String(pair[0] ?? ''), String(pair[1] ?? ''))
    }
  }
}

function isVersionCount(text: string): boolean {
  return text.trim() === '' || (/^\d{1,5}$/.test(text.trim()) && Number(text) <= 24_000)
}

function isDuration(text: string): boolean {
  try {
    parseDuration(text)
    return true
  } catch {
    return false
  }
}

function pairProblems(pairs: readonly Pair[]): FormProblems['pairs'] {
  const problems = new Map<number, 'pair-invalid' | 'pair-duplicate'>()
  const seen = new Set<string>()
  for (const { id, key, value } of pairs) {
    const name = key.trim()
    if (name === '' || value.trim() === '') problems.set(id, 'pair-invalid')
    else if (seen.has(name)) problems.set(id, 'pair-duplicate')
    seen.add(name)
  }
  return problems
}
