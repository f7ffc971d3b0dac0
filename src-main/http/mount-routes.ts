import { CoffretError } from '../contract/errors'
import type { Mount } from '../kv/mount-table'
import { mountChangeOf, mountNameOf, mountRequestOf, mountWire, tuningWire } from '../wire/system'
import { system } from '../wire/system-operations'
import { vaultEnvelope } from '../wire/vault-envelope'
import { sees, type Caller } from './access'
import { done, ok, type Answer } from './answer'
import type { ApiParts } from './api'
import type { Arrival } from './arrival'
import { mount, type Route } from './route'

type SystemRoute = Route<undefined>

/** `sys/mounts` and the question that every `kv` command begins with. Source: kv-semantics 5. */
export function mountRoutes({ vault }: ApiParts): readonly SystemRoute[] {
  const find = async (path: string, caller: Caller): Promise<Mount> => {
    const name = path.replace(/\/$/, '')
    const found = (await vault.mounts.list()).find((one) => one.name === name)
    // One that is not listed to the caller is as none.
    if (found !== undefined && sees(caller, found.name)) return found
    throw new CoffretError('invalid', `No secret engine mount at ${name}/`, { field: 'path' })
  }
  return [
    mount(system.mountOf, async ({ params, caller }, _where: undefined) => {
      const mounts = await vault.mounts.list()
      return mountOfPath(mounts, caller, params.path)
    }),
    mount(system.mounts, async ({ caller, arrival }, _where: undefined) => {
      const mounts = (await vault.mounts.list()).filter((one) => sees(caller, one.name))
      const entries = Object.fromEntries(mounts.map((one) => [`${one.name}/`, mountWire(one)]))
      return twice(arrival, entries)
    }),
    mount(system.tuning, async ({ params, caller, arrival }, _where: undefined) =>
      twice(arrival, tuningWire(await find(params.path, caller))),
    ),
    mount(system.tune, async ({ params, body, caller, arrival }, _where: undefined) => {
      const found = await find(params.path, caller)
      await vault.mounts.tune(found.name, mountChangeOf(found, body), arrival.ticket)
      return done()
    }),
    mount(system.readMount, async ({ params, caller, arrival }, _where: undefined) =>
      twice(arrival, mountWire(await find(params.path, caller))),
    ),
    mount(system.enable, async ({ params, body, arrival }, _where: undefined) => {
      const request = mountRequestOf(params.path, body)
      const mounts = await vault.mounts.list()
      if (mounts.some(({ name }) => name === request.name)) {
        throw new CoffretError('exists', `path is already in use at ${request.name}/`)
      }
      await vault.mounts.enable(request, arrival.ticket)
      return done()
    }),
    mount(system.disable, async ({ params, arrival }, _where: undefined) => {
      const name = mountNameOf(params.path)
      const mounts = await vault.mounts.list()
      // As Vault: removing what is not there is done.
      if (mounts.some((one) => one.name === name)) {
        await vault.mounts.disable(name, arrival.ticket)
      }
      return done()
    }),
  ]
}

/** In the wrapper and beside its keys, where older clients read it. */
function twice({ requestId }: Arrival, data: object): Answer {
  const envelope = vaultEnvelope(requestId, data, { mountType: 'system' })
  return ok({ ...data, ...envelope }, { isWhole: true })
}

/**
 * The mount that a path lies in. An unknown one is 403: the CLI reads a 404 as "an old server, KV
 * version 1" and would then write to the wrong addresses.
 */
export function mountOfPath(mounts: readonly Mount[], caller: Caller, path: string): Answer {
  const [name] = path.split('/')
  const found = mounts.find((one) => one.name === name)
  if (found !== undefined && sees(caller, found.name)) {
    return ok({ ...mountWire(found), path: `${found.name}/` }, { mountType: 'system' })
  }
  const problem =
    "preflight capability check returned 403, please ensure client's policies grant access to " +
    `path "${path}/"`
  return { status: 403, data: { errors: [problem] }, isWhole: true }
}
