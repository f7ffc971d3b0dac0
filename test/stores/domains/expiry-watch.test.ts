import { expect, test, vi } from 'vitest'
import type { DomainSummary } from '../../../src-main/contract/domain-calls'
import { CoffretError } from '../../../src-main/contract/errors'
import { DomainId } from '../../../src-main/contract/domain'
import type { EpochMs } from '../../../src-main/contract/model'
import { StoredSettings } from '../../../src-main/contract/settings'
import {
  KeptCertificateId,
  type KeptCertificate,
} from '../../../src-main/contract/kept-certificate'
import { certificatesIn, ExpiryWatch } from '../../../src-main/stores/domains/expiry-watch'
import { newVault, StandingClock } from '../../vault/new-vault'
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
    const watch = new ExpiryWatch({ clock, settings, domains, certificates: () => [], tell })
    watch.check()
    watch.check()
    clock.advance(dayMs)
  }
  expect(told()).toEqual([30, 7, 1, 0])
  expect(tell).toHaveBeenCalledWith({ label: 'Team', endsAt, withinDays: 7 })
  expect(settings.read().expiryWarnings).toEqual([{ id: domain, endsAt, withinDays: 0 }])
})

test('a certificate that is kept is told of like those of domains, but not one of both', () => {
  const clock = new StandingClock()
  const endsAt = (clock.now() + 5 * dayMs) as EpochMs
  const kept = (n: number, name: string, validTo: number) =>
    ({
      id: KeptCertificateId.parse(`00000000-0000-4000-8000-00000000000${n}`),
      ...{ name, validTo: validTo as EpochMs },
    }) as KeptCertificate
  const certificates = () => [
    kept(3, 'laptop', clock.now() - dayMs),
    kept(4, 'far', clock.now() + 31 * dayMs),
    kept(5, 'that of Team', endsAt),
  ]
  const domains = () => [{ id: domain, label: 'Team', credentialEndsAt: endsAt } as DomainSummary]
  const tell = vi.fn()
  const settings = settingsInMemory()
  const watch = new ExpiryWatch({ clock, settings, domains, certificates, tell })
  watch.check()
  watch.check()
  expect(tell.mock.calls).toEqual([
    [{ label: 'Team', endsAt, withinDays: 7 }],
    [{ label: 'laptop', endsAt: clock.now() - dayMs, withinDays: 0 }],
  ])
  expect(StoredSettings.parse({ ...settings.read() }).expiryWarnings).toEqual(
    settings.read().expiryWarnings,
  )
})

test('a vault that is locked, or whose list is damaged, keeps nobody from the others', async () => {
  const [{ vault: locked }, { vault: damaged }, { vault: good }] = await Promise.all([
    newVault(),
    newVault(),
    newVault(),
  ])
  locked.lock()
  vi.spyOn(damaged.keptCertificates, 'list').mockImplementation(() => {
    throw new CoffretError('corrupt', 'a record is not what was written')
  })
  const kept = { name: 'kept' } as KeptCertificate
  vi.spyOn(good.keptCertificates, 'list').mockReturnValue([kept])
  expect(certificatesIn([locked, damaged, good])).toEqual([kept])
})
