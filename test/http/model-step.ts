import fc, { type AsyncCommand } from 'fast-check'
import { expect } from 'vitest'
import type { Operation } from '../../src-main/wire/operation'
import { requestText, type RequestInput } from '../../src-main/wire/request-text'
import type { KvModel, ModelSettings, Outcome } from './kv-model'
import type { ModelSession } from './model-session'

/** One step of a sequence, done to the model and to the vault. */
export type Step = AsyncCommand<KvModel, ModelSession>

/** A request, and what the model makes of it: the status that is due. */
export interface Plan {
  readonly operation: Operation
  readonly input: RequestInput
  /** Not called while the vault is locked. */
  readonly apply: () => number
}

/** Steps that are requests. */
export function requests<T>(
  verb: string,
  arbitrary: fc.Arbitrary<T>,
  plan: (values: T, model: KvModel, session: ModelSession) => Plan,
): fc.Arbitrary<Step> {
  return events(verb, arbitrary, async (values, model, session) => {
    const { operation, input, apply } = plan(values, model, session)
    const { status } = await session.send(requestText(operation, input))
    expect([operation.id, status]).toEqual([operation.id, model.isLocked ? 503 : apply()])
  })
}

/** Steps that are something else. */
export function events<T>(
  verb: string,
  arbitrary: fc.Arbitrary<T>,
  run: (values: T, model: KvModel, session: ModelSession) => Promise<void>,
): fc.Arbitrary<Step> {
  return arbitrary.map((values) => ({
    check: () => true,
    run: (model, session) => run(values, model, session),
    toString: () => `${verb} ${JSON.stringify(values)}`,
  }))
}

/** The statuses of a write, in every dialect alike. */
export const writeStatus: Readonly<Record<Outcome, number>> = {
  ok: 200,
  exists: 400,
  missing: 404,
  cas: 400,
  final: 400,
}

// Two paths, so that steps meet; one lies in a folder of the other's name.
export const path = fc.constantFrom('a', 'a', 'a/b')
export const data = fc.constantFrom(
  '{"n":1.0}',
  '{"big":9007199254740993,"a":"x"}',
  '{}',
  '{"a":{"b":[1,null]}}',
)
/** How far a version is from the current one. */
export const back = fc.constantFrom(0, 0, 1, 2, 5)
export const state = fc.constantFrom('active' as const, 'deactivated' as const, 'deleted' as const)
/** How far a check-and-set number is from the right one; absent for none. */
export const offset = fc.constantFrom(undefined, undefined, undefined, 0, 0, 1)
export const words = fc.constantFrom(undefined, undefined, {}, { k: 'v' })
export const settings: fc.Arbitrary<Partial<ModelSettings>> = fc
  .record(
    {
      kept: fc.constantFrom(0, 1, 2, 3),
      isCasRequired: fc.constantFrom(false, false, true),
      life: fc.constantFrom(0, 30, 3600),
    },
    { requiredKeys: [] },
  )
  .filter((some) => Object.keys(some).length > 0)

/** The number that a step sends. */
export function casOf(model: KvModel, at: string, from: number | undefined): number | undefined {
  return from === undefined ? undefined : (model.secrets.get(at)?.current ?? 0) + from
}

/** The version that a step names; it need not exist. */
export function versionOf(model: KvModel, at: string, back: number): number {
  return Math.max(1, (model.secrets.get(at)?.current ?? 0) - back)
}

/** A field, or nothing. */
export function field(name: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [name]: value }
}

/** Seconds as a field of either dialect. */
export function lifeText(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : `${seconds}s`
}
