import { existsSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { calls } from '../../src-main/contract/calls'
import { SecretData, SecretPath } from '../../src-main/contract/model'
import { passphrase } from '../vault/new-vault'
import { changing } from '../vault/raw-file'
import { handlersOverVault } from './handlers-over-vault'

const failing = (code: string) => expect.objectContaining({ code })
const path = SecretPath.parse('app/db')
const data = SecretData.parse('{"password":"one"}')
const proof = () => ({ kind: 'passphrase', passphrase: Uint8Array.from(passphrase) }) as const

/** With a secret, and what starting takes. */
async function withSecret() {
  const parts = await handlersOverVault()
  const { handlers, vault, store, events } = parts
  await handlers['secret.create']({ store, path, data })
  const words = (await handlers['keys.newRecoveryWords']({ vault: vault.id })).join(' ')
  events.length = 0
  const input = (keyFiles: Uint8Array[] = []) => ({
    vault: vault.id,
    proof: proof(),
    words,
    keyFiles,
  })
  return { ...parts, input }
}

test('the data key is replaced with progress, and what was typed is overwritten', async () => {
  const { handlers, vault, store, events, input } = await withSecret()
  const given = input()
  const outcome = await handlers['rotation.start'](given)
  expect(calls['rotation.start'].output.parse(outcome)).toEqual({})
  expect([...given.proof.passphrase].every((byte) => byte === 0)).toBe(true)
  expect(events).toContainEqual({
    name: 'check.progress',
    vault: vault.id,
    done: 1000,
    total: 1000,
  })
  expect(events.at(-1)).toEqual({ name: 'stores.changed' })
  expect(await handlers['secret.reveal']({ store, path })).toMatchObject({ data })
  expect(await handlers['rotation.begun']({ vault: vault.id })).toBeUndefined()
})

test('a key file that opens nothing begins nothing, and is overwritten', async () => {
  const { handlers, vault, input } = await withSecret()
  const file = new TextEncoder().encode('no key file')
  await expect(handlers['rotation.start'](input([file]))).rejects.toThrow(
    expect.objectContaining({ code: 'invalid', field: 'keep' }),
  )
  expect([...file].every((byte) => byte === 0)).toBe(true)
  expect(await handlers['rotation.begun']({ vault: vault.id })).toBeUndefined()
})

test('it is stopped, told as begun, gone on with, or discarded', async () => {
  const { handlers, vault, input } = await withSecret()
  const id = { vault: vault.id }
  const begun = `${vault.file}.rotating`
  const stopped = handlers['rotation.start'](input())
  await expect(handlers['rotation.start'](input())).rejects.toThrow(failing('busy'))
  await handlers['rotation.cancel'](id)
  await expect(stopped).rejects.toThrow(failing('cancelled'))
  const proofs = ['passphrase', 'recovery']
  expect(await handlers['rotation.begun'](id)).toEqual({ proofs })
  expect(statSync(begun).mode & 0o777).toBe(0o600)
  await handlers['rotation.discard'](id)
  expect(existsSync(begun)).toBe(false)
  const again = handlers['rotation.start'](input())
  await handlers['rotation.cancel'](id)
  await expect(again).rejects.toThrow(failing('cancelled'))
  expect(await handlers['rotation.resume']({ ...id, proof: proof() })).toEqual({})
  expect(existsSync(begun)).toBe(false)
})

test('what is damaged is named', async () => {
  const { handlers, vault, input } = await withSecret()
  changing(vault.file)('UPDATE records SET body = zeroblob(length(body)) WHERE kind = 4')
  expect(await handlers['rotation.start'](input())).toEqual({
    damaged: { mount: 'secret', path: 'app/db', version: 1 },
  })
})
