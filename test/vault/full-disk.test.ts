import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SecretData, SecretPath } from '../../src-main/contract/model'
import { LocalVault } from '../../src-main/vault/local-vault'
import { startAsked } from './asking'
import { childProgram } from './child-program'
import { cheapKdf, newVault, passphrase, secretMount, temporaryFolder } from './new-vault'
import { canMount, fill, smallDisk } from './small-disk'

const program = childProgram('asked-process')
const path = SecretPath.parse('folder/secret')
const failing = (code: string) => expect.objectContaining({ code })
const dataOf = (n: number) => SecretData.parse(JSON.stringify({ n, filler: 'x'.repeat(9000) }))

/** What this machine can do: where nothing can be mounted, the limit of file sizes below stays. */
const sizes = canMount ? Array.from({ length: 32 }, (_, pages) => pages) : []

describe(`V-12: a disk that is full (${canMount ? 'a tmpfs' : 'none can be mounted here'})`, () => {
  test.each(canMount ? ['while a secret is written'] : [])(
    '%s: a clear error, the state before, and the next try works',
    async () => {
      const folder = smallDisk(1024)
      const { vault, unlock } = await newVault(join(folder, 'test.coffret'))
      const store = vault.store(secretMount)
      const write = (n: number) => store.write(path, { mode: 'upsert', data: dataOf(n) })
      await write(0)
      let [n, refused] = [0, 0]
      for (const pages of sizes) {
        const free = fill(folder, pages)
        const failure: unknown = await write(n + 1).then(
          () => undefined,
          (error: unknown) => error,
        )
        if (failure === undefined) n += 1
        else {
          refused += 1
          expect(failure).toMatchObject({ code: 'storage' })
          expect((failure as Error).message).toMatch(/full|I\/O/)
        }
        expect((await store.readVersion(path)).data).toBe(dataOf(n))
        free()
        const fresh = await unlock()
        expect((await fresh.store(secretMount).readVersion(path)).data).toBe(dataOf(n))
        fresh.close()
        await write((n += 1))
        expect((await store.readVersion(path)).data).toBe(dataOf(n))
      }
      // The journal did not fit, or the file did not: and in the end both did.
      expect(refused).toBeGreaterThan(10)
      expect(refused).toBeLessThan(sizes.length)
    },
  )

  test.each(canMount ? ['while a vault is created'] : [])('%s: nothing is left', async () => {
    const folder = smallDisk(1024)
    const file = join(folder, 'test.coffret')
    const { options } = await newVault(join(temporaryFolder(), 'other.coffret'))
    const creating = () =>
      LocalVault.create({ ...options, file, passphrase, kdf: cheapKdf }).then(({ vault }) =>
        vault.close(),
      )
    for (const pages of [0, 1, 3, 5]) {
      const free = fill(folder, pages)
      await expect(creating(), `${pages} pages`).rejects.toThrow(failing('storage'))
      expect(existsSync(file)).toBe(false)
      free()
    }
    await creating()
  })

  test.each(canMount ? ['a disk that may only be read'] : [])('%s is not written to', async () => {
    const folder = smallDisk(1024)
    const file = join(folder, 'test.coffret')
    const { vault, options } = await newVault()
    await vault.store(secretMount).write(path, { mode: 'create', data: dataOf(1) })
    vault.close()
    const bytes = readFileSync(vault.file)
    writeFileSync(file, bytes, { mode: 0o600 })
    execFileSync('mount', ['-o', 'remount,ro', folder])
    expect(() => LocalVault.open({ ...options, file })).toThrow(failing('not_writable'))
    const create = LocalVault.create({ ...options, file: `${file}2`, passphrase, kdf: cheapKdf })
    await expect(create).rejects.toThrow(failing('not_writable'))
    expect(readFileSync(file).equals(bytes)).toBe(true)
    execFileSync('mount', ['-o', 'remount,rw', folder])
    const opened = LocalVault.open({ ...options, file })
    await opened.unlockWithPassphrase(passphrase)
    const store = opened.store(secretMount)
    await store.write(path, { mode: 'update', data: dataOf(2) })
    expect((await store.readVersion(path)).data).toBe(dataOf(2))
    opened.close()
  })
})

test('V-12: a limit of file sizes (ulimit -f): a clear error, the state before, and the next try works', async () => {
  const { vault, file, recoveryWords, unlock } = await newVault()
  vault.close()
  const asked = await startAsked(program(), file, recoveryWords)
  const limit = (bytes: number | 'unlimited') =>
    execFileSync('prlimit', ['--pid', String(asked.pid), `--fsize=${bytes}:unlimited`])
  const write = (n: number) => asked.ask({ write: { path, n, bytes: 60_000 } })
  expect(await write(1)).toEqual({ n: 1 })
  let n = 1
  // Below the journal, between journal and file, and just below the file: it grows with each write.
  for (const part of [0, 0.01, 0.1, 0.3, 0.6, 0.9, 1]) {
    limit(Math.floor(statSync(file).size * part))
    const refused = await write(n + 1)
    expect(refused, `${part}`).toMatchObject({ code: 'storage', message: expect.any(String) })
    // What is to be undone may lie beyond the limit too: then it waits.
    const read = await asked.ask({ read: path })
    expect([n, undefined]).toContain(read.n)
    expect([undefined, 'storage']).toContain(read.code)
    limit('unlimited')
    expect(await asked.ask({ read: path })).toEqual({ n })
    const fresh = await unlock()
    const { data } = await fresh.store(secretMount).readVersion(path)
    expect(JSON.parse(data ?? '')).toHaveProperty('n', n)
    fresh.close()
    expect(await write((n += 1))).toEqual({ n })
  }
  await asked.end()
  expect(existsSync(`${file}-journal`)).toBe(false)
})
