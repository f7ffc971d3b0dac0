import { afterEach, expect, test, vi } from 'vitest'
import type { CallOutput } from '../../src-main/contract/calls'
import type { KeySlotSummary } from '../../src-main/contract/key-slots'
import type { VaultSummary } from '../../src-main/contract/model'
import { KeySlots } from '../../src-renderer/state/key-slots.svelte'
import { holdMain } from './held-main'

const listOf = (...kinds: KeySlotSummary['kind'][]): CallOutput<'keys.list'> => ({
  slots: kinds.map((kind) => ({ kind }) as KeySlotSummary),
  pinTriesLeft: 0,
})

afterEach(() => {
  vi.unstubAllGlobals()
})

test('a list of keys that comes late does not bring back one that was removed', async () => {
  const main = holdMain()
  const slots = new KeySlots({ id: 'v' } as unknown as VaultSummary)
  const loads = [slots.load(), slots.load()]
  await main.answer('keys.list', 1, listOf('passphrase'))
  await main.answer('keys.list', 0, listOf('passphrase', 'keyfile'))
  await Promise.all(loads)
  expect(slots.list?.map(({ kind }) => kind)).toEqual(['passphrase'])
})
