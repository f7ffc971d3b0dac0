import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { CoffretError } from '../../../src-main/contract/errors'
import { Cas, SecretData, SecretPath } from '../../../src-main/contract/model'
import { restarted } from '../../../src-main/vault/audit/audit-chain'
import { lost, maxNobodyLines, maxWaiting } from '../../../src-main/vault/audit/audit-queue'
import { Database } from '../../../src-main/vault/database'
import { LocalVault } from '../../../src-main/vault/local-vault'
import { childProgram } from '../child-program'
import { newVault, passphrase, secretMount } from '../new-vault'
import { changing, reading } from '../raw-file'
import { startWriter } from '../writer'
import { linesOf, pathsOf, program, read } from './auditing'

const path = SecretPath.parse('a/b')
const data = SecretData.parse('{"password":"canary-value"}')

/** What waits, to be run by hand. */
function standingTimers() {
  const waiting = new Map<number, { ms: number; work: () => void }>()
  let last = 0
  return {
    waits: () => Array.from(waiting.values(), ({ ms }) => ms),
    after: (ms: number, work: () => void) => {
      const id = (last += 1)
      waiting.set(id, { ms, work })
      return () => void waiting.delete(id)
    },
    run: (wanted: number) => {
      for (const [id, { ms, work }] of [...waiting]) {
        if (ms !== wanted) continue
        waiting.delete(id)
        work()
      }
    },
  }
}

/** A vault whose log is flushed by timers that stand. */
async function withTimers() {
  const made = await newVault()
  const timers = standingTimers()
  const [onChange, onFault] = [vi.fn(), vi.fn()]
  const audit = { after: timers.after, onChange, onFault }
  const vault = LocalVault.open({ ...made.options, audit })
  onTestFinished(() => vault.close())
  await vault.unlockWithPassphrase(passphrase)
  return { ...made, vault, timers, onChange, onFault }
}

describe('a write', () => {
  test('carries its line, and the lines that waited, in its own transaction', async () => {
    const { vault, unlock } = await newVault()
    read(vault, 'before')
    const ticket = vault.audit.open({ who: program, what: 'w', mount: 'secret', path })
    await vault.store(secretMount, ticket).write(path, { mode: 'create', data })
    // Nothing was flushed: it is in the file all the same.
    const other = await unlock()
    expect(linesOf(other).map((line) => [line.path, line.result])).toEqual([
      ['before', 200],
      ['a/b', 'ok'],
    ])
    ticket.end(200)
    expect(pathsOf(vault)).toEqual(['before', 'a/b'])
  })

  test('that fails leaves one line, with the failure', async () => {
    const { vault } = await newVault()
    const ticket = vault.audit.open({ who: program, what: 'w', mount: 'secret', path })
    const store = vault.store(secretMount, ticket)
    await expect(store.write(path, { mode: 'update', data, cas: 7 as never })).rejects.toThrow()
    ticket.end('cas_mismatch')
    expect(linesOf(vault).map(({ result }) => result)).toEqual(['cas_mismatch'])
    expect(vault.audit.check()).toEqual({ lines: 1, first: 1 })
  })

  test('that was done and then told as a failure leaves both', async () => {
    const { vault } = await newVault()
    const ticket = vault.audit.open({ who: program, what: 'w', mount: 'secret', path })
    await vault.store(secretMount, ticket).write(path, { mode: 'create', data })
    ticket.end(500)
    expect(linesOf(vault).map(({ result }) => result)).toEqual(['ok', 500])
  })

  test('that cannot write its line is not done', async () => {
    const { vault } = await newVault()
    const ticket = vault.audit.open({ who: program, what: 'w', mount: 'secret', path })
    const store = vault.store(secretMount, {
      ...ticket,
      entry: {
        log: vault.audit,
        line: () => {
          throw new CoffretError('storage', 'no room')
        },
        kept: () => undefined,
      },
    })
    await expect(store.write(path, { mode: 'create', data })).rejects.toThrow('no room')
    await expect(vault.store(secretMount).readVersion(path)).rejects.toThrow('no secret')
  })
})

