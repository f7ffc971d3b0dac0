import { describe, expect, test } from 'vitest'
import { calls, type CallName } from '../../src-main/contract/calls'
import { SecretData, SecretPath, type VersionNumber } from '../../src-main/contract/model'
import { auditHead, auditText } from '../../src-main/ipc/audit-text'
import { auditedCalls } from '../../src-main/ipc/audited-calls'
import { passphrase } from '../vault/new-vault'
import { handlersOverVault } from './handlers-over-vault'

const canary = 'canary-value'
const path = SecretPath.parse('app/db')
const data = SecretData.parse(`{"password":"${canary}"}`)

/** Handlers, and what the log says: `what mount:path result`, the oldest first. */
async function withLog() {
  const made = await handlersOverVault()
  const { handlers, vault, store } = made
  const all = { vault: vault.id, filter: {}, limit: 1000 }
  const list = async () => [...(await handlers['audit.list'](all)).lines].reverse()
  const lines = async () =>
    (await list()).map(({ what, mount, path: at, result }) => `${what} ${mount}:${at} ${result}`)
  return { ...made, list, lines, at: { store, path } }
}

/** The calls that leave no line: they show no value, and change nothing in a vault. */
const silent = [
  ...['app.info', 'app.quit', 'preferences.read', 'preferences.write', 'clipboard.clear'],
  ...['clipboard.copyText', 'clipboard.copySecret', 'credential.inspect', 'credential.savePkcs12'],
  ...['credential.savePem', 'browser.list', 'browser.import', 'browser.remove', 'browser.steps'],
  'browser.cancelImport',
  ...['vault.list', 'vault.choose', 'vault.create', 'vault.add', 'vault.lock', 'store.list'],
  ...['store.config', 'secret.list', 'secret.paths', 'secret.metadata', 'secret.outline'],
  ...['bin.list', 'search.cancel', 'search.folders', 'search.countBelow', 'keys.list'],
  ...['keys.newRecoveryWords', 'keys.chooseFile', 'check.verify', 'check.planMerge'],
  ...['check.reopen', 'check.cancel', 'backups.settings', 'backups.configure', 'backups.status'],
  ...['backups.chooseFolder', 'backups.showFolder', 'backups.list', 'backups.close'],
  ...['backups.planRestore', 'backups.cancel', 'rotation.begun', 'rotation.cancel'],
  ...['localApi.status', 'localApi.stop', 'localApi.openDocumentation', 'audit.list'],
  ...['audit.verify', 'access.list', 'access.authority', 'access.saveAuthority', 'draft.keep'],
  ...['access.saveRevocationList', 'keptCertificate.list', 'keptCertificate.openPage'],
  ...['draft.list', 'draft.discard', 'compare.trees', 'snapshot.list', 'snapshot.take'],
  ...['snapshot.refresh', 'snapshot.remove'],
  ...['domain.inspect', 'domain.importProfiles', 'domain.regions', 'domain.cancel', 'domain.list'],
  ...['domain.profile', 'domain.open', 'domain.refresh', 'domain.stopListing'],
  // Long work between stores, which is planned by one call and done by another.
  ...['copy.plan', 'copy.run', 'copy.cancel', 'copy.pending', 'copy.resume', 'copy.discard'],
]

