import { existsSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LocalVault } from '../../../src-main/vault/local-vault'
import { passphrase, secretMount } from '../new-vault'
import { contentOf, endingVault, expectWhole, fill, proof, request } from '../rotating'
import { at, put } from '../two-copies'

const failing = (code: string) => expect.objectContaining({ code })
const other = new TextEncoder().encode('another passphrase')

test('it ends at any step, and goes on from there to the same', async () => {
  const { vault, jobs, open } = await endingVault()
  await fill(vault)
  // More than one transaction.
  for (let n = 0; n < 230; n += 1) await put(vault, `many/${n}`, String(n))
  const before = await contentOf(vault)
  jobs.endAt = 1
  await expect(vault.rotation.start(request(vault))).rejects.toThrow(failing('cancelled'))
  vault.close()
  // Each time one step further, then in strides: what is copied stays, so that later steps are checking.
  for (let last = 2; ; last += last < 8 ? 1 : 11) {
    const current = await open()
    expect(await contentOf(current)).toEqual(before)
    expect(current.rotation.begun()).toEqual({ proofs: ['passphrase', 'recovery'] })
    jobs.steps = 0
    jobs.endAt = last
    const code = await current.rotation.resume(proof()).then(
      () => 'done',
      (error: { code: string }) => error.code,
    )
    if (code === 'done') {
      expect(last).toBeGreaterThan(20)
      expect(await contentOf(current)).toEqual(before)
      jobs.endAt = undefined
      return expectWhole(current)
    }
    expect(code).toBe('cancelled')
    current.close()
  }
})

test('what is written after it was interrupted is there too, and what was removed is not', async () => {
  const { vault, jobs } = await endingVault()
  await fill(vault)
  for (let n = 0; n < 230; n += 1) await put(vault, `many/${n}`, String(n))
  jobs.endAt = 6
  await expect(vault.rotation.start(request(vault))).rejects.toThrow(failing('cancelled'))
  const store = vault.store(secretMount)
  for (let n = 0; n < 230; n += 3) await store.remove(at(`many/${n}`))
  for (let n = 1; n < 230; n += 3) await put(vault, `many/${n}`, 'changed')
  const move = { from: at('prod'), to: at('moved'), kind: 'folder', keepSource: false } as const
  await store.transfer(move)
  vault.drafts.discard(store.id, 'unsaved')
  const before = await contentOf(vault)
  jobs.endAt = undefined
  expect(await vault.rotation.resume(proof())).toEqual({})
  expect(await contentOf(vault)).toEqual(before)
  await expectWhole(vault)
})

test('what was begun can be discarded, and is not taken for a vault', async () => {
  const { vault, jobs, file, options } = await endingVault()
  await put(vault, 'x', 'value')
  jobs.endAt = 3
  await expect(vault.rotation.start(request(vault))).rejects.toThrow(failing('cancelled'))
  const begun = `${file}.rotating`
  expect(() => LocalVault.open({ ...options, file: begun })).toThrow(failing('not_a_vault'))
  jobs.endAt = undefined
  await expect(vault.rotation.start(request(vault))).rejects.toThrow(failing('exists'))
  await expect(vault.rotation.resume({ kind: 'passphrase', passphrase: other })).rejects.toThrow(
    failing('wrong_passphrase'),
  )
  await vault.rotation.discard()
  expect(existsSync(begun)).toBe(false)
  expect(vault.rotation.begun()).toBeUndefined()
  await expect(vault.rotation.resume(proof())).rejects.toThrow(failing('not_found'))
  expect(await vault.rotation.start(request(vault))).toEqual({})
})

test('a locked vault rotates nothing, and locking ends it', async () => {
  const { vault, jobs } = await endingVault()
  await put(vault, 'x', 'value')
  jobs.onStep = (step) => {
    if (step === 3) vault.lock()
  }
  await expect(vault.rotation.start(request(vault))).rejects.toThrow(failing('locked'))
  await expect(vault.rotation.start({ proof: proof(), words: '' })).rejects.toThrow(
    failing('locked'),
  )
  expect(vault.rotation.begun()).toEqual({ proofs: ['passphrase', 'recovery'] })
  await vault.unlockWithPassphrase(passphrase)
  expect(await vault.rotation.resume(proof())).toEqual({})
})

test('a new file that cannot be read can only be discarded', async () => {
  const { vault, jobs, file } = await endingVault()
  jobs.endAt = 2
  await expect(vault.rotation.start(request(vault))).rejects.toThrow(failing('cancelled'))
  jobs.endAt = undefined
  writeFileSync(`${file}.rotating`, 'something else')
  expect(vault.rotation.begun()).toEqual({ proofs: [] })
  await expect(vault.rotation.resume(proof())).rejects.toThrow(failing('corrupt'))
  await vault.rotation.discard()
  expect(await vault.rotation.start(request(vault))).toEqual({})
  // An empty one is of a program that ended before it had begun.
  writeFileSync(`${file}.rotating`, '')
  expect(vault.rotation.begun()).toBeUndefined()
  expect(await vault.rotation.start(request(vault))).toEqual({})
})
