import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { MountName, VersionNumber, type VersionState } from '../../../src-main/contract/model'
import { systemRandom } from '../../../src-main/env'
import { jobsHere, type JobRunner } from '../../../src-main/vault/jobs/jobs'
import { LocalVault } from '../../../src-main/vault/local-vault'
import { openSightings } from '../../../src-main/vault/sightings'
import { times } from '../../support/torture'
import { MemoryKeychain } from '../memory-keychain'
import { cheapKdf, kvMount, newVault, passphrase, secretMount, temporaryFolder } from '../new-vault'
import { changing, reading } from '../raw-file'
import { contentOf, endingVault, proof, request, sealedIn } from '../rotating'
import { at, mergeInto, put, twoCopies } from '../two-copies'

const failing = (code: string) => expect.objectContaining({ code })
const other = new TextEncoder().encode('another passphrase')

/** Something of everything that a vault may hold. */
async function fill(vault: LocalVault): Promise<void> {
  const store = vault.store(secretMount)
  for (const n of [1, 2, 3]) await put(vault, 'prod/db', `value ${n}`)
  await put(vault, 'prod/web', 'value')
  await put(vault, 'old', 'value')
  await store.setState(at('prod/db'), [VersionNumber.parse(1)], 'deleted')
  await store.setState(at('prod/db'), [VersionNumber.parse(2)], 'deactivated')
  const customMetadata = [['owner', 'ops']] as const
  await store.write(at('prod/web'), { mode: 'update', settings: { customMetadata } })
  await store.bin().discard({ kind: 'secret', path: at('old') })
  await store.writeConfig({ maxVersions: 7 })
  await vault.mounts.enable({
    name: MountName.parse('team'),
    version: 2,
    description: 'of the team',
  })
  await put(vault, 'x', 'value', MountName.parse('team'))
  await put(vault, 'plain', 'value', kvMount)
  vault.drafts.keep({ store: store.id, path: 'unsaved', baseVersion: 0, text: '{"half":' })
}

async function expectWhole(vault: LocalVault): Promise<void> {
  expect(await vault.run('verify', undefined)).toMatchObject({ problemCount: 0 })
}

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

test(
  'whatever is in a vault is there afterwards, also what is written meanwhile',
  async () => {
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
  },
  times(60_000, 600_000),
)

test('V-17: the old keys open nothing of the new file, and the new ones nothing of the old', async () => {
  const { vault, file, recoveryWords, options } = await newVault()
  await put(vault, 'x', 'value')
  await vault.keys.add(proof(), { kind: 'passphrase', label: 'second', passphrase: other })
  await vault.keys.setPin(new TextEncoder().encode('4711'))
  const old = readFileSync(file)
  await vault.rotation.start(request(vault))
  expect(vault.keys.list().map(({ kind }) => kind)).toEqual(['passphrase', 'recovery'])
  expect(vault.keys.pinTriesLeft).toBe(0)
  vault.lock()
  const wrong = failing('wrong_passphrase')
  await expect(vault.unlockWithPassphrase(other)).rejects.toThrow(wrong)
  await expect(vault.unlockWithRecoveryWords(recoveryWords.join(' '))).rejects.toThrow(wrong)
  // The header and the state of the old file, put back: the old slots open them, and nothing else.
  const copy = join(temporaryFolder(), 'old.coffret')
  writeFileSync(copy, old)
  vault.close()
  const rows = (table: string) => `SELECT * FROM ${table}`
  const header = reading(copy)(rows('header'))[0]!
  changing(file)(
    'UPDATE header SET body = ?, digest = ?, mac = ?',
    header['body'] as Uint8Array,
    header['digest'] as Uint8Array,
    header['mac'] as Uint8Array,
  )
  const mixed = LocalVault.open({ ...options, file })
  await expect(mixed.unlockWithPassphrase(other)).rejects.toThrow(failing('locked'))
  const state = reading(copy)(rows('state'))[0]!
  changing(file)('UPDATE state SET epoch = ?, body = ?', 1, state['body'] as Uint8Array)
  await mixed.unlockWithPassphrase(other)
  expect(() => mixed.stores()).toThrow(failing('corrupt'))
  mixed.close()
})

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

