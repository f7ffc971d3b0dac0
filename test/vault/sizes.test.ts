import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { SecretData, SecretPath } from '../../src-main/contract/model'
import { recordKinds } from '../../src-main/vault/records'
import { newVault, secretMount } from './new-vault'
import { reading } from './raw-file'

/** Data of so many bytes in all: the same letter, or random ones, which nothing could compress. */
function dataOf(bytes: number, kind: 'same' | 'random'): SecretData {
  const filler = bytes - '{"v":""}'.length
  const text =
    kind === 'same'
      ? 'a'.repeat(filler)
      : randomBytes(filler).toString('base64url').slice(0, filler)
  return SecretData.parse(`{"v":"${text}"}`)
}

/** How many bytes the sealed value takes. */
async function sealedSize(data: SecretData): Promise<number> {
  const { vault, file } = await newVault()
  await vault.store(secretMount).write(SecretPath.parse('x'), { mode: 'create', data })
  const [row] = reading(file)(
    `SELECT length(body) AS bytes FROM records WHERE kind = ${recordKinds.version}`,
  )
  return Number(row?.['bytes'])
}

describe('V-09: sizes tell little', () => {
  test.each([
    [9, 60],
    [61, 124],
    [900, 956],
    [1100, 1116],
    [50_000, 50_800],
  ])('values of %i and of %i bytes take the same room', async (shorter, longer) => {
    expect(await sealedSize(dataOf(shorter, 'same'))).toEqual(
      await sealedSize(dataOf(longer, 'same')),
    )
  })

  test.each([100, 5000, 60_000])(
    'nothing is compressed: %i equal bytes, or random',
    async (bytes) => {
      expect(await sealedSize(dataOf(bytes, 'same'))).toEqual(
        await sealedSize(dataOf(bytes, 'random')),
      )
    },
  )

  test('what is added is at most 63 bytes up to 1 KiB, and 12 % above', async () => {
    for (const bytes of [20, 500, 1000, 1025, 3000, 20_000, 100_000]) {
      // The nonce, the tag and the length.
      const padded = (await sealedSize(dataOf(bytes, 'same'))) - 12 - 16
      const most = bytes + 4 <= 1024 ? bytes + 4 + 63 : (bytes + 4) * 1.12
      expect(padded).toBeGreaterThanOrEqual(bytes + 4)
      expect(padded).toBeLessThanOrEqual(most)
    }
  })
})