describe('writes that share a transaction', () => {
  const count = 20

  /** Asks for many writes at once, each with its line; every third one is refused. */
  function writing(vault: LocalVault) {
    return Array.from({ length: count }, async (_, n) => {
      const ticket = vault.audit.open({ who: program, what: 'w', mount: 'secret', path: `p/${n}` })
      const store = vault.store(secretMount, ticket)
      const cas = Cas.parse(n % 3 === 0 ? 7 : 0)
      const writes = store.write(SecretPath.parse(`p/${n}`), { mode: 'upsert', data, cas })
      const code = await writes.then(
        () => 'ok' as const,
        (error: unknown) => (error instanceof CoffretError ? error.code : 'internal'),
      )
      ticket.end(code)
    })
  }

  test('leave one line each, with what became of it, and repeat no line that waited', async () => {
    const { vault } = await newVault(undefined, { sharesTurns: true })
    for (const one of ['x', 'y']) read(vault, one)
    const before = vault.audit.check()
    for (const one of ['z', 'z']) read(vault, one)
    await Promise.all(writing(vault))
    expect(before.lines).toBe(2)
    const found = linesOf(vault).map(({ path: at, result }) => `${at} ${result}`)
    const wanted = Array.from({ length: count }, (_, n) => n).map(
      (n) => `p/${n} ${n % 3 === 0 ? 'cas_mismatch' : 'ok'}`,
    )
    expect(found.slice(0, 4)).toEqual(['x 200', 'y 200', 'z 200', 'z 200'])
    expect(found.slice(4).sort()).toEqual(wanted.sort())
    expect(vault.audit.check()).toEqual({ lines: count + 4, first: 1 })
  })

  test('that all fail, since nothing can be written, leave their lines later', async () => {
    const { vault, file } = await newVault(undefined, { sharesTurns: true })
    read(vault, 'before')
    const writes = writing(vault)
    const other = Database.openAgain(file, 50)
    other.execute('BEGIN IMMEDIATE')
    await Promise.all(writes)
    other.execute('ROLLBACK')
    other.close()
    expect(linesOf(vault).map(({ result }) => result)).toEqual([
      200,
      ...Array.from({ length: count }, () => 'busy'),
    ])
    expect(vault.audit.check()).toEqual({ lines: count + 1, first: 1 })
  })

  test('of one call leave the one line of the call', async () => {
    const { vault } = await newVault(undefined, { sharesTurns: true })
    const ticket = vault.audit.open({ who: program, what: 'w', mount: 'secret', path: 'both' })
    const store = vault.store(secretMount, ticket)
    const write = (at: string) => store.write(SecretPath.parse(at), { mode: 'create', data })
    await Promise.all([write('a'), write('b')])
    await write('c')
    ticket.end('ok')
    expect(linesOf(vault).map((line) => [line.path, line.result])).toEqual([['both', 'ok']])
  })
})

