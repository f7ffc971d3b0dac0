import { CoffretError } from '../contract/errors'
import type { EpochMs } from '../contract/model'
import { system } from '../wire/system-operations'
import { vaultEnvelope } from '../wire/vault-envelope'
import type { Caller } from './access'
import { done, ok } from './answer'
import type { ApiParts } from './api'
import type { Arrival } from './arrival'
import { capabilitiesAt, isRoot } from './capabilities'
import { mountRoutes } from './mount-routes'
import { mount, type Route } from './route'
import { snapshotRoutes } from './snapshot-routes'

/** `sys/` and `auth/`: the minimum that real clients ask for, nothing pretended. Source: kv-semantics 5. */
export function systemRoutes(parts: ApiParts): readonly Route<undefined>[] {
  return [
    ...openRoutes(parts),
    ...mountRoutes(parts),
    ...selfRoutes(parts),
    ...snapshotRoutes(parts),
  ]
}

/** Answered without a credential, and while the vault is locked. */
function openRoutes({ vault, clock, version }: ApiParts): readonly Route<undefined>[] {
  const cluster = { cluster_name: 'coffret', cluster_id: vault.id }
  return [
    mount(system.health, async ({ query }, _where: undefined) => {
      const isSealed = vault.isLocked()
      const body = {
        initialized: true,
        sealed: isSealed,
        standby: false,
        performance_standby: false,
        replication_performance_mode: 'disabled',
        replication_dr_mode: 'disabled',
        server_time_utc: Math.floor(clock.now() / 1000),
        version,
        ...cluster,
      }
      const status = isSealed ? statusOf(query.sealedcode, 503) : statusOf(query.activecode, 200)
      return { status, data: body, isWhole: true }
    }),
    mount(system.sealStatus, async (_call, _where: undefined) => {
      const body = {
        type: 'shamir',
        initialized: true,
        sealed: vault.isLocked(),
        t: 1,
        n: 1,
        progress: 0,
        nonce: '',
        version,
        build_date: '',
        commit_date: '',
        migration: false,
        ...cluster,
        recovery_seal: false,
        storage_type: 'file',
      }
      return ok(body, { isWhole: true })
    }),
    mount(system.init, async (_call, _where: undefined) =>
      ok({ initialized: true }, { isWhole: true }),
    ),
    mount(system.leader, async (_call, _where: undefined) =>
      ok({ ha_enabled: false, is_self: false, leader_address: '' }, { isWhole: true }),
    ),
    mount(system.visibleMounts, async (_call, _where: undefined) => {
      if (vault.isLocked()) throw new CoffretError('locked', 'the vault is locked')
      return ok({ secret: {}, auth: {} }, { mountType: 'system' })
    }),
  ]
}

/** Monitors choose the status that they want to see. @throws CoffretError `invalid` */
function statusOf(wanted: string | undefined, usual: number): number {
  if (wanted === undefined || wanted === '') return usual
  const status = /^\d{3}$/.test(wanted) ? Number(wanted) : 0
  // A Response takes no other, and 1xx is not an answer.
  if (status >= 200 && status <= 599) return status
  throw new CoffretError('invalid', 'a status is a number of 200 to 599')
}

/** What a credential may ask about itself. */
function selfRoutes({ vault, clock }: ApiParts): readonly Route<undefined>[] {
  return [
    mount(system.lookUpSelf, async ({ caller, arrival }, _where: undefined) =>
      ok(describe(caller, arrival, clock.now()), { mountType: 'token' }),
    ),
    mount(system.renewSelf, async (_call, _where: undefined) => {
      throw new CoffretError('invalid', 'lease is not renewable')
    }),
    mount(system.revokeSelf, async ({ caller }, _where: undefined) => {
      if (caller.revoke === undefined) {
        throw new CoffretError('invalid', 'this credential is revoked in the application')
      }
      await caller.revoke()
      return done()
    }),
    mount(system.capabilities, async ({ body, caller, arrival }, _where: undefined) => {
      const paths = [...(body.paths ?? []), ...(body.path ?? [])]
      if (paths.length === 0) throw new CoffretError('invalid', 'paths must be supplied')
      const mounts = await vault.mounts.list()
      const words = new Map(paths.map((path) => [path, capabilitiesAt(caller, mounts, path)]))
      const [first] = words.values()
      const all = words.size === 1 ? new Map([...words, ['capabilities', first]]) : words
      const envelope = vaultEnvelope(arrival.requestId, all, { mountType: 'system' })
      // Clients read the words from either place.
      return ok(new Map([...all, ...Object.entries(envelope)]), { isWhole: true })
    }),
  ]
}

function describe(caller: Caller, { request }: Arrival, now: EpochMs) {
  const { createdSeconds, expiresSeconds } = caller
  const bearer = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
  const life = expiresSeconds === undefined ? 0 : expiresSeconds - createdSeconds
  return {
    accessor: caller.id,
    creation_time: createdSeconds,
    creation_ttl: life,
    display_name: caller.name,
    entity_id: '',
    expire_time:
      expiresSeconds === undefined ? null : new Date(expiresSeconds * 1000).toISOString(),
    explicit_max_ttl: life,
    // The caller's own, from this very request; empty for a certificate. An empty header is none.
    id: request.headers.get('x-vault-token') || (bearer ?? ''),
    meta: null,
    num_uses: 0,
    orphan: true,
    path: 'auth/token/create',
    policies: [isRoot(caller) ? 'root' : 'default'],
    renewable: false,
    ttl: expiresSeconds === undefined ? 0 : Math.max(0, expiresSeconds - Math.floor(now / 1000)),
    type: 'service',
  }
}
