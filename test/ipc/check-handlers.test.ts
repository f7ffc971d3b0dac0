import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { calls } from '../../src-main/contract/calls'
import { SecretData, SecretPath } from '../../src-main/contract/model'
import { systemRandom } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'
import { StandingClock, passphrase, secretMount } from '../vault/new-vault'
import { handlersOverVault } from './handlers-over-vault'

const failing = (code: string) => expect.objectContaining({ code })
const path = SecretPath.parse('app/db')
const data = (value: string) => SecretData.parse(JSON.stringify({ password: value }))

/** A vault with a secret, and another copy of it in which that was changed. */
async function withCopy() {
  const parts = await handlersOverVault()
  const { handlers, store, vault, folder } = parts
  await handlers['secret.create']({ store, path, data: data('one') })
  const file = join(folder, 'mine (conflicted copy).coffret')
  copyFileSync(vault.file, file)
  const clock = new StandingClock()
  clock.advance(1000)
  const copy = LocalVault.open({ file, clock, random: systemRandom })
  await copy.unlockWithPassphrase(passphrase)
  await copy.store(secretMount).write(path, { mode: 'update', data: data('two') })
  copy.close()
  parts.events.length = 0
  return { ...parts, file }
}

test('a vault is verified, and how far it is comes as events', async () => {
  const { handlers, vault, events } = await withCopy()
  const report = await handlers['check.verify']({ vault: vault.id })
  expect(calls['check.verify'].output.parse(report)).toMatchObject({ secrets: 1, problemCount: 0 })
  expect(events.at(-1)).toMatchObject({ name: 'check.progress', vault: vault.id, total: 1000 })
})

test('merging is told before it is done, without values, and the window hears of it', async () => {
  const { handlers, vault, store, events, file } = await withCopy()
  const plan = await handlers['check.planMerge']({ vault: vault.id, file })
  expect(plan).toMatchObject({ changed: 1, versions: 1, conflicts: 0 })
  expect(JSON.stringify(plan)).not.toMatch(/password|one|two/)
  expect(await handlers['secret.reveal']({ store, path })).toMatchObject({ data: data('one') })
  events.length = 0
  expect(await handlers['check.merge']({ vault: vault.id, file })).toEqual(plan)
  expect(await handlers['secret.reveal']({ store, path })).toMatchObject({ data: data('two') })
  expect(events).toContainEqual({ name: 'secrets.changed', store })
})

test('the passphrase of a copy is overwritten, whether or not it was right', async () => {
  const { handlers, vault, file } = await withCopy()
  const wrong = new TextEncoder().encode('no')
  const merge = handlers['check.planMerge']({ vault: vault.id, file, passphrase: wrong })
  await expect(merge).rejects.toThrow(failing('wrong_passphrase'))
  expect(wrong).toEqual(new Uint8Array(2))
  const right = Uint8Array.from(passphrase)
  await handlers['check.planMerge']({ vault: vault.id, file, passphrase: right })
  expect(right.every((byte) => byte === 0)).toBe(true)
})

test('a repair asks for a place, and writes nothing when the person gives up', async () => {
  const { handlers, vault, folder, ports } = await withCopy()
  const ask = { vault: vault.id, name: 'mine repaired.coffret' }
  expect(await handlers['check.repair'](ask)).toBeUndefined()
  ports.dialog.chooseNewFile.mockResolvedValueOnce(join(folder, 'saved'))
  const report = await handlers['check.repair'](ask)
  expect(report).toMatchObject({ file: join(folder, 'saved.coffret'), secrets: 1, lostCount: 0 })
  expect(ports.dialog.chooseNewFile).toHaveBeenLastCalledWith(
    expect.objectContaining({ suggestedPath: expect.stringMatching(/mine repaired\.coffret$/) }),
  )
})

test('a locked vault is not checked, and cancelling nothing does nothing', async () => {
  const { handlers, vault, ports } = await withCopy()
  await handlers['check.cancel']({ vault: vault.id })
  ports.stores.lockAll()
  await expect(handlers['check.verify']({ vault: vault.id })).rejects.toThrow(failing('locked'))
})