describe('lines of reads', () => {
  test('are flushed after 200 ms, on locking, and with what is asked for', async () => {
    const { vault, timers, unlock } = await withTimers()
    const other = await unlock()
    read(vault, 'a')
    expect(timers.waits()).toEqual([200])
    expect(pathsOf(other)).toEqual([])
    timers.run(200)
    expect(pathsOf(other)).toEqual(['a'])
    read(vault, 'b')
    expect(pathsOf(vault)).toEqual(['a', 'b'])
    read(vault, 'c')
    vault.lock()
    expect(pathsOf(other)).toEqual(['a', 'b', 'c'])
    expect(timers.waits().filter((ms) => ms === 200)).toEqual([])
  })

  test('of a program that is killed are lost, and nothing else is', async () => {
    const { vault, unlock } = await newVault()
    read(vault, 'flushed')
    vault.audit.flush()
    read(vault, 'lost')
    const after = await unlock()
    expect(pathsOf(after)).toEqual(['flushed'])
    expect(after.audit.check()).toEqual({ lines: 1, first: 1 })
  })

  test('are no write: the generation stays, no backup is due, and nobody is woken', async () => {
    const { vault, unlock, file } = await newVault()
    const other = await unlock()
    other.hasNewWrites()
    const before = reading(file)('SELECT body FROM state')
    read(vault, 'a')
    vault.audit.flush()
    expect(reading(file)('SELECT body FROM state')).toEqual(before)
    expect(other.hasNewWrites()).toBe(false)
    await vault.store(secretMount).write(path, { mode: 'create', data })
    expect(other.hasNewWrites()).toBe(true)
  })

  test('leave no line while the vault is locked', async () => {
    const { vault } = await newVault()
    const ticket = vault.audit.open({ who: program, what: 'x' })
    vault.lock()
    read(vault, 'locked')
    ticket.end(503)
    await vault.unlockWithPassphrase(passphrase)
    expect(linesOf(vault)).toEqual([])
  })

  test('wait for another program that writes, without holding up this one', async () => {
    const { vault, timers, unlock, onFault, file } = await withTimers()
    const other = await unlock()
    read(vault, 'a')
    const writing = Database.open(file, 50)
    writing.reserved(() => timers.run(200))
    writing.close()
    expect(onFault).not.toHaveBeenCalled()
    expect(timers.waits()).toContain(200)
    timers.run(200)
    expect(pathsOf(other)).toEqual(['a'])
  })

  test('that cannot be written are said once, kept, and tried again', async () => {
    const { vault, timers, onFault, file } = await withTimers()
    const change = changing(file)
    change('ALTER TABLE audit RENAME COLUMN body TO other')
    for (let n = 0; n < 3; n += 1) {
      read(vault, `p/${n}`)
      timers.run(n === 0 ? 200 : 5000)
    }
    expect(onFault).toHaveBeenCalledTimes(1)
    change('ALTER TABLE audit RENAME COLUMN other TO body')
    timers.run(5000)
    expect(pathsOf(vault)).toEqual(['p/0', 'p/1', 'p/2'])
  })

  test('beyond 20,000 that cannot be written are counted', async () => {
    const { vault } = await newVault()
    for (let n = 0; n < maxWaiting + 5; n += 1) read(vault, `p/${n}`)
    vault.audit.flush()
    vault.audit.flush()
    const [last] = vault.audit.page({ limit: 1 }).lines
    expect(last).toMatchObject({ what: lost, count: 5, path: '' })
  })
})

test('the window is told a few times a second at most', async () => {
  const { vault, timers, onChange } = await withTimers()
  for (let n = 0; n < 5; n += 1) {
    read(vault, `p/${n}`)
    vault.audit.flush()
  }
  expect(onChange).not.toHaveBeenCalled()
  timers.run(250)
  expect(onChange).toHaveBeenCalledTimes(1)
  timers.run(250)
  expect(onChange).toHaveBeenCalledTimes(1)
})

test('who has no credential pushes nobody out of the log', async () => {
  const { vault, clock } = await newVault()
  const knock = (n: number) =>
    vault.audit.open({ who: { kind: 'nobody' }, what: 'GET', path: `p/${n}` }).end(403)
  for (let n = 0; n < maxNobodyLines + 500; n += 1) knock(n)
  read(vault, 'real')
  expect(linesOf(vault)).toHaveLength(maxNobodyLines + 1)
  clock.advance(60_000)
  knock(0)
  const lines = linesOf(vault)
  expect(lines).toHaveLength(maxNobodyLines + 3)
  expect(lines.at(-2)).toMatchObject({ count: 500, path: '', what: 'GET', result: 403 })
})

