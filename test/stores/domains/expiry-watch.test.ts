import { expect, test, vi } from 'vitest'
import type { DomainSummary } from '../../../src-main/contract/domain-calls'
import { DomainId } from '../../../src-main/contract/domain'
import type { EpochMs } from '../../../src-main/contract/model'
import { ExpiryWatch } from '../../../src-main/stores/domains/expiry-watch'
import { StandingClock } from '../../vault/new-vault'
import { settingsInMemory } from '../settings-in-memory'

const dayMs = 86_400_000
const domain = DomainId.parse('00000000-0000-4000-8000-000000000001')

test('each threshold is told once, also after a restart, and of no token', () => {
  const clock = new StandingClock()
  const endsAt = (clock.now() + 40 * dayMs) as EpochMs
  const settings = settingsInMemory()
  const tell = vi.fn()
  const domains = () => [
    { id: domain, label: 'Team', credentialEndsAt: endsAt } as DomainSummary,
    { id: DomainId.parse('00000000-0000-4000-8000-000000000002'), label: 'T' } as DomainSummary,
  ]
  const told = () => tell.mock.calls.map(([{ withinDays }]) => withinDays as number)
  for (let day = 0; day <= 45; day += 1) {
    const watch = new ExpiryWatch({ clock, settings, domains, tell })
    watch.check()
    watch.check()
    clock.advance(dayMs)
  }
  expect(told()).toEqual([30, 7, 1, 0])
  expect(tell).toHaveBeenCalledWith({ domain, label: 'Team', endsAt, withinDays: 7 })
  expect(settings.read().expiryWarnings).toEqual([{ id: domain, endsAt, withinDays: 0 }])
})
