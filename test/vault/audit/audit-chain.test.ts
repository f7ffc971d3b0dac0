import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AuditResult } from '../../../src-main/contract/audit-line'
import { SecretData, SecretPath } from '../../../src-main/contract/model'
import type { NewAuditLine } from '../../../src-main/kv/audit-log'
import { decodeBatch, encodeBatch } from '../../../src-main/vault/audit/audit-batch'
import { maxAgeMs, maxLines, restarted } from '../../../src-main/vault/audit/audit-chain'
import type { LocalVault } from '../../../src-main/vault/local-vault'
import { newVault, secretMount } from '../new-vault'
import { changing, reading } from '../raw-file'
import { linesOf, pathsOf, program, read } from './auditing'

async function write(vault: LocalVault, path: string): Promise<void> {
  const ticket = vault.audit.open({ who: program, what: 'write', mount: 'secret', path })
  const data = SecretData.parse('{"a":"b"}')
  const store = vault.store(secretMount, ticket)
  await store.write(SecretPath.parse(path), { mode: 'upsert', data })
  ticket.end(200)
}

/** A vault with ten lines, each in a batch of its own, and what an attacker with SQLite can do to it. */
async function withTenLines() {
  const made = await newVault()
  for (let n = 1; n <= 5; n += 1) {
    read(made.vault, `read/${n}`)
    made.vault.audit.flush()
    await write(made.vault, `write/${n}`)
  }
  return { ...made, change: changing(made.file), rows: reading(made.file) }
}

describe('C-16: what is done to the file is noticed', () => {
  test('a log that nobody touched is whole', async () => {
    const { vault } = await withTenLines()
    expect(vault.audit.check()).toEqual({ lines: 10, first: 1 })
  })

  test.each([
    ['the first line removed', 'DELETE FROM audit WHERE id = 1', 1],
    ['one in the middle removed', 'DELETE FROM audit WHERE id = 4', 4],
    ['the last line removed', 'DELETE FROM audit WHERE id = 10', 10],
    ['cut behind the fifth', 'DELETE FROM audit WHERE id > 5', 6],
    [
      'one replaced by another',
      'UPDATE audit SET body = (SELECT body FROM audit WHERE id = 2) WHERE id = 6',
      6,
    ],
    ['moved to a gap', 'UPDATE audit SET id = 99 WHERE id = 3', 3],
    ['a line added', 'INSERT INTO audit SELECT 11, body FROM audit WHERE id = 3', 11],
    ['the end removed', 'DELETE FROM audit WHERE id = 0', 11],
    ['all removed', 'DELETE FROM audit', 11],
  ])('%s', async (_name, sql, brokenAt) => {
    const { vault, change } = await withTenLines()
    change(sql)
    expect(vault.audit.check().brokenAt).toBe(brokenAt)
    const report = await vault.run('verify', undefined)
    expect(report.problems).toContainEqual({ what: 'audit' })
  })

  test('two lines that change places', async () => {
    const { vault, change } = await withTenLines()
    change('UPDATE audit SET id = -3 WHERE id = 3')
    change('UPDATE audit SET id = 3 WHERE id = 7')
    change('UPDATE audit SET id = 7 WHERE id = -3')
    expect(vault.audit.check().brokenAt).toBe(3)
  })

  test('an older log put back, whole as it is', async () => {
    const { vault, change, rows } = await withTenLines()
    const before = rows('SELECT id, body FROM audit')
    await write(vault, 'later')
    change('DELETE FROM audit')
    for (const { id, body } of before) change('INSERT INTO audit VALUES (?, ?)', id!, body!)
    expect(vault.audit.check().brokenAt).toBe(12)
  })

  test('a log whose end is gone begins anew, and says so; nothing else fails', async () => {
    const { vault, change } = await withTenLines()
    change('DELETE FROM audit WHERE id = 0')
    await write(vault, 'after')
    expect(linesOf(vault).map(({ number, what }) => [number, what])).toEqual([
      [11, restarted],
      [12, 'write'],
    ])
    expect(vault.audit.check()).toEqual({ lines: 2, first: 11 })
  })

  test('a flipped bit anywhere', async () => {
    const { vault, file, change } = await withTenLines()
    const rows = reading(file)('SELECT id, body FROM audit WHERE id > 0') as {
      id: number
      body: Uint8Array
    }[]
    for (const { id, body } of rows.slice(0, 4)) {
      const flipped = body.slice()
      flipped[id * 7] = (flipped[id * 7] ?? 0) ^ 1
      change('UPDATE audit SET body = ? WHERE id = ?', flipped, id)
      expect(vault.audit.check().brokenAt).toBe(id)
      change('UPDATE audit SET body = ? WHERE id = ?', body, id)
    }
    expect(vault.audit.check().brokenAt).toBeUndefined()
  })
})

