import { afterEach, expect, test, vi } from 'vitest'
import type { PendingCopy } from '../../src-main/contract/copy-calls'
import { newWork, Works } from '../../src-renderer/state/works.svelte'
import { holdMain } from './held-main'

afterEach(() => {
  vi.unstubAllGlobals()
})

test('a copy that ended is not said to be interrupted by a list from before', async () => {
  const main = holdMain()
  const works = new Works()
  const pending = { work: newWork() } as PendingCopy
  const loads = [works.load(), works.load()]
  await main.answer('copy.pending', 1, [])
  await main.answer('copy.pending', 0, [pending])
  await Promise.all(loads)
  expect(works.pending).toEqual([])
})

test('what runs just now is not among what was interrupted', async () => {
  const main = holdMain()
  const works = new Works()
  let end: () => void = () => undefined
  const pending = { work: newWork() } as PendingCopy
  const running = works.follow(() => new Promise<void>((done) => (end = done)), pending.work)
  const loading = works.load()
  await main.answer('copy.pending', 0, [pending])
  await loading
  expect(works.pending).toEqual([])
  end()
  await running
  const again = works.load()
  await main.answer('copy.pending', 1, [pending])
  await again
  expect(works.pending).toEqual([pending])
})
