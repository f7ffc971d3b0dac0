import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { calls } from '../../src-main/contract/calls'
import { WorkId } from '../../src-main/contract/compare-calls'
import type { CopyOrder } from '../../src-main/contract/copy-calls'
import { FolderPath, SecretData, SecretPath } from '../../src-main/contract/model'
import { handlersOverVault } from './handlers-over-vault'

const failing = (code: string) => expect.objectContaining({ code })
const path = (text: string) => SecretPath.parse(text)
const newWork = () => WorkId.parse(randomUUID())
const canary = 'canary-3b1d'
const data = (text: string) => SecretData.parse(`{"password":"${canary}","n":${text}}`)

async function withTwoStores() {
  const parts = await handlersOverVault()
  const { handlers, vault, events } = parts
  const [store, other] = [vault.stores[0]!.id, vault.stores[1]!.id]
  for (const name of ['a', 'b']) {
    await handlers['secret.create']({ store, path: path(`app/${name}`), data: data('1') })
  }
  events.length = 0
  const order: CopyOrder = {
    kind: 'folder',
    from: { store, path: FolderPath.parse('app') },
    to: { store: other, path: FolderPath.parse('copied') },
    policy: {
      ...{ versions: 'latest', conflicts: 'skip' },
      ...{ settings: true, move: false, acceptLoss: false },
    },
  }
  return { ...parts, store, other, order }
}

test('a copy is planned, run with progress, and compared; nothing of a value crosses', async () => {
  const { handlers, vault, events, store, other, order } = await withTwoStores()
  const work = newWork()
  const plan = await handlers['copy.plan']({ work, order, readsValues: true })
  expect(calls['copy.plan'].output.parse(plan).counts).toMatchObject({ create: 2 })
  const elsewhere = { ...order, kind: 'secret' as const }
  await expect(async () => handlers['copy.run']({ work, order: elsewhere })).rejects.toThrow(
    failing('invalid'),
  )
  const report = await handlers['copy.run']({ work, order })
  expect(calls['copy.run'].output.parse(report).counts).toMatchObject({ copied: 2 })
  expect(events).toContainEqual({ name: 'copy.progress', work, done: 2, total: 2 })
  expect(events).toContainEqual({ name: 'secrets.changed', store: other })
  expect(await handlers['copy.pending']({})).toEqual([])
  const [first, second] = [order.from, order.to]
  const trees = await handlers['compare.trees']({ work: newWork(), first, second })
  expect(calls['compare.trees'].output.parse(trees).counts).toMatchObject({ same: 2, different: 0 })
  const secrets = await handlers['compare.secrets']({
    first: { store, path: path('app/a') },
    second: { store: other, path: path('copied/b') },
  })
  expect(calls['compare.secrets'].output.parse(secrets)).toEqual({
    relation: 'same',
    keys: [
      { key: ['password'], relation: 'same' },
      { key: ['n'], relation: 'same' },
    ],
  })
  expect(JSON.stringify([plan, report, trees, secrets, events])).not.toContain(canary)
  const { lines } = await handlers['audit.list']({ vault: vault.id, limit: 10, filter: {} })
  const copied = lines.filter(({ what }) => what === 'copy.run')
  expect(copied.map((line) => [line.mount, line.path, line.result])).toEqual(
    expect.arrayContaining([
      ['secret', 'app/', 'ok'],
      ['kv', 'copied/', 'ok'],
    ]),
  )
})

test('a copy that was stopped is pending, gone on with, or discarded', async () => {
  const { handlers, ports, vault, order } = await withTwoStores()
  const stop = async () => {
    const work = newWork()
    await handlers['copy.plan']({ work, order, readsValues: false })
    const running = handlers['copy.run']({ work, order })
    await handlers['copy.cancel']({ work })
    await expect(running).rejects.toThrow(failing('cancelled'))
    return work
  }
  const work = await stop()
  const pending = await handlers['copy.pending']({})
  expect(calls['copy.pending'].output.parse(pending)).toMatchObject([{ vault: vault.id, work }])
  const report = await handlers['copy.resume']({ vault: vault.id, work })
  expect(report.counts.failed).toBe(0)
  expect(await handlers['copy.pending']({})).toEqual([])
  const next = await stop()
  await handlers['copy.discard']({ vault: vault.id, work: next })
  expect(await handlers['copy.pending']({})).toEqual([])
  ports.stores.lockAll()
  expect(await handlers['copy.pending']({})).toEqual([])
})

test('a snapshot is listed with its age, read by everybody, and refreshed', async () => {
  const { handlers, vault, events, store } = await withTwoStores()
  const input = { work: newWork(), vault: vault.id, store, label: 'production' }
  const taken = await handlers['snapshot.take'](input)
  const { snapshot, report } = calls['snapshot.take'].output.parse(taken)
  expect(report.counts).toMatchObject({ copied: 2 })
  expect(events).toContainEqual({ name: 'stores.changed' })
  const listed = (await handlers['vault.list']())[0]?.stores.find(({ id }) => id === snapshot.id)
  expect(listed).toMatchObject({
    ...{ label: 'production', snapshot: { of: store, takenAt: snapshot.takenAt, missing: 0 } },
  })
  expect(listed?.capabilities).not.toContain('write')
  const at = { store: snapshot.id, path: path('app/a') }
  expect(await handlers['secret.reveal'](at)).toMatchObject({ data: data('1') })
  await expect(handlers['secret.write']({ ...at, data: data('2'), cas: 1 })).rejects.toThrow(
    failing('unsupported'),
  )
  await handlers['secret.write']({ store, path: path('app/a'), data: data('2'), cas: 1 })
  await handlers['snapshot.refresh']({ work: newWork(), snapshot: snapshot.id })
  expect(await handlers['secret.reveal'](at)).toMatchObject({ data: data('2') })
  await handlers['snapshot.remove']({ snapshot: snapshot.id })
  expect(await handlers['snapshot.list']({ vault: vault.id })).toEqual([])
})
