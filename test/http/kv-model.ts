import { parseJson, stringifyJson, type JsonObject } from '../../src-main/contract/json'

/** What the model says of an operation; each dialect has a status for it. */
export type Outcome = 'ok' | 'exists' | 'missing' | 'cas' | 'final'

/** Settings of a secret or of the store; seconds of life, 0 for ever, -1 at the store: no ends. */
export interface ModelSettings {
  readonly kept: number
  readonly isCasRequired: boolean
  readonly life: number
}

export interface ModelVersion {
  readonly number: number
  readonly data: string
  readonly createdAt: number
  endsAt: number | undefined
  isDestroyed: boolean
}

export interface ModelSecret {
  readonly createdAt: number
  updatedAt: number
  current: number
  oldest: number
  settings: ModelSettings
  words: Readonly<Record<string, string>>
  versions: ModelVersion[]
}

/** A change of a secret. What is absent stays. */
export interface ModelChange {
  readonly data?: string
  readonly settings?: Partial<ModelSettings>
  readonly words?: Readonly<Record<string, string>>
  readonly cas?: number | undefined
}

export const unset: ModelSettings = { kept: 0, isCasRequired: false, life: 0 }

/** Versioned secrets in as few lines as possible: written from the manuals, and not from our rules. */
export class KvModel {
  now = 0
  store = unset
  isLocked = false
  readonly secrets = new Map<string, ModelSecret>()
  /** The mount of KV version 1: a path and its text. */
  readonly plain = new Map<string, string>()

  /** @param guards what needs a check-and-set number where it is required; for all, by the settings to come */
  write(path: string, mode: string, change: ModelChange, guards: 'data' | 'all' = 'data'): Outcome {
    const secret = this.secrets.get(path)
    if (mode === 'create' && secret !== undefined) return 'exists'
    if (mode === 'update' && secret === undefined) return 'missing'
    const settings = { ...(secret?.settings ?? unset), ...change.settings }
    const asked = guards === 'all' ? settings : (secret?.settings ?? unset)
    const isGuarded = mode !== 'create' && (guards === 'all' || change.data !== undefined)
    if (isGuarded && !this.#passes(secret?.current ?? 0, change.cas, asked)) return 'cas'
    const after = secret ?? this.#make(path)
    after.settings = settings
    after.words = change.words ?? after.words
    if (change.data !== undefined) this.#add(after, change.data)
    return 'ok'
  }

  /** Merges one level, which is all that the sequences send. */
  patch(path: string, data: string, cas: number | undefined): Outcome {
    const secret = this.secrets.get(path)
    if (secret === undefined) return 'missing'
    if (!this.#passes(secret.current, cas, secret.settings)) return 'cas'
    const current = this.version(path, secret.current)
    if (current === undefined || this.stateOf(current) !== 'active') return 'missing'
    const merged = new Map(parseJson(current.data) as JsonObject)
    for (const [key, value] of parseJson(data) as JsonObject) {
      if (value === null) merged.delete(key)
      else merged.set(key, value)
    }
    this.#add(secret, stringifyJson(merged))
    return 'ok'
  }

  setState(path: string, number: number, state: string): Outcome {
    const version = this.version(path, number)
    if (version === undefined) return 'missing'
    if (version.isDestroyed) return state === 'deleted' ? 'ok' : 'final'
    if (state === 'deleted') version.isDestroyed = true
    if (state === 'active') version.endsAt = this.#end(this.secrets.get(path)!.settings)
    if (state === 'deactivated' && this.stateOf(version) === 'active') version.endsAt = this.now
    return 'ok'
  }

  remove(path: string): Outcome {
    return this.secrets.delete(path) ? 'ok' : 'missing'
  }

  version(path: string, number: number): ModelVersion | undefined {
    return this.secrets.get(path)?.versions.find((one) => one.number === number)
  }

  stateOf({ isDestroyed, endsAt }: ModelVersion): string {
    if (isDestroyed) return 'deleted'
    return endsAt !== undefined && this.now >= endsAt ? 'deactivated' : 'active'
  }

  #passes(current: number, cas: number | undefined, settings: ModelSettings): boolean {
    if (cas !== undefined) return cas === current
    return !settings.isCasRequired && !this.store.isCasRequired
  }

  #make(path: string): ModelSecret {
    const times = { createdAt: this.now, updatedAt: this.now }
    const made = { ...times, current: 0, oldest: 0, settings: unset, words: {}, versions: [] }
    this.secrets.set(path, made)
    return made
  }

  #add(secret: ModelSecret, data: string): void {
    const number = secret.current + 1
    const kept = Math.max(secret.settings.kept, this.store.kept) || 10
    const times = { createdAt: this.now, endsAt: this.#end(secret.settings) }
    secret.versions.push({ number, data, ...times, isDestroyed: false })
    secret.current = number
    secret.updatedAt = this.now
    secret.oldest = Math.max(secret.oldest, number - kept + 1)
    secret.versions = secret.versions.filter((one) => one.number >= secret.oldest)
  }

  #end({ life }: ModelSettings): number | undefined {
    const lives = [life, this.store.life].filter((seconds) => seconds > 0)
    const isEndless = lives.length === 0 || this.store.life < 0
    return isEndless ? undefined : this.now + Math.min(...lives) * 1000
  }
}
