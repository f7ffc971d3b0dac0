import { describe, expect, test } from 'vitest'
import type { EpochMs } from '../../src-main/contract/model'
import { fromHex, toHex } from '../../src-main/crypto/bytes'
import {
  calibrateKdf,
  checkKdfBounds,
  defaultKdfSettings,
  deriveFromPassphrase,
} from '../../src-main/crypto/kdf'
import vectors from '../vectors/argon2id.json'

const outOfBounds = expect.objectContaining({ code: 'kdf_bounds' })

test.each(vectors)('Argon2id, $name', async ({ passphrase, salt, derived, ...settings }) => {
  const key = await deriveFromPassphrase(fromHex(passphrase), fromHex(salt), settings)
  expect(toHex(key.bytes)).toBe(derived)
})

describe('bounds', () => {
  const { memoryKib, passes, lanes } = defaultKdfSettings
  test.each([
    [19 * 1024, passes, lanes],
    [1024 * 1024, 16, lanes],
    [memoryKib, 1, lanes],
    [memoryKib, 64, lanes],
    [memoryKib, passes, 1],
    [memoryKib, passes, 16],
  ])('%i KiB, %i passes, %i lanes are accepted', (m, t, p) => {
    expect(() => checkKdfBounds({ memoryKib: m, passes: t, lanes: p })).not.toThrow()
  })

  test.each([
    [19 * 1024 - 1, passes, lanes],
    [8, passes, lanes],
    [0, passes, lanes],
    [1024 * 1024 + 1, 1, lanes],
    [40 * 1024 * 1024, 1, lanes],
    [2 ** 32 - 1, 2 ** 31, lanes],
    [1024 * 1024, 17, lanes],
    [memoryKib, 0, lanes],
    [memoryKib, 65, lanes],
    [memoryKib, 2 ** 31, lanes],
    [memoryKib, passes, 0],
    [memoryKib, passes, 17],
    [memoryKib + 0.5, passes, lanes],
    [Number.NaN, passes, lanes],
  ])('%d KiB, %d passes, %d lanes are refused before any work', async (m, t, p) => {
    const settings = { memoryKib: m, passes: t, lanes: p }
    const before = process.memoryUsage().rss
    const derived = deriveFromPassphrase(new Uint8Array(1), new Uint8Array(32), settings)
    await expect(derived).rejects.toThrow(outOfBounds)
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024)
  })
})

describe('calibration', () => {
  const cheap = { memoryKib: 19 * 1024, passes: 1, lanes: 1 }
  /** A clock on which one derivation takes so many milliseconds. */
  const clockTaking = (ms: number) => {
    let reads = 0
    return { now: () => (1_000_000 + ms * reads++) as EpochMs }
  }

  test.each([
    [100, 10],
    [500, 2],
    [999, 1],
    [5_000, 1],
    [1, 64],
    [0, 64],
    [-50, 64],
  ])('with one pass taking %i ms uses %i passes', async (ms, passes) => {
    expect(await calibrateKdf(clockTaking(ms), cheap)).toEqual({ ...cheap, passes })
  })

  test('never uses fewer passes than it started from, and stays within the bounds', async () => {
    const slow = await calibrateKdf(clockTaking(60_000))
    expect(slow).toEqual(defaultKdfSettings)
    const fast = await calibrateKdf(clockTaking(0), { ...cheap, memoryKib: 512 * 1024 })
    expect(fast.passes).toBe(32)
    expect(() => checkKdfBounds(fast)).not.toThrow()
  })
})
