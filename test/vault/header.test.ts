import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { Database } from '../../src-main/vault/database'
import { newVault, passphrase } from './new-vault'

const failing = (code: string) => expect.objectContaining({ code })

type Json = Record<string, unknown>
interface Body extends Json {
  slots: Json[]
}

/** Puts another header into a vault, with the digest that belongs to it, as anyone could. */
async function vaultWith(change: (body: Body) => unknown) {
  const made = await newVault()
  made.vault.close()
  const database = Database.open(made.file, 50)
  const row = database.get('SELECT body FROM header')
  const body = JSON.parse(new TextDecoder().decode(row?.['body'] as Uint8Array)) as Body
  const changed = change(body) ?? body
  const bytes = typeof changed === 'string' ? changed : JSON.stringify(changed)
  const digest = createHash('sha256').update(bytes).digest()
  database.write(() =>
    database.run('UPDATE header SET body = ?, digest = ?', new TextEncoder().encode(bytes), digest),
  )
  database.close()
  return made
}

const kdf = (body: Body) => body.slots[0]?.['kdf'] as Json

describe('a header that is not of this format is refused on opening', () => {
  test.each<[string, (body: Body) => unknown]>([
    ['text that is not JSON', () => '{'],
    ['another format number', (b) => void (b['format'] = 0)],
    ['an unknown field', (b) => void (b['extra'] = 1)],
    ['an unknown field in a slot', (b) => void (b.slots[0]!['extra'] = 1)],
    ['an unknown kind of slot', (b) => void (b.slots[0]!['kind'] = 'master')],
    ['another algorithm', (b) => void (kdf(b)['algorithm'] = 'argon2d')],
    ['a vault id that is none', (b) => void (b['vaultId'] = 'x')],
    ['capital hexadecimal digits', (b) => void (b.slots[0]!['salt'] = 'A'.repeat(64))],
    ['a short salt', (b) => void (b.slots[0]!['salt'] = 'aa')],
    ['a long data key', (b) => void (b.slots[0]!['wrapped'] = 'aa'.repeat(61))],
    ['no slots', (b) => void (b.slots = [])],
    ['33 slots', (b) => void (b.slots = Array.from({ length: 33 }, () => b.slots[1]!))],
    ['1,000 slots', (b) => void (b.slots = Array.from({ length: 1000 }, () => b.slots[0]!))],
    ['more than 64 KiB', (b) => JSON.stringify(b) + ' '.repeat(65_536)],
  ])('%s', async (_, change) => {
    const { open } = await vaultWith(change)
    expect(open).toThrow(failing('corrupt'))
  })
})

test.each([
  ['40 GiB of memory', { memoryKib: 40 * 1024 * 1024 }],
  ['2^31 passes', { passes: 2 ** 31 }],
  ['no lanes', { lanes: 0 }],
  ['8 KiB of memory', { memoryKib: 8 }],
])('V-06: a header that asks for %s is refused at once', async (_, settings) => {
  const { open } = await vaultWith((body) => Object.assign(kdf(body), settings) && undefined)
  const [began, before] = [process.cpuUsage(), process.memoryUsage().rss]
  expect(open).toThrow(failing('kdf_bounds'))
  // Work, in microseconds, which is the same on a busy machine.
  expect(process.cpuUsage(began).user).toBeLessThan(1_000_000)
  expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024)
})

describe('V-08: a header that was changed within the format does not unlock', () => {
  test('a slot more', async () => {
    const { unlock } = await vaultWith((body) => void body.slots.push(body.slots[1]!))
    await expect(unlock()).rejects.toThrow(failing('corrupt'))
  })

  test('the recovery slot taken away', async () => {
    const { unlock } = await vaultWith((body) => void body.slots.pop())
    await expect(unlock()).rejects.toThrow(failing('corrupt'))
  })

  test('a cheaper derivation', async () => {
    const { unlock } = await vaultWith((body) => void (kdf(body)['lanes'] = 2))
    await expect(unlock()).rejects.toThrow(failing('wrong_passphrase'))
  })

  test('another key epoch', async () => {
    const { unlock } = await vaultWith((body) => void (body['keyEpoch'] = 2))
    await expect(unlock()).rejects.toThrow(failing('corrupt'))
  })

  test('another vault id', async () => {
    const id = '0b8f7a52-7d3c-4b7e-9a53-0d5d3f6f2f10'
    const { unlock } = await vaultWith((body) => void (body['vaultId'] = id))
    await expect(unlock()).rejects.toThrow(failing('wrong_passphrase'))
  })

  test('a slot of another vault with the same passphrase', async () => {
    const other = await newVault()
    const database = Database.open(other.file, 50)
    const row = database.get('SELECT body FROM header')
    database.close()
    const theirs = JSON.parse(new TextDecoder().decode(row?.['body'] as Uint8Array)) as Body
    const { unlock } = await vaultWith((body) => void (body.slots[0] = theirs.slots[0]!))
    await expect(unlock()).rejects.toThrow(failing('wrong_passphrase'))
  })

  test('the whole header of another vault with the same passphrase', async () => {
    const other = await newVault()
    const theirs = Database.open(other.file, 50)
    const row = theirs.get('SELECT body, digest, mac FROM header')
    theirs.close()
    const { vault, file, open } = await newVault()
    vault.close()
    const database = Database.open(file, 50)
    const cells = Object.values(row ?? {}) as Uint8Array[]
    database.write(() => database.run('UPDATE header SET body = ?, digest = ?, mac = ?', ...cells))
    database.close()
    // It opens with the other's data key, and then nothing in this file fits.
    await expect(open().unlockWithPassphrase(passphrase)).rejects.toThrow(failing('corrupt'))
  })
})
