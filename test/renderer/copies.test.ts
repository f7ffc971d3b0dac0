import { expect, test } from 'vitest'
import type { StoreSummary } from '../../src-main/contract/model'
import { CopyForm, likelyTarget } from '../../src-renderer/state/copy-form.svelte'
import { placesOf } from '../../src-renderer/state/places'
import { taskItems } from '../../src-renderer/state/task'
import { Works } from '../../src-renderer/state/works.svelte'
import { wordsOf } from '../../src-renderer/words'

const here = '3f2a8a5e-97a1-4c30-8f0e-7a3a5f0f5a10'
const there = '9c1d2b7a-0a44-4a6f-9f57-1f5d0f1c2a33'

function store(owner: string, label: string, change: Partial<StoreSummary> = {}): StoreSummary {
  const known = { id: `${owner}/${label}`, label, kind: 'vault', status: 'unlocked' }
  return { ...known, capabilities: ['write', 'versions'], ...change } as StoreSummary
}

const mine = store(here, 'secret')

test('a copy goes elsewhere by itself: to the same name, else to where versions are', () => {
  const plain = store(there, 'kv', { capabilities: ['write'] })
  const named = store(there, 'secret')
  expect(likelyTarget(mine, [mine, plain, named])).toBe(named)
  expect(likelyTarget(mine, [mine, plain, store(there, 'other')])?.label).toBe('other')
  expect(likelyTarget(mine, [mine, plain])).toBe(plain)
  expect(likelyTarget(mine, [mine, store(here, 'kv')])?.label).toBe('kv')
  expect(likelyTarget(mine, [mine])).toBe(mine)
})

test.each([
  ['folder', 'prod', 'prod', true],
  ['folder', 'prod', 'prod/inner', true],
  ['folder', '', 'all', true],
  ['folder', 'prod', 'production', false],
  ['secret', 'prod/db', 'prod/db', true],
  ['secret', 'prod/db', 'prod/db/inner', false],
] as const)('within one store, a %s %o onto %o is nowhere: %s', (kind, path, to, isSame) => {
  const form = new CopyForm({ kind, store: mine, path }, false, new Works(), [mine])
  form.path = to
  expect(form.isSame).toBe(isSame)
  expect(form.isComplete).toBe(!isSame)
})

test('what cannot be done is not in the menu', () => {
  const words = wordsOf('en')
  const offered = (of: StoreSummary, path: string) =>
    taskItems(words, { kind: 'folder', store: of, path }, () => undefined).map(({ text }) => text)
  expect(offered(mine, 'prod')).toEqual(['Copy to…', 'Move to…', 'Compare with…'])
  const readOnly = store(here, 'snap', {
    capabilities: [],
    snapshot: { of: store(there, 'secret').id },
  })
  expect(offered(readOnly, 'prod')).toEqual(['Copy to…', 'Compare with…'])
  expect(offered(readOnly, '')).toContain('Refresh the offline copy')
  expect(offered(store(there, 'secret', { kind: 'domain' }), '')).toContain('Make an offline copy…')
  expect(offered(store(there, 'secret', { kind: 'domain' }), 'a')).not.toContain(
    'Make an offline copy…',
  )
})

test('stores of backups are no places', () => {
  const vault = { label: 'personal', stores: [mine] }
  const backup = { ...vault, backup: { of: here, madeAt: 1 } }
  const domain = { label: 'team', stores: [store(there, 'secret')] }
  const places = placesOf([vault, backup] as never, [domain] as never)
  expect(places.map(({ owner }) => owner)).toEqual(['personal', 'team'])
})

test.each([
  [3, 0, '3 secrets done', '3 secrets terminés'],
  [1, 0, '1 secret done', '1 secret terminé'],
  [0, 0, '0 secrets done', '0 secret terminé'],
  [0, 100, 'up to 100 secrets done', 'jusqu’à 100 secrets terminés'],
  [1300, 100, '1,300 to 1,400 secrets done', 'de 1\u202f300 à 1\u202f400 secrets terminés'],
])('of %i done and %i under way is said “%s”', (done, underWay, en, fr) => {
  expect(wordsOf('en').copies.doneSoFar(done, underWay)).toBe(en)
  expect(wordsOf('fr').copies.doneSoFar(done, underWay)).toBe(fr)
})
