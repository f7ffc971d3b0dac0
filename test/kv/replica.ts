import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type {
  EpochMs,
  SecretData,
  SecretMetadata,
  VersionNumber,
  VersionState,
} from '../../src-main/contract/model'
import { mergeSecrets, type KeptSecret } from '../../src-main/kv/merge-secrets'
import { noSettings } from '../../src-main/kv/settings-rules'
import { planStates } from '../../src-main/kv/state-rules'
import { planWrite } from '../../src-main/kv/write-rules'

/** What a person does to a secret, after some time. */
export type Step = { readonly afterMs: number } & (
  | { readonly kind: 'write'; readonly value: number }
  | { readonly kind: 'settings'; readonly maxVersions: number; readonly words: [string, string][] }
  | { readonly kind: 'state'; readonly version: number; readonly state: VersionState }
)

const words = fc.uniqueArray(
  fc.tuple(fc.constantFrom('owner', 'team', 'url'), fc.constantFrom('x', 'y')),
  { selector: ([key]) => key, maxLength: 3 },
)

/** Up to twelve steps. */
function stepsOf(
  afterMs: fc.Arbitrary<number>,
  states: readonly VersionState[],
): fc.Arbitrary<Step[]> {
  const write = fc.record({ kind: fc.constant('write' as const), afterMs, value: fc.nat(2) })
  const settings = fc.record({
    kind: fc.constant('settings' as const),
    afterMs,
    maxVersions: fc.constantFrom(0, 1, 2, 4),
    words,
  })
  const state = fc.record({
    kind: fc.constant('state' as const),
    afterMs,
    version: fc.integer({ min: 1, max: 8 }),
    state: fc.constantFrom(...states),
  })
  return fc.array(
    fc.oneof(
      { weight: 4, arbitrary: write },
      { weight: 1, arbitrary: settings },
      { weight: 2, arbitrary: state },
    ),
    { maxLength: 12 },
  )
}

/** As people work. */
export const steps = stepsOf(fc.integer({ min: 1, max: 4 }), ['active', 'deactivated', 'deleted'])

/** Several in one millisecond, as programs work; nothing is destroyed. */
export const hurriedSteps = stepsOf(fc.nat(1), ['active', 'deactivated'])

/** A secret in one copy of a vault, changed by the engine's own rules. */
export class Replica {
  metadata: SecretMetadata
  /** The data of each version that is kept; each piece of data is written once in all. */
  data = new Map<number, string>()
  /** What was destroyed here, for as long as its version is known of. */
  readonly destroyed = new Map<number, string>()

  /** @param now even or odd; it stays so */
  constructor(
    private now: number,
    metadata?: SecretMetadata,
  ) {
    this.metadata = metadata ?? {
      createdAt: now as EpochMs,
      updatedAt: now as EpochMs,
      currentVersion: 0,
      oldestVersion: 0,
      settings: noSettings,
      customMetadata: [],
      versions: [],
    }
  }

  /** A copy that goes on from another time. */
  fork(now: number): Replica {
    const fork = new Replica(now, this.metadata)
    fork.data = new Map(this.data)
    for (const [version, data] of this.destroyed) fork.destroyed.set(version, data)
    return fork
  }

  perform(steps: readonly Step[]): void {
    for (const step of steps) {
      this.now += 2 * step.afterMs
      if (step.kind === 'state') this.#setState(step.version as VersionNumber, step.state)
      else this.#write(step)
    }
  }

  /** This copy with another one merged into it. */
  mergedWith(other: Replica): Replica {
    const { metadata, sources } = mergeSecrets(this.kept(), other.kept())
    const merged = new Replica(Math.max(this.now, other.now), metadata)
    for (const [at, { version, destroyed }] of metadata.versions.entries()) {
      if (destroyed) continue
      const { a = 0, b = 0 } = sources[at] ?? {}
      const data = this.data.get(a) ?? other.data.get(b)
      if (data !== undefined) merged.data.set(version, data)
    }
    return merged
  }

  kept(): KeptSecret {
    const digest = (text: string) => createHash('sha256').update(text).digest('hex')
    return {
      metadata: this.metadata,
      digests: new Map([...this.data].map(([version, text]) => [version, digest(text)])),
    }
  }

  #write(step: Exclude<Step, { kind: 'state' }>): void {
    const request =
      step.kind === 'write'
        ? { data: `{"value":"${step.value} at ${this.now}"}` as SecretData }
        : { settings: { maxVersions: step.maxVersions, customMetadata: step.words } }
    const plan = planWrite({
      current: this.metadata,
      currentData: () => '{}' as SecretData,
      request: { mode: 'upsert', ...request },
      store: noSettings,
      now: this.now as EpochMs,
    })
    this.metadata = plan.metadata
    for (const version of plan.dropped) {
      this.data.delete(version)
      this.destroyed.delete(version)
    }
    if (plan.added !== undefined) this.data.set(plan.added.version.version, plan.added.data)
  }

  #setState(version: VersionNumber, state: VersionState): void {
    const plan = planStates(this.metadata, [version], state, noSettings, this.now as EpochMs)
    this.metadata = plan.metadata
    for (const erased of plan.erased) {
      this.destroyed.set(erased, this.data.get(erased) ?? '')
      this.data.delete(erased)
    }
  }
}
