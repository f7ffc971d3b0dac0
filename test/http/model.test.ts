import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { FolderPath } from '../../src-main/contract/model'
import { KvModel, unset } from './kv-model'
import { kvSteps } from './model-kv-steps'
import { restSteps } from './model-rest-steps'
import { dialectNames, ModelSession } from './model-session'
import { events } from './model-step'

/** Sequences on one vault; a new vault costs a key derivation. */
const sequencesPerVault = 200
const sequences = 1000

let session: ModelSession | undefined
let started = 0
let before: KvModel | undefined

afterAll(() => session?.close())

/** A folder that nothing was in, and settings of the store as a new one has them. */
async function begin(): Promise<{ model: KvModel; real: ModelSession }> {
  if (session === undefined || started % sequencesPerVault === 0) {
    session?.close()
    session = await ModelSession.create()
    before = undefined
  }
  started += 1
  session.folder = FolderPath.parse(`s${started}`)
  // What a sequence before may have left.
  await session.unlock()
  if (before !== undefined && before.store !== unset) await session.resetStore()
  const model = new KvModel()
  before = model
  session.jump(model, 0)
  return { model, real: session }
}

const dialect = fc.constantFrom(...dialectNames)
const day = 86_400_000
const jump = events(
  'jump',
  fc.constantFrom(1, 29_999, 30_000, 3_600_000, -1, -45_000, -day),
  async (ms, model, real) => real.jump(model, ms),
)
const lock = events('lock', fc.constant({}), async (_values, model, real) => {
  real.lock()
  model.isLocked = true
})
const unlock = events('unlock', fc.constant({}), async (_values, model, real) => {
  await real.unlock()
  model.isLocked = false
})
const compare = events('compare', dialect, async (name, model, real) => {
  if (!model.isLocked) await real.expectEqual(model, name)
})

test('every dialect does what the model does, whatever the order of operations', async () => {
  const steps = [...kvSteps, ...restSteps, jump, jump, jump, lock, unlock, unlock, unlock, compare]
  const commands = fc.commands(steps, { size: 'medium', maxCommands: 30 })
  let done = 0
  await fc.assert(
    fc.asyncProperty(commands, dialect, async (sequence, name) => {
      const begun = await begin()
      await fc.asyncModelRun(() => begun, sequence)
      const { model, real } = begun
      await real.unlock()
      await real.expectEqual(model, name)
      done += 1
    }),
    { numRuns: sequences },
  )
  expect(done).toBe(sequences)
}, 600_000)
