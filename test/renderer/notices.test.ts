import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Notices } from '../../src-renderer/state/notices.svelte'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const texts = (notices: Notices) => notices.list.map(({ text }) => text)

test('a sentence goes away, later where it offers something', () => {
  const notices = new Notices()
  notices.say('saved')
  notices.say('deleted', { text: 'Undo', run: vi.fn() })
  vi.advanceTimersByTime(5_999)
  expect(texts(notices)).toEqual(['saved', 'deleted'])
  vi.advanceTimersByTime(1)
  expect(texts(notices)).toEqual(['deleted'])
  vi.advanceTimersByTime(6_000)
  expect(texts(notices)).toEqual([])
})

test('nothing goes away while somebody is there, nor what comes meanwhile', () => {
  const notices = new Notices()
  notices.say('first')
  notices.hold()
  notices.say('second')
  vi.advanceTimersByTime(60_000)
  expect(texts(notices)).toEqual(['first', 'second'])
  notices.release()
  vi.advanceTimersByTime(6_000)
  expect(texts(notices)).toEqual([])
})

test('leaving twice changes nothing', () => {
  const notices = new Notices()
  notices.say('first')
  notices.release()
  expect(vi.getTimerCount()).toBe(1)
})

test('what is offered is done once, and the sentence goes', () => {
  const notices = new Notices()
  const run = vi.fn()
  notices.say('deleted', { text: 'Undo', run })
  const id = notices.list[0]!.id
  notices.act(id)
  notices.act(id)
  expect(run).toHaveBeenCalledOnce()
  expect(texts(notices)).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})

test('the latest that offers something is acted on, whatever was said after it', () => {
  const notices = new Notices()
  const [first, second] = [vi.fn(), vi.fn()]
  notices.actOnLatest()
  notices.say('one', { text: 'Undo', run: first })
  notices.say('two', { text: 'Undo', run: second })
  notices.say('three')
  notices.actOnLatest()
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1])
  expect(texts(notices)).toEqual(['one', 'three'])
})

test('what is offered is taken back, and what is only said stays', () => {
  const notices = new Notices()
  const run = vi.fn()
  notices.say('deleted', { text: 'Undo', run })
  notices.say('saved')
  notices.withdrawActions()
  notices.actOnLatest()
  expect(run).not.toHaveBeenCalled()
  expect(texts(notices)).toEqual(['saved'])
})

test('three at most are shown, the latest', () => {
  const notices = new Notices()
  for (const text of ['1', '2', '3', '4']) notices.say(text)
  expect(texts(notices)).toEqual(['2', '3', '4'])
})
