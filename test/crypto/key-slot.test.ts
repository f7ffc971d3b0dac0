import { describe, expect, test } from 'vitest'
import {
  openPassphraseSlot,
  openRandomKeySlot,
  sealPassphraseSlot,
  sealRandomKeySlot,
  type KeySlot,
} from '../../src-main/crypto/key-slot'
import { SecretKey } from '../../src-main/crypto/secret-key'
import { systemRandom } from '../../src-main/env'

const kdf = { memoryKib: 19 * 1024, passes: 1, lanes: 1 }
const vaultId = systemRandom(16)
const id = systemRandom(16)
const dataKeyBytes = systemRandom(32)
const dataKey = () => new SecretKey(dataKeyBytes.slice())
const passphrase = new TextEncoder().encode('correct horse')
const recoveryKeyBytes = systemRandom(32)
const recoveryKey = () => new SecretKey(recoveryKeyBytes.slice())

const passphraseSlot = await sealPassphraseSlot(
  { vaultId, id, dataKey: dataKey(), kdf },
  passphrase,
  systemRandom,
)
const recoverySlot = sealRandomKeySlot(
  { kind: 'recovery', vaultId, id, dataKey: dataKey() },
  recoveryKey(),
  systemRandom,
)

test('the right passphrase gives the data key, another one nothing', async () => {
  const opened = await openPassphraseSlot(vaultId, passphraseSlot, passphrase)
  expect(opened?.bytes).toEqual(dataKeyBytes)
  const other = new TextEncoder().encode('correct Horse')
  expect(await openPassphraseSlot(vaultId, passphraseSlot, other)).toBeUndefined()
})

test('the right recovery key gives the data key, another one nothing', () => {
  expect(openRandomKeySlot(vaultId, recoverySlot, recoveryKey())?.bytes).toEqual(dataKeyBytes)
  const other = new SecretKey(systemRandom(32))
  expect(openRandomKeySlot(vaultId, recoverySlot, other)).toBeUndefined()
})

test('the recovery key given in stays usable', () => {
  const key = recoveryKey()
  openRandomKeySlot(vaultId, recoverySlot, key)
  expect(key.bytes).toEqual(recoveryKeyBytes)
})

const flipped = (bytes: Uint8Array, at = 0) =>
  bytes.map((byte, index) => (index === at ? byte ^ 1 : byte))

describe('what a slot says in plain is bound to it', () => {
  test.each([
    ['its id', { ...passphraseSlot, id: flipped(id) }],
    ['its salt', { ...passphraseSlot, salt: flipped(passphraseSlot.salt) }],
    ['its memory', { ...passphraseSlot, kdf: { ...kdf, memoryKib: 20 * 1024 } }],
    ['its passes', { ...passphraseSlot, kdf: { ...kdf, passes: 2 } }],
    ['its lanes', { ...passphraseSlot, kdf: { ...kdf, lanes: 2 } }],
    ['its commitment', { ...passphraseSlot, commitment: flipped(passphraseSlot.commitment) }],
  ])('another value of %s opens nothing', async (_, slot) => {
    expect(await openPassphraseSlot(vaultId, slot, passphrase)).toBeUndefined()
  })

  test('a slot of another vault opens nothing', async () => {
    const elsewhere = systemRandom(16)
    expect(await openPassphraseSlot(elsewhere, passphraseSlot, passphrase)).toBeUndefined()
    expect(openRandomKeySlot(elsewhere, recoverySlot, recoveryKey())).toBeUndefined()
  })

  test('a damaged data key is damage, not a wrong passphrase', async () => {
    const slot = { ...passphraseSlot, wrapped: flipped(passphraseSlot.wrapped, 30) }
    await expect(openPassphraseSlot(vaultId, slot, passphrase)).rejects.toThrow(
      expect.objectContaining({ code: 'corrupt' }),
    )
  })
})

test('V-08: one slot body cannot serve two keys: the commitment of one refuses the other', () => {
  // An attacker may choose the sealed body freely, but only one commitment stands beside it.
  const other = new SecretKey(systemRandom(32))
  const input = { kind: 'recovery', vaultId, id, dataKey: dataKey() } as const
  const theirs = sealRandomKeySlot(input, other, systemRandom)
  const mixed: KeySlot = { ...theirs, salt: recoverySlot.salt, wrapped: recoverySlot.wrapped }
  expect(openRandomKeySlot(vaultId, mixed, other)).toBeUndefined()
  expect(openRandomKeySlot(vaultId, mixed, recoveryKey())).toBeUndefined()
})

test.each(['keyfile', 'keychain'] as const)(
  'V-08: the key of a %s slot opens its slot, and no slot of another kind',
  (kind) => {
    const key = new SecretKey(systemRandom(32))
    const input = { vaultId, id, dataKey: dataKey() }
    const slot = sealRandomKeySlot({ ...input, kind }, key, systemRandom)
    expect(openRandomKeySlot(vaultId, slot, key)?.bytes).toEqual(dataKeyBytes)
    for (const other of ['recovery', 'keyfile', 'keychain'] as const) {
      if (other === kind) continue
      expect(openRandomKeySlot(vaultId, { ...slot, kind: other }, key)).toBeUndefined()
    }
  },
)

test('two slots of one passphrase have nothing in common', async () => {
  const again = await sealPassphraseSlot(
    { vaultId, id, dataKey: dataKey(), kdf },
    passphrase,
    systemRandom,
  )
  expect(again.salt).not.toEqual(passphraseSlot.salt)
  expect(again.commitment).not.toEqual(passphraseSlot.commitment)
  expect(again.wrapped).not.toEqual(passphraseSlot.wrapped)
})

test('V-06: bounds are checked before a passphrase is tried', async () => {
  const slot = { ...passphraseSlot, kdf: { ...kdf, memoryKib: 40 * 1024 * 1024 } }
  await expect(openPassphraseSlot(vaultId, slot, passphrase)).rejects.toThrow(
    expect.objectContaining({ code: 'kdf_bounds' }),
  )
})
