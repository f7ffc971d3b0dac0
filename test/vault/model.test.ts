import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BinId } from '../../src-main/contract/bin-calls'
import { isFailureCode } from '../../src-main/contract/errors'
import {
  SecretData,
  SecretPath,
  VersionNumber,
  type SecretMetadata,
  type VersionState,
} from '../../src-main/contract/model'
import type { SecretStore } from '../../src-main/kv/secret-store'
import { compareBytes } from '../../src-main/kv/byte-order'
import { LocalVault } from '../../src-main/vault/local-vault'
import { newVault, passphrase, secretMount } from './new-vault'

/** KV version 2 in as few lines as possible, written from the manual and not from our rules. */
class ModelStore {
  readonly secrets = new Map<string, ModelSecret>()
  /** In the order in which they came. */
  readonly bin: { readonly path: string; readonly secret: ModelSecret; readonly at: number }[] = []

  write(path: string, mode: string, data: string, cas: number | undefined): string {
    const secret = this.secrets.get(path)
    if (mode === 'create' && secret !== undefined) return 'exists'
    if (mode === 'update' && secret === undefined) return 'not_found'
    if (cas !== undefined && cas !== (secret?.current ?? 0)) return 'cas_mismatch'
    const after = secret ?? { current: 0, oldest: 0, versions: [] }
    after.current += 1
    after.versions.push({ number: after.current, data, state: 'active' })
    if (after.current - after.oldest >= 10) after.oldest = after.current - 9
    after.versions = after.versions.filter(({ number }) => number >= after.oldest)
    this.secrets.set(path, after)
    return 'ok'
  }

  setState(path: string, number: number, state: VersionState): string {
    const secret = this.secrets.get(path)
    if (secret === undefined) return 'not_found'
    const version = secret.versions.find((one) => one.number === number)
    if (version !== undefined && version.state !== 'deleted') version.state = state
    return 'ok'
  }

  remove(path: string): string {
    return this.secrets.delete(path) ? 'ok' : 'not_found'
  }

  discard(path: string, kind: string, at: number): string {
    const gone = this.#of(path, kind).sort(compareBytes)
    for (const one of gone) {
      this.bin.push({ path: one, secret: this.secrets.get(one)!, at })
      this.secrets.delete(one)
    }
    return gone.length === 0 ? 'not_found' : 'ok'
  }

  restore(index: number, to: string | undefined): string {
    const { path, secret } = this.bin[index]!
    if (this.secrets.has(to ?? path)) return 'exists'
    this.secrets.set(to ?? path, secret)
    this.bin.splice(index, 1)
    return 'ok'
  }

  transfer(from: string, to: string, kind: string, keepSource: boolean): string {
    const below = (path: string) =>
      [...this.secrets.keys()].filter((one) => one.startsWith(`${path}/`))
    const sources = this.#of(from, kind)
    if (sources.length === 0) return 'not_found'
    if (kind === 'folder' && to !== from && `${to}/`.startsWith(`${from}/`)) return 'invalid'
    if (kind === 'secret' ? this.secrets.has(to) : below(to).length > 0) return 'exists'
    for (const source of sources) {
      this.secrets.set(to + source.slice(from.length), structuredClone(this.secrets.get(source)!))
      if (!keepSource) this.secrets.delete(source)
    }
    return 'ok'
  }

  #of(path: string, kind: string): string[] {
    if (kind === 'secret') return [path].filter((one) => this.secrets.has(one))
    return [...this.secrets.keys()].filter((one) => one.startsWith(`${path}/`))
  }
}

interface ModelSecret {
  current: number
  oldest: number
  versions: ModelVersion[]
}

interface ModelVersion {
  readonly number: number
  readonly data: string
  state: VersionState
}

// Few names, so that paths meet: secrets beside folders of their own name, folders in folders.
const path = fc
  .array(fc.constantFrom('a', 'b', 'a-b', 'é'), { minLength: 1, maxLength: 3 })
  .map((segments) => segments.join('/'))
