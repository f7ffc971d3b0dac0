import type { WorkId } from '../contract/compare-calls'
import type { StepResult } from '../contract/connection-test'
import { ServerAddress } from '../contract/domain'
import { CoffretError } from '../contract/errors'
import { okmsAddress, okmsRegions } from '../contract/okms-regions'
import { importedProfiles } from '../stores/domains/imported-profiles'
import { inspected, secretOf } from './domain-credential'
import { removeFiles } from './domain-files'
import type { HandlersOf } from './handlers-of'
import { keepCredential, keptTwin } from './kept-credential'
import type { HandlerPorts } from './ports'

/** Remote domains: looked into, tried, kept in a vault. */
export function domainHandlers(ports: HandlerPorts) {
  const { stores, credentials, files, emit } = ports
  const { domains } = stores
  const tests = new Map<WorkId, AbortController>()
  const changed = <T>(result: T): T => {
    emit({ name: 'domains.changed' })
    return result
  }
  return {
    'domain.inspect': (input) => inspected(input, ports),
    'domain.importProfiles': ({ file }) => {
      try {
        return { profiles: importedProfiles(file) }
      } finally {
        file.fill(0)
      }
    },
    'domain.regions': () =>
      okmsRegions.map(({ id, place }) => ({
        ...{ id, place },
        address: ServerAddress.parse(okmsAddress(id)),
      })),
    'domain.test': async ({ work, draft, credential }) => {
      const stop = new AbortController()
      tests.set(work, stop)
      const onStep = (result: StepResult) => emit({ name: 'domain.step', work, result })
      try {
        const entry =
          credential.kind === 'kept' ? credential.domain : await secretOf(credential, ports)
        return await followed(domains.test(draft, entry), stop.signal, onStep)
      } finally {
        tests.delete(work)
      }
    },
    'domain.cancel': ({ work }) => tests.get(work)?.abort(),
    'domain.add': async ({ vault, draft, credential, keeps = false }) => {
      const keeper = stores.vault(vault)
      const secret = await secretOf(credential, ports)
      const domain = changed(domains.add(keeper, draft, secret))
      if (keeps) await keepCredential(ports, vault, { secret, name: domain.label })
      return domain
    },
    'domain.list': () => domains.list(),
    'domain.profile': ({ domain }) => domains.find(domain).profile,
    'domain.change': ({ domain, draft }) => changed(domains.change(domain, draft)),
    'domain.replaceCredential': async ({ domain, credential }) => {
      const { id: vault } = domains.find(domain).vault
      const older = await keptTwin(ports, vault, domains.certificateOf(domain))
      const secret = await secretOf(credential, ports)
      const replaced = changed(domains.replaceCredential(domain, secret))
      if (older !== undefined) {
        await keepCredential(ports, vault, { secret, name: older.name, replaces: older.id })
      }
      return replaced
    },
    'domain.remove': ({ domain }) => changed(domains.remove(domain)),
    'domain.removeFiles': (input) => removeFiles(input, { stores, credentials, files }),
    'domain.open': ({ domain }) => inBackground(domains.find(domain).open()),
    'domain.refresh': ({ domain }) => inBackground(domains.find(domain).refresh()),
    'domain.stopListing': ({ domain }) => domains.find(domain).stopListing(),
  } satisfies HandlersOf<'domain'>
}

/** What fails is told by the status of the domain. */
function inBackground(work: Promise<void>): void {
  work.catch((error: unknown) => {
    if (!(error instanceof CoffretError)) throw error
  })
}

/** Tells of each step. A step that is under way when it is aborted ends by its own deadline, unheard. */
async function followed(
  steps: AsyncGenerator<StepResult>,
  signal: AbortSignal,
  onStep: (result: StepResult) => void,
): Promise<StepResult[]> {
  const cancelled = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new CoffretError('cancelled', 'the test was given up'))
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp)
  })
  const results: StepResult[] = []
  try {
    for (;;) {
      const next = await Promise.race([steps.next(), cancelled])
      if (next.done === true) return results
      results.push(next.value)
      onStep(next.value)
    }
  } catch (error) {
    // Waits for the step under way, and nobody waits for that.
    void steps.return(undefined).catch(() => undefined)
    throw error
  }
}
