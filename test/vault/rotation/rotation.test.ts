import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { VersionNumber, type VersionState } from '../../../src-main/contract/model'
import { systemRandom } from '../../../src-main/env'
import { jobsHere, type JobRunner } from '../../../src-main/vault/jobs/jobs'
import { LocalVault } from '../../../src-main/vault/local-vault'
import { openSightings } from '../../../src-main/vault/sightings'
import { times } from '../../support/torture'
import { kvMount, newVault, passphrase, secretMount, temporaryFolder } from '../new-vault'
import { changing } from '../raw-file'
import { contentOf, endingVault, expectWhole, fill, proof, request, sealedIn } from '../rotating'
import { at, mergeInto, put, twoCopies } from '../two-copies'

const failing = (code: string) => expect.objectContaining({ code })

test('everything is sealed anew, and nothing else changes', async () => {
  const { vault, file, recoveryWords, open } = await newVault()
  await fill(vault)
  const before = await contentOf(vault)
  const sealedBefore = sealedIn(file)
  const given = request(vault)
  expect(await vault.rotation.start(given)).toEqual({})
  expect(await contentOf(vault)).toEqual(before)
  const sealed = sealedIn(file)
  expect(sealed.size).toBe(sealedBefore.size)
  expect([...sealed].filter((body) => sealedBefore.has(body))).toEqual([])
  await expectWhole(vault)
  // The vault that was open goes on working, and so does what opens it.
  await put(vault, 'later', 'value')
  const again = open()
  await again.unlockWithPassphrase(passphrase)
  again.lock()
  await again.unlockWithRecoveryWords(given.words)
  again.lock()
  await expect(again.unlockWithRecoveryWords(recoveryWords.join(' '))).rejects.toThrow(
    failing('wrong_passphrase'),
  )
  for (const opened of [vault, again]) opened.close()
  expect(readdirSync(dirname(file))).toEqual(['test.coffret'])
})

const operation = fc.record({
  path: fc.constantFrom('a', 'b', 'a/b', 'a/c', 'é/b/c'),
  mount: fc.constantFrom(secretMount, kvMount),
  what: fc.constantFrom('write', 'write', 'write', 'state', 'bin', 'remove', 'move', 'draft'),
  number: fc.integer({ min: 1, max: 4 }),
  state: fc.constantFrom<VersionState>('active', 'deactivated', 'deleted'),
})
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

/** Does it, if it can be done. */
async function perform(vault: LocalVault, { path, mount, what, number, state }: Operation) {
  const store = vault.store(mount)
  const work = () => {
    const secret = at(path)
    if (what === 'state') return store.setState(secret, [VersionNumber.parse(number)], state)
    if (what === 'bin') return store.bin().discard({ kind: 'secret', path: secret })
    if (what === 'remove') return store.remove(secret)
    const move = { from: secret, to: at(`to/${path}`), kind: 'secret', keepSource: false } as const
    if (what === 'move') return store.transfer(move)
    return put(vault, path, `${number}`, mount)
  }
  if (what === 'draft') {
    vault.drafts.keep({ store: store.id, path, baseVersion: 0, text: `${number}` })
  } else {
    await work().catch((error: { code?: string }) => expect(error.code).toMatch(/^[a-z_]+$/))
  }
}