describe('how long lines are kept', () => {
  test('at most 50,000, the newest, proven from a checkpoint', async () => {
    const { vault } = await newVault()
    const flushed = 5_000
    for (let n = 0; n < maxLines + flushed; n += flushed) {
      for (let i = 0; i < flushed; i += 1) read(vault, `p/${n + i}`)
      vault.audit.flush()
      expect(vault.audit.check().lines).toBeLessThanOrEqual(maxLines)
    }
    const { lines, first, brokenAt } = vault.audit.check()
    expect(brokenAt).toBeUndefined()
    expect(first + lines).toBe(maxLines + flushed + 1)
    expect(lines).toBeGreaterThan(maxLines - 3_000)
    expect(vault.audit.page({ limit: 1 }).lines[0]?.path).toBe(`p/${maxLines + flushed - 1}`)
  })

  test('for 90 days', async () => {
    const { vault, clock } = await newVault()
    read(vault, 'old')
    vault.audit.flush()
    clock.advance(maxAgeMs / 2)
    read(vault, 'middle')
    vault.audit.flush()
    clock.advance(maxAgeMs / 2)
    read(vault, 'still there')
    vault.audit.flush()
    expect(pathsOf(vault)).toEqual(['old', 'middle', 'still there'])
    clock.advance(1)
    read(vault, 'new')
    vault.audit.flush()
    expect(pathsOf(vault)).toEqual(['middle', 'still there', 'new'])
    expect(vault.audit.check()).toEqual({ lines: 3, first: 2 })
  })

  test('what was wrong with lines that went is noticed still', async () => {
    const { vault, clock, file } = await newVault()
    for (const path of ['a', 'b', 'c']) {
      read(vault, path)
      vault.audit.flush()
    }
    changing(file)('DELETE FROM audit WHERE id = 1')
    clock.advance(maxAgeMs + 1)
    read(vault, 'd')
    vault.audit.flush()
    expect(vault.audit.check().brokenAt).toBeDefined()
  })
})

const text = fc.string({ unit: 'grapheme', maxLength: 20 })
const line = fc.record(
  {
    at: fc.integer({ min: 0, max: 2 ** 41 }),
    who: fc.oneof(
      fc.constant({ kind: 'window' }),
      fc.constant({ kind: 'nobody' }),
      fc.record({
        kind: fc.constant('credential'),
        type: fc.constantFrom('token', 'certificate', 'program'),
        ...{ id: text, name: text },
      }),
    ),
    what: text,
    mount: text,
    path: text,
    source: text,
    result: fc.oneof(
      fc.integer({ min: 100, max: 599 }),
      fc.constantFrom(...AuditResult.options[2].options, 'ok'),
    ),
    count: fc.integer({ min: 1, max: 1000 }),
  },
  { requiredKeys: ['at', 'who', 'what', 'mount', 'path', 'result', 'count'] },
) as unknown as fc.Arbitrary<NewAuditLine>

test('what goes into a batch comes out of it', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 256 }), (lines) => {
      const found = decodeBatch(7, encodeBatch(lines))
      expect(found).toEqual(lines.map((one, at) => ({ ...one, number: 7 + at })))
    }),
    { numRuns: 50 },
  )
})

test('however lines come in, they are there in their order, and the chain holds', async () => {
  const { vault, unlock } = await newVault()
  const other = await unlock()
  let expected: string[] = []
  let n = 0
  const step = fc.constantFrom('read', 'flush', 'write', 'other')
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      let waiting: string[] = []
      const settle = () => {
        expected = [...expected, ...waiting]
        waiting = []
      }
      for (const one of [...steps, 'flush']) {
        const path = `p/${(n += 1)}`
        if (one === 'read') {
          read(vault, path)
          waiting.push(path)
        } else if (one === 'other') {
          read(other, path)
          other.audit.flush()
          expected.push(path)
        } else {
          if (one === 'write') {
            await write(vault, path)
            waiting.push(path)
          } else vault.audit.flush()
          settle()
        }
      }
      expect(pathsOf(other)).toEqual(expected)
      expect(vault.audit.check()).toEqual({ lines: expected.length, first: 1 })
    }),
    { numRuns: 15 },
  )
})
