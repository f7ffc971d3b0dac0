import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SecretData, SecretPath } from '../../src-main/contract/model'
import type { RandomBytes } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'
import { recordKinds } from '../../src-main/vault/records'
import { newVault, passphrase, secretMount, temporaryFolder } from './new-vault'
import { reading } from './raw-file'

const path = SecretPath.parse('x')
const data = (text: string) => SecretData.parse(JSON.stringify({ text }))

/** A random source whose state was copied along with the machine: it gives the same bytes again. */
function copiedRandom(): RandomBytes {
  let count = 0
  return (length) => new Uint8Array(length).map((_, at) => (count += 1) * 31 + at)
}

/**
 * What a machine that was copied, its random source included, seals twice under one nonce. GCM would give
 * the XOR of the texts away, and then the key of its authentication; GCM-SIV shows whether they are equal.
 */
test('V-10: a copied state that goes on twice gives away whether two values are equal, and nothing else', async () => {
  const { vault, file, options } = await newVault()
  await vault.store(secretMount).write(path, { mode: 'create', data: data('before') })
  vault.close()
  const goOn = async (name: string, text: string) => {
    const copy = join(temporaryFolder(), name)
    copyFileSync(file, copy)
    const going = { ...options, file: copy, random: copiedRandom() }
    const opened = LocalVault.open(going)
    await opened.unlockWithPassphrase(passphrase)
    await opened.store(secretMount).write(path, { mode: 'update', data: data(text) })
    opened.close()
    // Both are whole: each opens as what it is.
    const again = LocalVault.open(going)
    await again.unlockWithPassphrase(passphrase)
    expect((await again.store(secretMount).readVersion(path)).data).toBe(data(text))
    again.close()
    const sql = `SELECT body FROM records WHERE kind = ${recordKinds.version} AND version = 2`
    return Buffer.from(reading(copy)(sql)[0]?.['body'] as Uint8Array)
  }
  const [one, other, same] = [
    await goOn('a', 'AAAA'),
    await goOn('b', 'AAAB'),
    await goOn('c', 'AAAA'),
  ]
  expect(one.subarray(0, 12).equals(other.subarray(0, 12))).toBe(true)
  expect(one.equals(same)).toBe(true)
  // One letter differs; of the 64 padded bytes and the tag about all do, not one.
  const differing = one.filter((byte, at) => byte !== other[at])
  expect(differing.length).toBeGreaterThan(60)
})
