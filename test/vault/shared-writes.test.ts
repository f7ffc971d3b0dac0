import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CoffretError } from '../../src-main/contract/errors'
import { Cas, SecretData, SecretPath, VersionNumber } from '../../src-main/contract/model'
import type { AuditTicket } from '../../src-main/kv/audit-log'
import type { SecretStore } from '../../src-main/kv/secret-store'
import type { LocalVault } from '../../src-main/vault/local-vault'
import { linesOf, program } from './audit/auditing'
import { kvMount, newVault, secretMount } from './new-vault'

/** One thing to do to a mount. */
interface Step {
  readonly name: string
  readonly mount: typeof secretMount
  perform(store: SecretStore): Promise<unknown>
}

const paths = ['a', 'b', 'f/a'].map((one) => SecretPath.parse(one))
const path = fc.constantFrom(...paths)
const data = fc.nat({ max: 9 }).map((n) => SecretData.parse(`{"n":${n}}`))

const writing = fc
  .record({
    at: path,
    data,
    mode: fc.constantFrom('create', 'update', 'upsert'),
    cas: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
  })
  .map(({ at, cas, ...request }): Step => {
    const guard = cas === undefined ? {} : { cas: Cas.parse(cas) }
    return {
      ...{ name: `write ${at} ${JSON.stringify({ ...request, cas })}`, mount: secretMount },
      perform: (store) => store.write(at, { ...request, ...guard }),
    }
  })

const stating = fc
  .record({
    at: path,
    number: fc.nat({ max: 2 }),
    state: fc.constantFrom('deactivated', 'deleted', 'active'),
  })
  .map(({ at, number, state }): Step => {
    return {
      ...{ name: `${state} ${at} ${number + 1}`, mount: secretMount },
      perform: (store) => store.setState(at, [VersionNumber.parse(number + 1)], state),
    }
  })

const removing = path.map((at): Step => ({
  ...{ name: `remove ${at}`, mount: secretMount },
  perform: (store) => store.remove(at),
}))

const discarding = path.map((at): Step => ({
  ...{ name: `discard ${at}`, mount: secretMount },
  // What is in the bin has an id by chance.
  perform: async (store) => (await store.bin().discard({ path: at, kind: 'secret' })).length,
}))

const transferring = fc
  .record({ from: path, to: path, keepSource: fc.boolean() })
  .map((request): Step => ({
    ...{ name: `transfer ${JSON.stringify(request)}`, mount: secretMount },
    perform: (store) => store.transfer({ ...request, kind: 'secret' }),
  }))

const writingPlainly = fc.record({ at: path, data }).map((request): Step => ({
  ...{ name: `plain ${JSON.stringify(request)}`, mount: kvMount },
  perform: (store) => store.write(request.at, { mode: 'upsert', data: request.data }),
}))

const step = fc.oneof(
  { weight: 6, arbitrary: writing },
  { weight: 2, arbitrary: stating },
  ...[removing, discarding, transferring, writingPlainly],
)

/** Does a step under a line of its own. @returns its outcome */
async function outcomeOf(vault: LocalVault, { name, mount, perform }: Step): Promise<unknown> {
  const ticket: AuditTicket = vault.audit.open({ who: program, what: name, mount })
  try {
    const value = await perform(vault.storeOf(await mountOf(vault, mount), ticket))
    ticket.end(200)
    return value ?? 'done'
  } catch (error) {
    if (!(error instanceof CoffretError)) throw error
    ticket.end(error.code)
    return error.message
  }
}

async function mountOf(vault: LocalVault, name: typeof secretMount) {
  const found = (await vault.mounts.list()).find((one) => one.name === name)
  if (found === undefined) throw new Error('there is no such mount')
  return found
}

/** All that a vault holds, and what its log says, in any order: failures are noted after what was done. */
async function stateOf(vault: LocalVault): Promise<unknown> {
  const found = []
  for (const mount of [secretMount, kvMount]) {
    const store = vault.store(mount)
    for (const { path: at } of (await store.listAll()).items) {
      if (mount === kvMount) {
        found.push([mount, at, await store.readVersion(at)])
        continue
      }
      const metadata = await store.readMetadata(at)
      const versions = metadata.versions.map(({ version }) => store.readVersion(at, version))
      found.push([mount, at, metadata, await Promise.all(versions)])
    }
  }
  const binned = (await vault.store(secretMount).bin().list()).map((one) => one.path).sort()
  const lines = linesOf(vault).map(({ what, result, count }) => `${what} ${result} ${count}`)
  return { found, binned, lines: lines.sort(), log: vault.audit.check() }
}

test('what is asked for at once is as if it were asked for one after the other', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 2 }),
      async (turns) => {
        const { vault: sharing } = await newVault(undefined, { sharesTurns: true })
        const { vault: alone } = await newVault()
        for (const turn of turns) {
          const together = await Promise.all(turn.map((one) => outcomeOf(sharing, one)))
          const inTurn = []
          for (const one of turn) inTurn.push(await outcomeOf(alone, one))
          expect(together).toEqual(inTurn)
        }
        const lines = turns.flat().length
        const found = await stateOf(sharing)
        expect(found).toEqual(await stateOf(alone))
        expect(found).toMatchObject({ log: { lines, first: 1 } })
        for (const vault of [sharing, alone]) vault.close()
      },
    ),
    { numRuns: 20 },
  )
})