test('whatever is in a vault is there afterwards, also what is written meanwhile', async () => {
  const operations = fc.array(operation, { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(operations, operations, async (first, meanwhile) => {
      const { vault, jobs, open } = await endingVault()
      for (const one of first) await perform(vault, one)
      // Another connection, as of another program, writes between the steps, and while it is checked. After
      // each write the file is what the new one must hold: nobody has a transaction then.
      const writer = await open()
      const copy = { id: vault.id, file: join(temporaryFolder(), 'copy.coffret') }
      copyFileSync(vault.file, copy.file)
      const left = [...meanwhile]
      const writing: Promise<void>[] = []
      jobs.onStep = () => {
        const one = left.shift()
        if (one === undefined) return
        writing.push(perform(writer, one))
        copyFileSync(vault.file, copy.file)
      }
      expect(await vault.rotation.start(request(vault))).toEqual({})
      await Promise.all(writing)
      expect(await contentOf(vault)).toEqual(await contentOf(copy))
      await expectWhole(vault)
    }),
    { numRuns: times(8, 300) },
  )
})

test('a secret that takes the place of another one leaves nothing of it', async () => {
  const { vault, jobs } = await endingVault()
  await put(vault, 'x', 'first')
  await put(vault, 'y', 'moves')
  jobs.endAt = 7
  await expect(vault.rotation.start(request(vault))).rejects.toThrow(failing('cancelled'))
  jobs.endAt = undefined
  const store = vault.store(secretMount)
  await store.remove(at('x'))
  await put(vault, 'x', 'second')
  await store.transfer({ from: at('y'), to: at('z'), kind: 'secret', keepSource: false })
  await put(vault, 'y', 'another')
  const before = await contentOf(vault)
  expect(await vault.rotation.resume(proof())).toEqual({})
  expect(await contentOf(vault)).toEqual(before)
})

test('a folder that goes while its names are being read is no damage', async () => {
  const { vault, jobs, open } = await endingVault()
  // More names in a bucket of the freshness tree than are read at once.
  for (let n = 0; n < 900; n += 1) await put(vault, `many/${n}`, String(n))
  const store = (await open()).store(secretMount)
  let discarding: Promise<unknown> | undefined
  let seals = 0
  // Within the first that are read at once of the first bucket.
  jobs.onSeal = () => {
    if ((seals += 1) < 12) return
    discarding ??= store.bin().discard({ kind: 'folder', path: at('many') })
  }
  expect(await vault.rotation.start(request(vault))).toEqual({})
  await discarding
  expect((await vault.store(secretMount).listAll()).items).toEqual([])
  expect(await vault.store(secretMount).bin().list()).toHaveLength(900)
  await expectWhole(vault)
})

test('a version that merging gave other data stays held by the freshness tree', async () => {
  const copies = await twoCopies((vault) => put(vault, 'x', 'base'))
  await put(copies.a, 'x', 'of a')
  await put(copies.b, 'x', 'of b')
  // The clock of a is behind: what it wrote goes in between.
  await mergeInto(copies.b, copies.a.file)
  const { b } = copies
  const before = await contentOf(b)
  expect(before.filter((row) => row.startsWith('version held'))).not.toEqual([])
  await b.rotation.start(request(b))
  expect(await contentOf(b)).toEqual(before)
  await expectWhole(b)
})

test('what is written between copying and exchanging the files is not lost', async () => {
  const { vault: base, options } = await newVault()
  base.close()
  let late = 0
  const jobs: JobRunner = async (order, more) => {
    const done = await jobsHere(options)(order, more)
    if (order.job === 'rotate' && late < 3) await put(vault, 'late', String((late += 1)))
    return done
  }
  const vault = LocalVault.open({ ...options, jobs })
  onTestFinished(() => vault.close())
  await vault.unlockWithPassphrase(passphrase)
  await vault.rotation.start(request(vault))
  expect(late).toBe(3)
  const { data } = await vault.store(secretMount).readVersion(at('late'))
  expect(data).toBe('{"value":"3"}')
  await expectWhole(vault)
})

test('who writes without end keeps it from ending, and loses nothing', async () => {
  const { vault, jobs, open } = await endingVault()
  const writer = await open()
  let n = 0
  jobs.onStep = () => void put(writer, 'again', String((n += 1)))
  await expect(vault.rotation.start(request(vault))).rejects.toThrow(failing('busy'))
  jobs.onStep = () => undefined
  expect(await vault.rotation.resume(proof())).toEqual({})
  const { data } = await vault.store(secretMount).readVersion(at('again'))
  expect(data).toBe(JSON.stringify({ value: String(n) }))
})

test('another program hears that the file was replaced, and writes nothing to the old one', async () => {
  const { vault, unlock } = await newVault()
  await put(vault, 'x', 'value')
  const another = await unlock()
  await vault.rotation.start(request(vault))
  const replaced = expect.objectContaining({
    code: 'storage',
    message: expect.stringContaining('was replaced') as string,
  })
  await expect(put(another, 'x', 'lost?')).rejects.toThrow(replaced)
  expect(() => another.stores()).toThrow(replaced)
  expect(another.isReplaced).toBe(true)
  expect(vault.isReplaced).toBe(false)
})

test('damage ends it with the name, and nothing is changed', async () => {
  const { vault, file } = await newVault()
  await fill(vault)
  changing(file)('UPDATE records SET body = zeroblob(length(body)) WHERE kind = 4 AND version = 3')
  const before = readFileSync(file)
  const outcome = await vault.rotation.start(request(vault))
  expect(outcome).toEqual({ damaged: { mount: 'secret', path: 'prod/db', version: 3 } })
  expect(readFileSync(file)).toEqual(before)
  expect(vault.rotation.begun()).toBeUndefined()
  expect(readdirSync(dirname(file))).toEqual(['test.coffret'])
})

test('a name that is damaged ends it too', async () => {
  const { vault, file } = await newVault()
  await fill(vault)
  changing(file)('DELETE FROM names WHERE rowid = 1')
  expect(await vault.rotation.start(request(vault))).toEqual({ damaged: {} })
  expect(vault.rotation.begun()).toBeUndefined()
})

test('this machine sees neither an older nor another file afterwards', async () => {
  const sightings = openSightings(temporaryFolder(), systemRandom)
  const { vault, open, file } = await endingVault({ sightings })
  // More writes than the new file needs.
  for (let n = 0; n < 60; n += 1) await put(vault, 'x', String(n))
  const old = readFileSync(file)
  await vault.rotation.start(request(vault))
  expect(vault.discontinuity).toBeUndefined()
  await put(vault, 'y', 'value')
  vault.close()
  const again = await open()
  expect(again.discontinuity).toBeUndefined()
  await put(again, 'z', 'value')
  again.close()
  // The file from before, put back, is told as older.
  writeFileSync(file, old)
  const back = await open()
  expect(back.discontinuity).toMatchObject({ kind: 'older' })
  await expect(back.rotation.start(request(back))).rejects.toThrow(failing('stale'))
})
