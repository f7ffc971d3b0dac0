import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { beforeAll, expect, test } from 'vitest'
import { systemClock, systemRandom } from '../../../src-main/env'
import { jobThreads } from '../../../src-main/vault/jobs/job-threads'
import { LocalVault } from '../../../src-main/vault/local-vault'
import { openSightings } from '../../../src-main/vault/sightings'
import { newVault, passphrase, secretMount, temporaryFolder } from '../new-vault'

const program = fileURLToPath(
  new URL('../../../node_modules/.cache/coffret/jobs-test/vault-worker.js', import.meta.url),
)

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    build: { ssr: 'src-main/vault-worker.ts', outDir: join(program, '..'), emptyOutDir: false },
    ssr: { noExternal: true, external: ['@photostructure/sqlite', '@node-rs/argon2'] },
  })
})

/** A vault whose jobs run in threads. */
async function threadedVault(): Promise<LocalVault> {
  const { vault, file } = await newVault()
  vault.close()
  const options = { file, clock: systemClock, random: systemRandom, jobs: jobThreads(program) }
  const opened = LocalVault.open(options)
  await opened.unlockWithPassphrase(passphrase)
  return opened
}

test('a job runs in another thread with its own connection and its own keys', async () => {
  const vault = await threadedVault()
  expect(await vault.run('prove', undefined)).toBe(2)
  // The keys of this thread were copied, not moved.
  expect(vault.stores()).toHaveLength(2)
  vault.close()
})

test('V-11: what a job in another thread wrote is remembered as written here', async () => {
  const { vault: base, file } = await newVault()
  base.close()
  const copy = `${file}.copy`
  copyFileSync(file, copy)
  const sightings = openSightings(temporaryFolder(), systemRandom)
  const environment = { clock: systemClock, random: systemRandom }
  const theirs = LocalVault.open({ ...environment, file: copy })
  await theirs.unlockWithPassphrase(passphrase)
  theirs.drafts.keep({ store: theirs.store(secretMount).id, path: 'a', baseVersion: 0, text: '' })
  theirs.close()
  const vault = LocalVault.open({ ...environment, file, jobs: jobThreads(program), sightings })
  await vault.unlockWithPassphrase(passphrase)
  const before = sightings.read(vault.id)
  await vault.run('merge', { file: copy, vaultId: vault.id, apply: true })
  const after = sightings.read(vault.id)
  expect(after?.written).toBeGreaterThan(before?.generation ?? 0)
  expect(after?.generation).toBe(after?.written)
  vault.close()
})

test('a failure in another thread keeps its code', async () => {
  const vault = await threadedVault()
  const file = join(vault.file, '..', 'nothing.coffret')
  await expect(vault.run('prove', undefined, { file })).rejects.toThrow(
    expect.objectContaining({ code: 'not_found' }),
  )
  vault.close()
})

test('a job is cancelled by its signal, and by locking', async () => {
  const vault = await threadedVault()
  const cancelled = expect.objectContaining({ code: 'cancelled' })
  const { signal } = abortedAlready()
  await expect(vault.run('prove', undefined, { signal })).rejects.toThrow(cancelled)
  const running = vault.run('prove', undefined)
  vault.lock()
  await expect(running).rejects.toThrow(cancelled)
  vault.close()
})

test('a job in this thread works the same, and a locked vault runs none', async () => {
  const { vault } = await newVault()
  expect(await vault.run('prove', undefined)).toBe(2)
  const { signal } = abortedAlready()
  const cancelled = expect.objectContaining({ code: 'cancelled' })
  await expect(vault.run('prove', undefined, { signal })).rejects.toThrow(cancelled)
  vault.lock()
  const locked = expect.objectContaining({ code: 'locked' })
  await expect(vault.run('prove', undefined)).rejects.toThrow(locked)
})

function abortedAlready(): AbortController {
  const controller = new AbortController()
  controller.abort()
  return controller
}