describe('a page', () => {
  async function withLines() {
    const made = await newVault()
    const { vault, clock } = made
    vault.audit.open({ who: { kind: 'window' }, what: 'secret.reveal', path: 'w' }).end('ok')
    vault.audit.open({ who: { kind: 'nobody' }, what: 'GET', path: 'n' }).end(403)
    read(vault, 'team/one')
    clock.advance(1000)
    vault.audit.open({ who: program, what: 'GET', mount: 'kv', path: 'team/two' }).end(404)
    vault.audit.flush()
    return made
  }

  test.each([
    ['the window', { who: 'window' }, ['w']],
    ['nobody', { who: 'nobody' }, ['n']],
    ['a credential', { who: { credential: 't-1' } }, ['team/two', 'team/one']],
    ['another credential', { who: { credential: 't-2' } }, []],
    ['what was done', { outcome: 'ok' }, ['team/one', 'w']],
    ['what was refused', { outcome: 'refused' }, ['n']],
    ['what failed', { outcome: 'failed' }, ['team/two']],
    ['a path', { path: 'team/' }, ['team/two', 'team/one']],
    ['a mount', { mount: 'kv' }, ['team/two']],
  ] as const)('of %s', async (_name, filter, paths) => {
    const { vault } = await withLines()
    const found = vault.audit.page({ ...filter, limit: 10 })
    expect(found.lines.map((line) => line.path)).toEqual(paths)
  })

  test('since a time', async () => {
    const { vault, clock } = await withLines()
    const { lines } = vault.audit.page({ since: clock.now(), limit: 10 })
    expect(lines.map((line) => line.path)).toEqual(['team/two'])
  })

  test('goes on where the one before ended, whatever came in meanwhile', async () => {
    const { vault } = await withLines()
    const first = vault.audit.page({ limit: 3 })
    expect(first.lines.map(({ number }) => number)).toEqual([4, 3, 2])
    read(vault, 'later')
    const second = vault.audit.page({ limit: 3, before: first.next })
    expect(second.lines.map(({ number }) => number)).toEqual([1])
    expect(second.next).toBeUndefined()
  })
})

describe('the log of a vault', () => {
  test('goes along when the data key is replaced', async () => {
    const { vault } = await newVault()
    for (const one of ['a', 'b']) {
      read(vault, one)
      vault.audit.flush()
    }
    const words = vault.keys.newRecoveryWords().join(' ')
    const running = vault.rotation.start({ proof: { kind: 'passphrase', passphrase }, words })
    read(vault, 'meanwhile')
    await running
    expect(pathsOf(vault)).toEqual(['a', 'b', 'meanwhile'])
    expect(vault.audit.check()).toEqual({ lines: 3, first: 1 })
  })

  test('begins anew in a file that was saved from a damaged one', async () => {
    const { vault, file, options } = await newVault()
    read(vault, 'a')
    vault.audit.flush()
    const saved = file.replace('test.', 'saved.')
    await vault.run('repair', { file: saved })
    const copy = LocalVault.open({ ...options, file: saved })
    onTestFinished(() => copy.close())
    await copy.unlockWithPassphrase(passphrase)
    expect(linesOf(copy).map(({ what }) => what)).toEqual([restarted])
    expect(pathsOf(vault)).toEqual(['a'])
  })
})

const other = childProgram('auditing-process')

test('several programs append to one chain', async () => {
  const { vault, file, recoveryWords: words } = await newVault()
  const each = 20
  const programs = ['x', 'y'].map((at) =>
    startWriter(other(), { file, words, path: at, first: 1, count: each }),
  )
  for (const one of programs) one.begin()
  expect(await Promise.all(programs.map(({ ended }) => ended))).toEqual([0, 0])
  for (const at of ['x', 'y']) {
    const own = linesOf(vault).filter((line) => line.path.startsWith(`${at}/`))
    const wanted = Array.from({ length: each }, (_, n) => [`${at}/${n + 1}`, `${at}/${n + 1}`])
    expect(own.map((line) => line.path)).toEqual(wanted.flat())
  }
  expect(vault.audit.check()).toEqual({ lines: 4 * each, first: 1 })
})