test('one that was begun before the keys were changed cannot be gone on with', async () => {
  const { vault, jobs } = await endingVault()
  jobs.endAt = 2
  await expect(vault.rotation.start(request(vault))).rejects.toThrow(failing('cancelled'))
  jobs.endAt = undefined
  await vault.keys.add(proof(), { kind: 'passphrase', label: '', passphrase: other })
  await expect(vault.rotation.resume(proof())).rejects.toThrow(failing('invalid'))
})

test('a wrong proof begins nothing', async () => {
  const { vault, recoveryWords } = await newVault()
  const { words } = request(vault)
  const wrong = { kind: 'passphrase', passphrase: other } as const
  await expect(vault.rotation.start({ proof: wrong, words })).rejects.toThrow(
    failing('wrong_passphrase'),
  )
  await expect(vault.rotation.start({ proof: proof(), words, keep: [wrong] })).rejects.toThrow(
    expect.objectContaining({ code: 'wrong_passphrase', field: 'keep' }),
  )
  await expect(vault.rotation.start({ proof: proof(), words: 'no words' })).rejects.toThrow(
    failing('invalid'),
  )
  expect(vault.rotation.begun()).toBeUndefined()
  // The old recovery key proves, and opens nothing afterwards.
  const old = { kind: 'recovery', words: recoveryWords.join(' ') } as const
  expect(await vault.rotation.start({ proof: old, words })).toEqual({})
  expect(vault.keys.list().map(({ kind }) => kind)).toEqual(['recovery'])
  vault.lock()
  await vault.unlockWithRecoveryWords(words)
})

test('key files that are given stay, names too, and the keychain of this computer gets a new key', async () => {
  const keychain = new MemoryKeychain()
  const { vault } = await newVault(undefined, { keychain, chooseKdf: async () => cheapKdf })
  const files: Uint8Array[] = []
  const write = async (content: Uint8Array) => void files.push(content.slice())
  await vault.keys.add(proof(), { kind: 'keyfile', label: 'Red stick', write })
  await vault.keys.add(proof(), { kind: 'keyfile', label: 'Lost stick', write })
  await vault.keys.add(proof(), { kind: 'keychain', label: 'Desk' })
  const [name = ''] = keychain.secrets.keys()
  const keep = [{ kind: 'keyfile', bytes: files[0]! } as const]
  await vault.rotation.start({ ...request(vault), keep })
  const slots = vault.keys.list().map(({ kind, label }) => `${kind} ${label}`.trim())
  expect(slots).toEqual(['passphrase', 'keyfile Red stick', 'recovery', 'keychain Desk'])
  expect(keychain.secrets.size).toBe(1)
  expect(keychain.has(name)).toBe(false)
  vault.lock()
  await vault.unlock({ kind: 'keychain' })
  vault.lock()
  await vault.unlock({ kind: 'keyfile', bytes: files[0]! })
  vault.lock()
  await expect(vault.unlock({ kind: 'keyfile', bytes: files[1]! })).rejects.toThrow(
    failing('wrong_passphrase'),
  )
})

test('what fails leaves no key in the keychain', async () => {
  const keychain = new MemoryKeychain()
  const { vault, file } = await newVault(undefined, { keychain })
  await put(vault, 'x', 'value')
  await vault.keys.add(proof(), { kind: 'keychain', label: '' })
  const [name = ''] = keychain.secrets.keys()
  changing(file)('UPDATE records SET body = zeroblob(length(body)) WHERE kind = 4')
  expect(await vault.rotation.start(request(vault))).toHaveProperty('damaged')
  expect([...keychain.secrets.keys()]).toEqual([name])
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
