import { expect, test } from 'vitest'
import type { EpochMs } from '../../src-main/contract/model'
import { RemoteFailure } from '../../src-main/contract/remote-failure'
import type { Fetch, RemoteReply } from '../../src-main/remote/fetch'
import { maxRetries, maxWaitMs, retryAfterMs, retrying } from '../../src-main/remote/retry'
import { ManualTimers } from '../support/manual-timers'

type Turn = number | RemoteFailure | readonly [status: number, retryAfter: string]
const replyOf = (status: number, headers = {}): RemoteReply => ({ status, headers, body: '' })
const get = { method: 'GET', target: '/', headers: {} }
const post = { method: 'POST', target: '/', headers: {}, body: '{}' }
const broken = new RemoteFailure('unreachable', 'no_reply', 'broken')

/** A server that answers in turns, the last one for ever. */
function server(turns: readonly Turn[], chance = 255) {
  let asked = 0
  const fetch: Fetch = async () => {
    const turn = turns[Math.min(asked, turns.length - 1)] ?? 200
    asked += 1
    if (turn instanceof RemoteFailure) throw turn
    return typeof turn === 'number' ? replyOf(turn) : replyOf(turn[0], { 'retry-after': turn[1] })
  }
  let now = 1_700_000_000_000
  const timers = new ManualTimers((ms) => {
    now += ms
    return true
  })
  const clock = { now: () => now as EpochMs }
  const random = (length: number) => new Uint8Array(length).fill(chance)
  const patient = retrying(fetch, { clock, random, after: timers.after })
  return { patient, timers, asked: () => asked }
}

test.each([408, 412, 429, 500, 502, 503, 504])(
  'R-04: a read is repeated after %i, four times at most',
  async (status) => {
    const { patient, timers, asked } = server([status])
    expect((await patient(get)).status).toBe(status)
    expect(asked()).toBe(1 + maxRetries)
    expect(timers.asked).toEqual([500, 1000, 2000, 4000])
  },
)

test.each([200, 204, 400, 401, 403, 404, 405, 409, 501])('%i is an answer', async (status) => {
  const { patient, asked } = server([status])
  expect((await patient(get)).status).toBe(status)
  expect(asked()).toBe(1)
})

test.each<Turn>([429, 500, 503, broken])(
  'R-04: a change is sent once, whatever comes: %s',
  async (turn) => {
    const { patient, asked } = server([turn])
    await patient(post).catch(() => undefined)
    expect(asked()).toBe(1)
  },
)

test('a read is repeated after a broken connection, and stops when it holds', async () => {
  const { patient, asked } = server([broken, 503, 200])
  expect((await patient(get)).status).toBe(200)
  expect(asked()).toBe(3)
})

test.each(['slow', 'certificate_expired', 'server_certificate_name', 'no_such_host'] as const)(
  'a read is not repeated after %s',
  async (reason) => {
    const { patient, asked } = server([new RemoteFailure('unreachable', reason, 'no')])
    await expect(patient(get)).rejects.toMatchObject({ reason })
    expect(asked()).toBe(1)
  },
)

test('chance shortens a wait to a half at most', async () => {
  const { patient, timers } = server([503], 0)
  await patient(get)
  expect(timers.asked).toEqual([250, 500, 1000, 2000])
})

test('Retry-After is waited for as the server says', async () => {
  const { patient, timers } = server([[429, '7'], 200])
  expect((await patient(get)).status).toBe(200)
  expect(timers.asked).toEqual([7000])
})

test('more patience than half a minute is the person’s to have', async () => {
  const { patient, timers, asked } = server([[503, '3600']])
  expect((await patient(get)).status).toBe(503)
  expect(asked()).toBe(1)
  expect(timers.asked).toEqual([])
})

test('until its time nothing is sent to the server, changes included, and no longer than half a minute', async () => {
  const { patient, timers, asked } = server([[429, '3600'], 200])
  expect((await patient(post)).status).toBe(429)
  expect((await patient(post)).status).toBe(200)
  expect(timers.asked).toEqual([maxWaitMs])
  expect(asked()).toBe(2)
})

test('a sealed server is not waited for', async () => {
  let asked = 0
  const fetch: Fetch = async () => {
    asked += 1
    return { ...replyOf(503), body: '{"errors":["Vault is sealed"]}' }
  }
  const { after } = new ManualTimers()
  const clock = { now: () => 0 as EpochMs }
  await retrying(fetch, { clock, random: (n) => new Uint8Array(n), after })(get)
  expect(asked).toBe(1)
})

test('a wait ends with the wish', async () => {
  const timers = new ManualTimers()
  const wish = new AbortController()
  const clock = { now: () => 0 as EpochMs }
  const fetch: Fetch = async () => replyOf(503)
  const patient = retrying(fetch, { clock, random: (n) => new Uint8Array(n), after: timers.after })
  const reply = patient(get, { signal: wish.signal })
  await expect.poll(() => timers.pending).toEqual([250])
  wish.abort()
  await expect(reply).rejects.toMatchObject({ code: 'cancelled' })
  expect(timers.pending).toEqual([])
})

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Wed, 15 Nov 2023 00:00:00 GMT', 86_400_000],
  ['Wed, 01 Nov 2023 00:00:00 GMT', 0],
  ['soon', undefined],
  [undefined, undefined],
])('Retry-After %s is %s ms', (text, ms) => {
  const now = Date.parse('2023-11-14T00:00:00Z') as EpochMs
  expect(retryAfterMs(text, now)).toBe(ms)
})
