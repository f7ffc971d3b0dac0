import { afterEach, expect, test, vi } from 'vitest'
import { BinnedSecret } from '../../src-main/contract/bin-calls'
import { Bin, type BinItem } from '../../src-renderer/state/bin.svelte'
import { holdMain, storeOf } from './held-main'

const capabilities = ['write', 'bin', 'purgeBackups'] as const
const store = storeOf({ capabilities: [...capabilities] })
const plain = storeOf({
  id: storeOf().id.replace('secret', 'plain') as typeof store.id,
  capabilities: ['write', 'bin'],
})
const binned = (path: string, deletedAt: number) =>
  BinnedSecret.parse({
    id: '0'.repeat(31) + deletedAt,
    path,
    deletedAt,
    currentVersion: 1,
    endsAt: 9,
  })
const item = (one: BinnedSecret, of = store): BinItem => ({ ...one, store: of })
const paths = ({ items }: Bin) => items?.map(({ path }) => path)

afterEach(() => {
  vi.unstubAllGlobals()
})

test('the latest comes first, of every store that has a bin', async () => {
  const main = holdMain()
  const bin = new Bin(() => [store, storeOf({ capabilities: ['write'] }), plain])
  const loading = bin.load()
  await main.answer('bin.list', 0, [binned('old', 1), binned('new', 3)])
  await main.answer('bin.list', 1, [binned('between', 2)])
  await loading
  expect(paths(bin)).toEqual(['new', 'between', 'old'])
  expect(main.inputs('bin.list')).toHaveLength(2)
})

test('a list that comes late does not take the place of a newer one', async () => {
  const main = holdMain()
  const bin = new Bin(() => [store])
  const loading = [bin.load(), bin.load()]
  await main.answer('bin.list', 1, [binned('kept', 1)])
  await main.answer('bin.list', 0, [binned('kept', 1), binned('gone', 2)])
  await Promise.all(loading)
  expect(paths(bin)).toEqual(['kept'])
})

test('a failure that comes late says nothing of a newer list', async () => {
  const main = holdMain()
  const bin = new Bin(() => [store])
  const loading = [bin.load(), bin.load()]
  await main.answer('bin.list', 1, [])
  await main.fail('bin.list', 0, 'busy')
  await Promise.all(loading)
  expect(bin.error).toBeUndefined()
})

test('what one store erased is gone from the list, also when another one refuses', async () => {
  const main = holdMain()
  const bin = new Bin(() => [store, plain])
  const purging = bin.purge([item(binned('a', 1)), item(binned('b', 2), plain)], true)
  const refused = expect(purging).rejects.toMatchObject({ code: 'busy' })
  await main.answer('bin.purge', 0, undefined)
  await main.fail('bin.purge', 1, 'busy')
  await main.answer('bin.list', 0, [])
  await main.answer('bin.list', 1, [binned('b', 2)])
  await refused
  expect(paths(bin)).toEqual(['b'])
})

test('backups are purged only where a store can', async () => {
  const main = holdMain()
  const bin = new Bin(() => [store, plain])
  void bin.purge([item(binned('a', 1)), item(binned('b', 2), plain)], true)
  await main.answer('bin.purge', 0, undefined)
  expect(main.inputs('bin.purge').map(({ fromBackups }) => fromBackups)).toEqual([true, undefined])
})
