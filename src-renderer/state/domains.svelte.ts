import { call } from '../bridge'
import type { DomainSummary } from '../../src-main/contract/domain-calls'
import type { DomainId } from '../../src-main/contract/domain'

/** The remote domains of the vaults that are unlocked. */
export class Domains {
  list = $state.raw<readonly DomainSummary[]>([])
  error = $state.raw<unknown>()

  async load(): Promise<void> {
    try {
      this.list = await call('domain.list')
      this.error = undefined
    } catch (error) {
      this.error = error
    }
  }

  find(id: DomainId | undefined): DomainSummary | undefined {
    return this.list.find((domain) => domain.id === id)
  }

  /** By region, where they are of several; one group without a name otherwise. */
  readonly groups = $derived.by(() => {
    const regions = new Set(this.list.map(({ region = '' }) => region))
    if (regions.size <= 1) return [{ region: '', domains: this.list }]
    return [...regions].sort().map((region) => ({
      region,
      domains: this.list.filter((domain) => (domain.region ?? '') === region),
    }))
  })
}

/** What is to be said of a domain before anything else. */
export type DomainMark = DomainSummary['status'] | 'ending'

/** Its state; that its certificate ends soon, where nothing worse is the case. */
export function markOf({ status, endsWithinDays }: DomainSummary): DomainMark {
  const isFine = status === 'idle' || status === 'ready' || status === 'connecting'
  return isFine && endsWithinDays !== undefined ? 'ending' : status
}

/** Whole days until a time, rounded up; 0 when it has passed. */
export function daysUntil(at: number, now: number): number {
  return Math.max(0, Math.ceil((at - now) / 86_400_000))
}
