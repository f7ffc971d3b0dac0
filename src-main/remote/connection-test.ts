import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { ConnectionStep, Remedy, StepResult } from '../contract/connection-test'
import type { DomainProfile } from '../contract/domain'
import { CoffretError } from '../contract/errors'
import type { SecretPath } from '../contract/model'
import { RemoteFailure, type RemoteReason } from '../contract/remote-failure'
import type { DomainSecret } from '../kv/domain-book'
import { connectionFailure } from './connection-failure'
import { checkCredential } from './credential-check'
import { defaultDeadlines } from './deadlines'
import { RemoteDomain, type DomainEnvironment } from './remote-domain'
import type { RemoteStore } from './remote-store'
import { lookAtServer, reach, type ProbeParts } from './tls-probe'
import { authoritiesOf } from './trust'
import { endpointOf } from './tunnel'

/** What the test stands on; `resolve` gives the addresses of a name. */
export interface TestEnvironment extends DomainEnvironment {
  readonly resolve?: (host: string) => Promise<readonly string[]>
}

/** What helps against each reason. */
const remedyOf = {
  offline: 'check_network',
  no_such_host: 'check_address',
  refused: 'check_address',
  no_tls: 'check_address',
  proxy: 'check_proxy',
  slow_connect: 'check_network',
  slow: 'try_later',
  no_reply: 'try_later',
  server_certificate_unknown: 'add_authority',
  server_certificate_name: 'check_address',
  server_certificate_limits: 'use_name',
  server_certificate_expired: 'ask_for_server_certificate',
  certificate_expired: 'renew_certificate',
  certificate_not_yet_valid: 'set_clock',
  certificate_revoked: 'renew_certificate',
  certificate_unknown: 'choose_other_domain',
  certificate_missing: 'choose_matching_pair',
  certificate_refused: 'choose_other_domain',
  not_for_clients: 'choose_matching_pair',
  key_mismatch: 'choose_matching_pair',
  wrong_domain: 'choose_other_domain',
  unauthenticated: 'renew_token',
  may_not_list: 'ask_for_right',
  may_not_read_metadata: 'ask_for_right',
  may_not_read_data: 'ask_for_right',
  may_not_write: 'ask_for_right',
  may_not_deactivate: 'ask_for_right',
  may_not_destroy: 'ask_for_right',
  may_not_configure: 'ask_for_right',
  may_not: 'ask_for_right',
  no_route: 'check_address',
  redirected: 'check_address',
  not_an_api: 'check_address',
  wrong_form: 'check_address',
  too_much: 'check_address',
  rate_limited: 'try_later',
  overloaded: 'try_later',
  server_fault: 'try_later',
  sealed: 'unseal',
} as const satisfies Record<RemoteReason, Remedy>

/**
 * Tries a connection step by step, see {@link ConnectionStep}. The first that fails is the last, except
 * among the rights, which are three. To see the right to read, one value is read and dropped at once: the
 * server may note that. Who leaves the loop ends it.
 */
export async function* testConnection(
  profile: DomainProfile,
  secret: DomainSecret,
  environment: TestEnvironment,
): AsyncGenerator<StepResult> {
  let domain: RemoteDomain | undefined
  try {
    const info = checkCredential(profile, secret, environment.clock.now())
    domain = new RemoteDomain(profile, secret, environment)
    yield passed('credential', info === undefined ? {} : { certificate: info })
  } catch (error) {
    yield failed('credential', error)
    return
  }
  try {
    for await (const result of wayTo(profile, environment)) {
      yield result
      if (result.outcome === 'failed') return
    }
    yield* rightsAt(domain, secret)
  } finally {
    domain.close()
  }
}