const mode = fc.constantFrom('create', 'update', 'upsert')
const operation = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      path,
      mode,
      cas: fc.option(fc.nat(3), { nil: undefined, freq: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('state' as const),
      path,
      number: fc.integer({ min: 1, max: 12 }),
      state: fc.constantFrom('active' as const, 'deactivated' as const, 'deleted' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), path }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('transfer' as const),
      path,
      to: path,
      what: fc.constantFrom('secret' as const, 'folder' as const),
      keepSource: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('discard' as const),
      path,
      what: fc.constantFrom('secret' as const, 'folder' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('restore' as const),
      pick: fc.nat(20),
      to: fc.option(path, { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
)
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

/**
 * Does one operation on both.
 * @param bin what the store calls the secrets in the model's bin
 * @returns what each said
 */
async function both(
  store: SecretStore,
  bin: BinId[],
  model: ModelStore,
  step: Operation,
  at: number,
) {
  const said = (work: Promise<unknown>) =>
    work.then(
      () => 'ok',
      (error: { code?: unknown }) => {
        if (!isFailureCode(error.code)) throw error
        return error.code
      },
    )
  const text = `{"step":${at}}`
  switch (step.kind) {
    case 'write': {
      const { cas } = step
      const request = {
        mode: step.mode as 'create',
        data: SecretData.parse(text),
        ...(cas === undefined ? {} : { cas }),
      }
      const real = await said(store.write(SecretPath.parse(step.path), request))
      return [real, model.write(step.path, step.mode, text, cas)]
    }
    case 'state': {
      const numbers = [VersionNumber.parse(step.number)]
      const real = await said(store.setState(SecretPath.parse(step.path), numbers, step.state))
      return [real, model.setState(step.path, step.number, step.state)]
    }
    case 'remove':
      return [await said(store.remove(SecretPath.parse(step.path))), model.remove(step.path)]
    case 'transfer': {
      const { what: kind, keepSource } = step
      const [from, to] = [SecretPath.parse(step.path), SecretPath.parse(step.to)]
      const real = await said(store.transfer({ from, to, kind, keepSource }))
      return [real, model.transfer(step.path, step.to, kind, keepSource)]
    }
    case 'discard': {
      const request = { path: SecretPath.parse(step.path), kind: step.what }
      const real = await said(
        store
          .bin()
          .discard(request)
          .then((ids) => bin.push(...ids)),
      )
      return [real, model.discard(step.path, step.what, at)]
    }
    case 'restore': {
      const index = step.pick % (bin.length || 1)
      const id = bin[index]
      if (id === undefined) return ['ok', 'ok']
      const to = step.to === undefined ? {} : { to: SecretPath.parse(step.to) }
      const real = await said(store.bin().restore([{ id, ...to }]))
      if (real === 'ok') bin.splice(index, 1)
      return [real, model.restore(index, step.to)]
    }
    case 'reopen':
      return ['ok', 'ok']
  }
}

/** Everything in the store must be what the model says, and nothing else. */
async function expectEqual(store: SecretStore, model: ModelStore): Promise<void> {
  const expected = [...model.secrets.keys()].sort(compareBytes)
  const listed = (await store.listAll()).items
  expect(listed.map((item) => String(item.path))).toEqual(expected)
  for (const item of listed) {
    const secret = model.secrets.get(item.path)!
    const metadata: SecretMetadata = await store.readMetadata(item.path)
    expect(metadata).toMatchObject({ currentVersion: secret.current, oldestVersion: secret.oldest })
    expect(metadata.versions.map((one) => one.version)).toEqual(
      secret.versions.map((one) => one.number),
    )
    for (const { number, data, state } of secret.versions) {
      const version = await store.readVersion(item.path, VersionNumber.parse(number))
      expect(version.state).toBe(state)
      expect(version.data).toBe(state === 'active' ? data : undefined)
    }
    expect(item.state).toBe(secret.versions.at(-1)?.state)
  }
  const binned = (await store.bin().list()).map((one) => String(one.path))
  const last = model.bin.toSorted((a, b) => b.at - a.at || compareBytes(a.path, b.path))
  expect(binned).toEqual(last.map((one) => one.path))
}

test('a vault does what KV version 2 does, whatever the order of operations', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 30, maxLength: 80 }), async (steps) => {
      const { vault, clock, options } = await newVault()
      const model = new ModelStore()
      const bin: BinId[] = []
      let open: LocalVault = vault
      for (const [at, step] of steps.entries()) {
        if (step.kind === 'reopen') {
          open.close()
          open = LocalVault.open(options)
          await open.unlockWithPassphrase(passphrase)
        }
        clock.advance(1_000)
        const [real, wanted] = await both(open.store(secretMount), bin, model, step, at)
        expect([step, real]).toEqual([step, wanted])
      }
      await expectEqual(open.store(secretMount), model)
      open.close()
    }),
    { numRuns: 40 },
  )
}, 600_000)
