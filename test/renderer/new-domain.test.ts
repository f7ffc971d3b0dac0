import { afterEach, expect, test, vi } from 'vitest'
import type { DomainSummary } from '../../src-main/contract/domain-calls'
import type { VaultSummary } from '../../src-main/contract/model'
import { AppState } from '../../src-renderer/state/app-state.svelte'
import { NewDomain } from '../../src-renderer/state/new-domain.svelte'
import { holdMain } from './held-main'

const okmsId = '3f2a8a5e-97a1-4c30-8f0e-7a3a5f0f5a10'
const vault = { id: okmsId, label: 'mine', status: 'unlocked', stores: [] }
const team = { id: 'd1', vault: vault.id, label: 'team', stores: [] } as unknown as DomainSummary

afterEach(() => {
  vi.unstubAllGlobals()
})

/** A domain on its way into a vault that is open. */
function adding() {
  const main = holdMain({
    'domain.list': () => [],
    'domain.open': () => undefined,
    'search.query': () => ({ hits: [], total: 0, searched: 0, unreadable: 0 }),
    'backups.status': () => ({ isRunning: false }) as never,
    'draft.list': () => [],
  })
  const app = new AppState()
  app.vaults = [vault as unknown as VaultSummary]
  app.place = 'add-domain'
  const added = new NewDomain(app)
  Object.assign(added.form, { label: 'team', okmsId, address: 'https://kms.example:8443' })
  Object.assign(added.credential, { kind: 'token', token: 'known to us' })
  return { main, app, added, done: added.add() }
}

test('a domain that was added is shown', async () => {
  const { main, app, done } = adding()
  await main.answer('domain.add', 0, team)
  await done
  expect(app.session?.domain).toBe(team)
  expect(app.place).toBe('vault')
})

test('who went elsewhere while it was added stays there, and is told', async () => {
  const { main, app, added, done } = adding()
  added.leave()
  app.place = 'settings'
  await main.answer('domain.add', 0, team)
  await done
  expect(app.session).toBeUndefined()
  expect(app.place).toBe('settings')
  expect(app.notices.list.map(({ text }) => text)).toEqual([app.words.domains.added('team')])
})

test('a second end of it leaves who went on to something else', async () => {
  const { main, app, added, done } = adding()
  await main.answer('domain.add', 0, team)
  await done
  added.leave()
  app.place = 'settings'
  await added.finish(team)
  expect(app.place).toBe('settings')
})