/** From the name to the server's certificate: no credential is shown. */
async function* wayTo(
  profile: DomainProfile,
  { after, deadlines = defaultDeadlines, resolve = addressesOf }: TestEnvironment,
): AsyncGenerator<StepResult> {
  const parts: ProbeParts = {
    target: endpointOf(profile.address),
    proxy: profile.proxy === undefined ? undefined : endpointOf(profile.proxy),
    authorities: authoritiesOf(profile.authorities),
    ...{ after, connectMs: deadlines.connectMs },
  }
  let step: ConnectionStep = 'name'
  try {
    // Through a proxy the name is the proxy's to find.
    yield passed('name', { addresses: await resolve((parts.proxy ?? parts.target).host) })
    step = 'reach'
    const socket = await reach(parts)
    yield passed('reach')
    step = 'tls'
    const { certificate, failure } = await lookAtServer(socket, parts)
    const seen = certificate === undefined ? {} : { certificate }
    yield failure === undefined ? passed('tls', seen) : { ...failed('tls', failure), ...seen }
  } catch (error) {
    yield failed(step, error)
  }
}

async function addressesOf(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host]
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch (error) {
    const progress = { isSecure: false, isSent: false, isUntried: false, isSafe: true }
    throw connectionFailure(error, progress)
  }
}

/** What the credential is good for. */
async function* rightsAt(domain: RemoteDomain, secret: DomainSecret): AsyncGenerator<StepResult> {
  const isToken = secret.kind === 'token'
  let stores: readonly RemoteStore[]
  try {
    stores = await domain.stores()
    // The settings need the fewest rights of all: none but to be known.
    const [first] = stores
    if (first?.capabilities().includes('settings') === true) await known(first.readConfig())
    yield passed('accepted', { mounts: stores.map(({ id }) => id.split('/')[1] ?? '') })
  } catch (error) {
    yield failed('accepted', error, isToken)
    return
  }
  const listed: Listed = {}
  yield await tried('list', () => firstSecret(domain, listed))
  const { store, path } = listed
  if (store === undefined || path === undefined) {
    yield { step: 'metadata', outcome: 'skipped' }
    yield { step: 'read', outcome: 'skipped' }
    return
  }
  yield store.capabilities().includes('metadata')
    ? await tried('metadata', () => store.readMetadata(path))
    : { step: 'metadata', outcome: 'skipped' }
  yield await tried('read', () => store.readVersion(path))
}

interface Listed {
  store?: RemoteStore
  path?: SecretPath
}

/** Looks for one secret, as far as it must. */
async function firstSecret(domain: RemoteDomain, found: Listed): Promise<void> {
  for (const mount of await domain.mounts()) {
    for await (const arrival of domain.arrivals(mount)) {
      const [row] = arrival.rows
      if (row === undefined) continue
      found.store = domain.store(mount)
      found.path = row.path
      return
    }
  }
}

/** A right that is missing, or a mount that has no settings, says that the credential was looked at. */
async function known(reading: Promise<unknown>): Promise<void> {
  try {
    await reading
  } catch (error) {
    const isKnown = error instanceof RemoteFailure && error.reason.startsWith('may_not')
    if (!isKnown) throw error
  }
}

async function tried(step: ConnectionStep, work: () => Promise<unknown>): Promise<StepResult> {
  try {
    await work()
    return passed(step)
  } catch (error) {
    // A version that was deactivated, or a secret that went meanwhile: the right was there.
    const isGone = error instanceof CoffretError && error.code === 'not_found'
    if (isGone && !(error instanceof RemoteFailure)) return passed(step)
    return failed(step, error)
  }
}

function passed(step: ConnectionStep, more: Partial<StepResult> = {}): StepResult {
  return { step, outcome: 'passed', ...more }
}

function failed(step: ConnectionStep, error: unknown, isToken = true): StepResult {
  if (!(error instanceof CoffretError)) throw error
  const { code, message } = error
  if (!(error instanceof RemoteFailure)) return { step, outcome: 'failed', code, message }
  const { reason } = error
  const remedy = reason === 'unauthenticated' && !isToken ? 'choose_other_domain' : remedyOf[reason]
  return { step, outcome: 'failed', code, reason, remedy, message }
}
