import { CoffretError, type FailureCode } from '../contract/errors'
import type { Snapshot } from '../kv/snapshot-shelf'
import { snapshots as operations } from '../wire/snapshot-operations'
import { snapshotWire } from '../wire/snapshots'
import { done, ok, type Answer } from './answer'
import type { ApiParts } from './api'
import { checkDeclaredLength } from './body'
import { Refusal } from './refusal'
import { mount, type Route } from './route'

/** What a file is that is no snapshot of this vault: the sender's doing, not a fault of ours. */
const unfit: readonly FailureCode[] = ['not_a_vault', 'newer_format', 'kdf_bounds', 'corrupt']

/** `sys/storage/raft/snapshot-load`. Source: kv-semantics 4. */
export function snapshotRoutes({ vault }: ApiParts): readonly Route<undefined>[] {
  const { snapshots } = vault
  const answer = (snapshot: Snapshot) =>
    ok(snapshotWire(snapshot, vault.id), { mountType: 'system' })
  return [
    mount(operations.load, async ({ arrival: { request } }, _where: undefined) => {
      checkDeclaredLength(request, snapshots.maxBytes)
      const snapshot = await fitting(snapshots.load(request.body()))
      // Clients know this answer as the beginning of the load, and ask again until it is ready.
      return answer({ ...snapshot, status: 'loading' })
    }),
    mount(operations.list, async (_call, _where: undefined) => {
      const keys = (await snapshots.list()).map(({ id }) => id)
      if (keys.length === 0) throw new CoffretError('not_found', 'no snapshot is loaded')
      return ok({ keys }, { mountType: 'system' })
    }),
    mount(operations.read, async ({ params }, _where: undefined): Promise<Answer> =>
      answer(await orUnknown(snapshots.get(params.id))),
    ),
    mount(operations.remove, async ({ params }, _where: undefined) => {
      await orUnknown(snapshots.remove(params.id))
      return done()
    }),
  ]
}

/** Says that it is the snapshot that is not there, where a plain 404 would be about the secret. */
export async function orUnknown<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof CoffretError) || error.code !== 'not_found') throw error
    throw new Refusal('no_route', [error.message])
  }
}

async function fitting(work: Promise<Snapshot>): Promise<Snapshot> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof CoffretError)) throw error
    if (error.code === 'cancelled') throw new CoffretError('invalid', error.message)
    if (!unfit.includes(error.code)) throw error
    const problem = `not a snapshot of this vault: ${error.message}`
    throw new CoffretError('invalid', problem, { cause: error })
  }
}