describe('C-16: what the window does leaves a line', () => {
  test('that reads, copies and changes a secret', async () => {
    const { handlers, lines, list, at, store } = await withLog()
    await handlers['secret.create']({ ...at, data })
    await handlers['secret.reveal'](at)
    await handlers['secret.copy']({ ...at, pointer: ['password'] })
    const stale = handlers['secret.write']({ ...at, data, cas: 7 })
    await expect(stale).rejects.toMatchObject({ code: 'cas_mismatch' })
    await handlers['secret.setState']({
      ...{ ...at, versions: [1 as VersionNumber] },
      state: 'deactivated',
    })
    await handlers['bin.discard']({ store, path, kind: 'secret' })
    expect(await lines()).toEqual([
      'secret.create secret:app/db ok',
      'secret.reveal secret:app/db ok',
      'secret.copy secret:app/db ok',
      'secret.write secret:app/db cas_mismatch',
      'secret.setState secret:app/db ok',
      'bin.discard secret:app/db ok',
    ])
    expect((await list()).every(({ who }) => who.kind === 'window')).toBe(true)
    expect(JSON.stringify(await list())).not.toContain(canary)
  })

  test('also of a secret that is not there, and not of what shows no value', async () => {
    const { handlers, lines, at, store } = await withLog()
    await expect(handlers['secret.reveal'](at)).rejects.toMatchObject({ code: 'not_found' })
    await handlers['secret.list']({ store, folder: '' as never })
    await handlers['store.list']()
    expect(await lines()).toEqual(['secret.reveal secret:app/db not_found'])
  })

  test('that unlocks a vault', async () => {
    const { handlers, lines, vault, ports } = await withLog()
    ports.stores.lockAll()
    const key = { kind: 'passphrase', passphrase: Uint8Array.from(passphrase) } as const
    await handlers['vault.unlock']({ vault: vault.id, with: key })
    expect(await lines()).toEqual(['vault.unlock : ok'])
  })

  test('each call that there is was thought of', () => {
    const names = Object.keys(calls) as CallName[]
    const unknown = names.filter((name) => !(name in auditedCalls) && !silent.includes(name))
    expect(unknown).toEqual([])
    const audited = ['secret.reveal', 'secret.copy', 'secret.write', 'keys.add', 'backups.export']
    expect(audited.filter((name) => !(name in auditedCalls))).toEqual([])
  })
})

describe('the log written out', () => {
  test('as JSON Lines and as CSV, private, with the filter', async () => {
    const { handlers, ports, at, vault, folder } = await withLog()
    await handlers['secret.create']({ ...at, data })
    await handlers['secret.reveal'](at)
    ports.dialog.chooseNewFile.mockImplementation(async () => `${folder}/log`)
    for (const format of ['jsonl', 'csv'] as const) {
      const filter = { path: 'app/' }
      const answer = await handlers['audit.export']({ vault: vault.id, filter, format, name: 'x' })
      const { calls: written } = ports.files.write.mock
      const [file, bytes] = written.at(-1) ?? []
      expect(answer?.file).toBe(`${folder}/log.${format}`)
      expect(file).toBe(answer?.file)
      const text = new TextDecoder().decode(bytes)
      expect(text.split('\n').filter((line) => line.includes('app/db'))).toHaveLength(2)
      expect(text).not.toContain(canary)
    }
  })

  test('nothing when the person gave up', async () => {
    const { handlers, vault } = await withLog()
    const order = { vault: vault.id, filter: {}, format: 'csv', name: 'x' } as const
    expect(await handlers['audit.export'](order)).toBeUndefined()
  })

  test.each(['=1+1', '+1', '-1', '@x', '\tx', '\rx'])('a cell is no formula: %j', (at) => {
    const line = { number: 1, at: 0, who: { kind: 'window' }, what: 'x', mount: '', path: at }
    const text = auditText('csv', { ...line, result: 'ok', count: 1 } as never)
    expect(text).toContain(`,"'${at}",`)
  })

  test('quotes, commas and line ends stay in their cell', () => {
    const who = { kind: 'credential', type: 'token', id: 'i', name: 'a "b", c\r\nd' }
    const line = { number: 1, at: 0, who, what: 'x', mount: 'm', path: 'p', result: 403, count: 2 }
    expect(auditHead('csv')).toMatch(/^number,at,who,name,/)
    expect(auditText('csv', line as never)).toBe(
      '1,1970-01-01T00:00:00.000Z,token,"a ""b"", c\r\nd",i,,,,x,m,p,refused,403,2,\r\n',
    )
  })
})

test('the log is proven for the window', async () => {
  const { handlers, vault, at } = await withLog()
  await handlers['secret.create']({ ...at, data })
  expect(await handlers['audit.verify']({ vault: vault.id })).toEqual({ lines: 1, first: 1 })
})
