import { describe, expect, test } from 'vitest'
import type { DomainInspection, DomainSummary } from '../../src-main/contract/domain-calls'
import { daysUntil, markOf } from '../../src-renderer/state/domains.svelte'
import { DomainForm } from '../../src-renderer/state/domain-form.svelte'

const okmsId = '3f2a8a5e-97a1-4c30-8f0e-7a3a5f0f5a10'
const dayMs = 86_400_000

function typed(change: Partial<DomainForm> = {}): DomainForm {
  const form = new DomainForm()
  return Object.assign(form, { label: 'team', okmsId, address: 'https://kms.example:8443' }, change)
}

describe('a domain as it is typed', () => {
  test('a region brings its address, and an address its region', () => {
    const form = typed()
    form.chooseRegion('eu-west-par')
    expect(form.address).toBe('https://eu-west-par.okms.ovh.net')
    expect(form.draft).toMatchObject({ kind: 'okms-rest', region: 'eu-west-par' })
    form.chooseRegion('')
    form.address = 'https://eu-west-rbx.okms.ovh.net'
    expect(form.draft).toMatchObject({ region: 'eu-west-rbx' })
  })

  test('a host of one’s own has no region', () => {
    expect(typed().draft).not.toHaveProperty('region')
  })

  test.each([
    ['okms', 'rest', 'okms-rest'],
    ['okms', 'kv2', 'okms-kv2'],
    ['central', 'rest', 'okms-central'],
    ['vault', 'rest', 'vault'],
  ] as const)('%s by %s is %s', (server, api, kind) => {
    expect(typed({ server, api }).kind).toBe(kind)
  })

  test('the central API has an address of its own, which goes with it', () => {
    const form = typed({ address: '' })
    form.chooseServer('central')
    expect(form.address).toBe('https://eu.api.ovh.com/v2')
    form.chooseServer('vault')
    expect(form.address).toBe('')
  })

  test('mounts of a Vault server are KV2 unless they say otherwise', () => {
    const form = typed({ server: 'vault', mounts: 'secret, old:1' })
    expect(form.draft).toMatchObject({
      mounts: [
        { name: 'secret', version: 2 },
        { name: 'old', version: 1 },
      ],
    })
    expect(typed({ server: 'vault' }).draft).not.toHaveProperty('mounts')
  })

  test.each([
    ['label', { label: ' ' }],
    ['address', { address: 'http://kms.example' }],
    ['okmsId', { okmsId: 'x' }],
    ['proxy', { proxy: 'proxy:3128' }],
    ['authorities', { trust: 'own', pem: '' }],
    ['namespace', { server: 'vault', namespace: 'a b' }],
    ['mounts', { server: 'vault', mounts: 'a/b' }],
  ] as const)('a wrong %s is said once it was tried', (field, change) => {
    const form = typed(change)
    expect(form.draft).toBeUndefined()
    expect(form.wrong.size).toBe(0)
    form.isTried = true
    expect([...form.wrong]).toEqual([field])
  })

  test.each([
    ['https://127.0.0.1:8443', 'https://localhost:8443'],
    [' https://[::1]:8443/vault ', 'https://localhost:8443/vault'],
    ['https://127.0.0.1', 'https://localhost'],
    ['HTTPS://127.0.0.1/', 'https://localhost/'],
    ['https://127.0.0.11:8443', undefined],
    ['https://127.0.0.1.example:8443', undefined],
    ['https://192.0.2.1', undefined],
    ['https://localhost:8443', undefined],
    ['', undefined],
  ])('the name for %o is %o', (address, named) => {
    expect(typed({ address }).namedAddress).toBe(named)
  })

  test('a file that still needs its password proposes nothing', () => {
    const form = typed({ label: '', okmsId: '' })
    const inspected = (certificates: readonly object[], found: object) =>
      form.propose({
        ...{ report: { certificates }, known: [], ...found },
        proposal: { kind: 'vault', label: 'client' },
      } as unknown as DomainInspection)
    inspected([], {})
    expect(form).toMatchObject({ server: 'okms', label: '', okmsId: '' })
    inspected([{}], { okmsId })
    expect(form).toMatchObject({ server: 'okms', label: 'client', okmsId })
  })

  test('what is typed over a proposal stays when the kind of server is another', () => {
    const found = {
      ...{ report: { certificates: [{}] }, known: [], okmsId },
      proposal: { kind: 'okms-rest', label: 'client', address: 'https://kms.example' },
    } as unknown as DomainInspection
    const form = typed({ label: '', okmsId: '', address: '' })
    form.propose(found)
    expect(form).toMatchObject({ label: 'client', okmsId, address: 'https://kms.example' })
    const other = okmsId.replace('3', '4')
    Object.assign(form, { label: 'team', okmsId: other, address: 'https://own.example' })
    form.chooseServer('vault')
    form.propose(found)
    expect(form).toMatchObject({ label: 'team', okmsId: other, address: 'https://own.example' })
    // Another certificate is of another domain.
    form.propose({ ...found })
    expect(form).toMatchObject({ label: 'team', okmsId })
  })

  test('what is kept is shown, and comes back the same', () => {
    const form = typed({ api: 'kv2', trust: 'both', pem: 'PEM', proxy: 'http://proxy:3128' })
    const { draft } = form
    const again = new DomainForm()
    if (draft?.kind !== 'okms-kv2') throw new Error('no draft')
    again.show({ ...draft, id: okmsId as DomainSummary['id'], auth: 'certificate' })
    expect(again.draft).toEqual(draft)
  })
})

describe('the mark of a domain', () => {
  const domain = (change: Partial<DomainSummary>) =>
    ({ status: 'ready', ...change }) as DomainSummary

  test.each<[Partial<DomainSummary>, string]>([
    [{}, 'ready'],
    [{ endsWithinDays: 7 }, 'ending'],
    [{ status: 'idle', endsWithinDays: 1 }, 'ending'],
    // Worse than a certificate that ends soon.
    [{ status: 'offline', endsWithinDays: 1 }, 'offline'],
    [{ status: 'refused', endsWithinDays: 1 }, 'refused'],
    [{ status: 'expired', endsWithinDays: 0 }, 'expired'],
  ])('%o is %s', (change, mark) => {
    expect(markOf(domain(change))).toBe(mark)
  })

  test.each([
    [dayMs, 1],
    [dayMs + 1, 2],
    [1, 1],
    [0, 0],
    [-1, 0],
  ])('%d ms are %d days', (ms, days) => {
    expect(daysUntil(5 * dayMs + ms, 5 * dayMs)).toBe(days)
  })
})
