import { CoffretError } from '../contract/errors'
import { leaseSecondsOf } from '../wire/kv1'
import { kv1 } from '../wire/kv1-operations'
import { objectOfData, secretDataOf } from '../wire/secret-data'
import { done, ok, type Answer } from './answer'
import { listKeys } from './list-keys'
import { mount, type Circumstances, type Place, type Route } from './route'
import { ifThere } from './secret-reading'

/** Version 1 mounts under `/v1`: numbers come back as they were written. Source: kv-semantics 3. */
export const kv1Routes: readonly Route<Place>[] = [
  mount(kv1.read, async ({ params }, { mount: where, store }) => {
    const { data } = await store.readVersion(params.path)
    if (data === undefined) throw new CoffretError('not_found', 'the secret has no data')
    const secret = objectOfData(data)
    return ok(secret, { leaseSeconds: leaseSecondsOf(secret, where.defaultLeaseSeconds) })
  }),
  mount(kv1.write, async ({ params, body }, { store }) => {
    if (body.size === 0) throw new CoffretError('invalid', 'missing data fields')
    await store.write(params.path, { mode: 'upsert', data: secretDataOf(body) })
    return done()
  }),
  mount(kv1.remove, async ({ params }, { store }) => {
    await ifThere(store.remove(params.path))
    return done()
  }),
  mount(kv1.list, (call, place) => list(call, place, call.params.path)),
  mount(kv1.listRoot, (call, place) => list(call, place, '')),
]

async function list({ caller }: Circumstances, place: Place, folder: string): Promise<Answer> {
  const { items } = await listKeys(place, caller, { folder })
  if (items.length === 0) throw new CoffretError('not_found', 'nothing is listed here')
  return ok({ keys: items })
}
