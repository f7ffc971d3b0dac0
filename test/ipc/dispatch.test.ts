import { describe, expect, test, vi } from 'vitest'
import { calls, type CallName, type Handlers } from '../../src-main/contract/calls'
import { CoffretError } from '../../src-main/contract/errors'
import { Failure } from '../../src-main/contract/result'
import { createDispatch, type Sender } from '../../src-main/ipc/dispatch'

const origin = 'app://coffret'
const ours: Sender = { isOurWindow: true, isMainFrame: true, origin }
const canary = 'canary-4b1d'
const names = Object.keys(calls) as CallName[]
const store = '6f6ee0b4-97e9-4b0c-8b5f-3a1e2d4c5b6a/secret'

/** A dispatch over handlers of which all but the given ones must not be reached. */
function dispatchOver(some: Record<string, (input: never) => unknown> = {}) {
  const report = vi.fn()
  const reached = vi.fn()
  const all = Object.fromEntries(names.map((name) => [name, some[name] ?? reached]))
  const dispatch = createDispatch(all as unknown as Handlers, origin, report)
  return { dispatch, report, reached }
}

const refusal = (code: string) => ({ ok: false, error: expect.objectContaining({ code }) })

describe('a stranger', () => {
  const strangers: [string, Partial<Sender>][] = [
    ['another window', { isOurWindow: false }],
    ['a frame in our window', { isMainFrame: false }],
    ['a page from elsewhere', { origin: 'https://coffret' }],
    ['an origin that begins like ours', { origin: 'app://coffret.evil' }],
    ['an origin with a port', { origin: 'app://coffret:80' }],
    ['a frame without origin', { origin: 'null' }],
    ['a frame that is gone', { isOurWindow: false, isMainFrame: false, origin: '' }],
  ]

  test.each(strangers)('%s is refused every call', async (_, difference) => {
    const { dispatch, reached } = dispatchOver()
    for (const name of names) {
      const answer = await dispatch({ ...ours, ...difference }, name, undefined)
      expect(answer).toEqual(refusal('forbidden'))
    }
    expect(reached).not.toHaveBeenCalled()
  })
})

describe('a name that is not in the table', () => {
  test.each([
    'secret.everything',
    'constructor',
    '__proto__',
    'toString',
    '',
    undefined,
    null,
    7,
    {},
    ['app.info'],
  ])('%j is refused', async (name) => {
    const { dispatch } = dispatchOver()
    const answer = await dispatch(ours, name, undefined)
    expect(answer).toEqual({ ok: false, error: { code: 'invalid', message: 'no such call' } })
  })
})

describe('the input', () => {
  const valid = { store, path: 'a/b' }

  test('reaches the handler parsed', async () => {
    const handler = vi.fn(() => [])
    const { dispatch } = dispatchOver({ 'secret.list': handler })
    const answer = await dispatch(ours, 'secret.list', { store, folder: '' })
    expect(answer).toEqual({ ok: true, value: [] })
    expect(handler).toHaveBeenCalledWith({ store, folder: '' })
  })

  test.each([
    ['a property too many', { ...valid, [canary]: canary }, undefined],
    ['a wrong type', { ...valid, path: 7 }, 'path'],
    ['a path with ..', { ...valid, path: `../${canary}` }, 'path'],
    ['a missing property', { store }, 'path'],
    ['nothing', undefined, undefined],
    ['a list', [valid], undefined],
    ['a path of 10 MB', { ...valid, path: canary.repeat(1_000_000) }, 'path'],
    ['an own __proto__', JSON.parse(`{"store":"${store}","path":"a","__proto__":{}}`), undefined],
  ])('with %s is refused, naming the field and no value', async (_, input, field) => {
    const { dispatch, reached, report } = dispatchOver()
    const answer = await dispatch(ours, 'secret.remove', input)
    expect(answer).toEqual(refusal('invalid'))
    expect((answer as { error: Failure }).error.field).toBe(field)
    expect(JSON.stringify(answer)).not.toContain(canary)
    expect(reached).not.toHaveBeenCalled()
    expect(report).not.toHaveBeenCalled()
  })

  test('names a field inside a field', async () => {
    const { dispatch } = dispatchOver()
    const input = { store, change: { maxVersions: -1 } }
    const answer = await dispatch(ours, 'store.configure', input)
    expect(answer).toMatchObject({ ok: false, error: { field: 'change.maxVersions' } })
  })

  test('of secret data that is no JSON is refused with its place, not with its text', async () => {
    const { dispatch } = dispatchOver()
    const input = { ...valid, data: `{"a": ${canary}}` }
    const answer = await dispatch(ours, 'secret.create', input)
    expect(answer).toMatchObject({ ok: false, error: { code: 'invalid', field: 'data' } })
    expect(JSON.stringify(answer)).not.toContain(canary)
  })

  test('is refused by every call that asks for some', async () => {
    const { dispatch, reached } = dispatchOver()
    for (const name of names) {
      expect(await dispatch(ours, name, { [canary]: 1 })).toEqual(refusal('invalid'))
    }
    expect(reached).not.toHaveBeenCalled()
  })
})

describe('the output', () => {
  test('is stripped of what the schema does not name', async () => {
    const summary = { kind: 'folder', name: 'a', value: canary }
    const { dispatch } = dispatchOver({ 'secret.list': () => [summary] })
    const answer = await dispatch(ours, 'secret.list', { store, folder: '' })
    expect(answer).toEqual({ ok: true, value: [{ kind: 'folder', name: 'a' }] })
  })

  test('that breaks the schema is our fault and goes nowhere', async () => {
    const { dispatch, report } = dispatchOver({ 'secret.list': () => canary })
    const answer = await dispatch(ours, 'secret.list', { store, folder: '' })
    expect(answer).toEqual(refusal('internal'))
    expect(JSON.stringify(answer)).not.toContain(canary)
    expect(report).toHaveBeenCalledOnce()
  })
})

describe('a handler that fails', () => {
  const failing = (error: unknown, isLate = false) =>
    dispatchOver({
      'app.info': () => {
        if (isLate) return Promise.reject(error)
        throw error
      },
    })

  test('of its own will passes its code, message and field', async () => {
    const { dispatch, report } = failing(
      new CoffretError('cas_mismatch', 'cas is 1, current version is 2', { field: 'cas' }),
    )
    expect(await dispatch(ours, 'app.info', undefined)).toEqual({
      ok: false,
      error: { code: 'cas_mismatch', message: 'cas is 1, current version is 2', field: 'cas' },
    })
    expect(report).not.toHaveBeenCalled()
  })

  test.each([
    ['an error of another kind', new SyntaxError(`Unexpected token in ${canary}`), false],
    ['a rejected promise', new Error(canary), true],
    ['a thrown text', canary, false],
    ['undefined', undefined, false],
  ])('with %s says no more than that', async (_, error, isLate) => {
    const { dispatch, report } = failing(error, isLate)
    expect(await dispatch(ours, 'app.info', undefined)).toEqual({
      ok: false,
      error: { code: 'internal', message: 'unexpected error' },
    })
    expect(report).toHaveBeenCalledOnce()
  })

  test('answers in the shape of the contract', async () => {
    const { dispatch } = failing(new CoffretError('locked', 'the vault is locked'))
    const answer = await dispatch(ours, 'app.info', undefined)
    expect(Failure.safeParse((answer as { error: unknown }).error).success).toBe(true)
  })
})
