import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import type { z } from 'zod'
import { DomainProfile } from '../../../src-main/contract/domain'
import { VersionNumber } from '../../../src-main/contract/model'
import { systemClock, systemRandom } from '../../../src-main/env'
import type { SecretStore } from '../../../src-main/kv/secret-store'
import { RemoteDomain } from '../../../src-main/remote/remote-domain'
import { systemTimers } from '../../../src-main/shell/timers'
import type { LocalVault } from '../../../src-main/vault/local-vault'
import { ApiUnderTest } from '../../http/api-under-test'
import { certificateOrToken, listenTls } from '../../support/mtls-listener'
import { TestAuthority } from '../../support/tls-identities'
import { randomNumbers, seed, times } from '../../support/torture'
import { childProgram } from '../../vault/child-program'
import { newVault, secretMount } from '../../vault/new-vault'
import { contents, newWork, orderOf, path, put } from './copy-stores'
import type { CopyTask } from './copying-process'

const program = childProgram('copying-process', 'test/stores/copy')

/** Secrets of a copy; every fifth has two versions. */
const count = 20

const rounds = times(2, 100)

/** A domain that outlives those who copy to it. */
async function newDomain(kind: 'okms-rest' | 'vault') {
  const api = await ApiUnderTest.create(certificateOrToken)
  const authority = await TestAuthority.create(api.vault.id)
  const listener = await listenTls(await authority.server(), (request, context) =>
    api.api.answer(request, context),
  )
  const profile = DomainProfile.parse({
    ...{ id: api.vault.id, label: 'test', address: listener.address, auth: 'certificate', kind },
    authorities: { kind: 'own', pem: authority.pem, withPublic: false },
    ...(kind === 'vault' ? {} : { okmsId: api.vault.id }),
  })
  const client = await authority.client()
  const environment = { clock: systemClock, random: systemRandom, after: systemTimers.after }
  const domain = new RemoteDomain(profile, { kind: 'certificate', ...client }, environment)
  onTestFinished(async () => {
    domain.close()
    await listener.close()
    api.close()
  })
  return { profile, client, store: domain.store({ name: secretMount, version: 2 }) }
}

/** Runs the program. @param kill after how many secrets, and microseconds later, it is killed */
async function copying(
  task: z.input<typeof CopyTask>,
  kill?: { readonly done: number; readonly later: number },
): Promise<{ readonly wasKilled: boolean; readonly said: string }> {
  const child = spawn(process.execPath, [program()], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(task))
  let [said, done] = ['', 0]
  createInterface(child.stdout).on('line', (line) => {
    said = line
    done += 1
    if (done !== kill?.done) return
    const end = performance.now() + kill.later / 1000
    while (performance.now() < end);
    child.kill('SIGKILL')
  })
  const [, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { wasKilled: signal === 'SIGKILL', said }
}

async function versionsOf(store: SecretStore, at: string) {
  const { currentVersion } = await store.readMetadata(path(at))
  const numbers = Array.from({ length: currentVersion }, (_, n) => VersionNumber.parse(n + 1))
  const found = numbers.map((number) => store.readVersion(path(at), number))
  return (await Promise.all(found)).map(({ data }) => data)
}

test.each(['okms-rest', 'vault'] as const)(
  `killed by the system at a random moment, a copy to %s and back is gone on with (seed ${seed})`,
  async (kind) => {
    const random = randomNumbers(seed)
    const { vault, file, recoveryWords, open } = await newVault()
    const remote = await newDomain(kind)
    const words = recoveryWords.join(' ')
    const task = { file, words, profile: remote.profile, client: remote.client }
    vault.close()
    let killed = 0
    for (let round = 0; round < rounds; round += 1) {
      const isUp = round % 2 === 0
      const move = isUp === (kind === 'vault') || round % 4 > 1
      const at = `round${round}`
      const all = Array.from({ length: count }, (_, n) => `${at}/f${n % 3}/n${n}`)
      const fill = async (from: SecretStore) => {
        for (const [n, one] of all.entries()) {
          if (n % 5 === 0) await put(from, one, `{"old":${n}}`)
          await put(from, one, `{"n":${n}}`)
        }
      }
      const opened = open()
      await opened.unlockWithRecoveryWords(words)
      const local = opened.store(secretMount)
      const [from, to] = isUp ? [local, remote.store] : [remote.store, local]
      await fill(from)
      const policy = { versions: 'all', move, acceptLoss: true } as const
      const order = orderOf(from, to, policy, { from: at, to: `${at}/there` })
      opened.close()
      const work = newWork()
      for (let time = 0; time < 2; time += 1) {
        const kill = { done: 1 + random(count / 2 - 1), later: random(8000) }
        if ((await copying({ ...task, work, order }, kill)).wasKilled) killed += 1
        else break
      }
      const { pending, there } = await leftBehind(open, words, (vault) =>
        contents(isUp ? remote.store : vault.store(secretMount), `${at}/there`),
      )
      if (pending !== undefined) {
        // What the window tells of it is never less or more than there may be.
        expect(there).toBeGreaterThanOrEqual(pending.done)
        expect(there).toBeLessThanOrEqual(pending.done + pending.announced)
        const { said } = await copying({ ...task, work, order })
        expect(JSON.parse(said).counts).toMatchObject({ failed: 0, changed: 0 })
      }
      const after = open()
      await after.unlockWithRecoveryWords(words)
      const ends = isUp
        ? [after.store(secretMount), remote.store]
        : [remote.store, after.store(secretMount)]
      const [source, target] = ends as [SecretStore, SecretStore]
      expect(await after.copies.list()).toEqual([])
      expect(Object.keys(await contents(source, at)).sort()).toEqual(move ? [] : [...all].sort())
      expect(Object.keys(await contents(target, `${at}/there`))).toHaveLength(count)
      for (const [n, one] of all.entries()) {
        const found = await versionsOf(target, one.replace(at, `${at}/there`))
        expect(found).toEqual([...(n % 5 === 0 ? [`{"old":${n}}`] : []), `{"n":${n}}`])
      }
      after.close()
    }
    // Under load one may be at its end before it is.
    expect(killed).toBeGreaterThan(0)
  },
)

/** The journal of the copy that was killed, and how many secrets are at its target. */
async function leftBehind(
  open: Awaited<ReturnType<typeof newVault>>['open'],
  words: string,
  read: (vault: LocalVault) => Promise<object>,
) {
  const vault = open()
  await vault.unlockWithRecoveryWords(words)
  const [pending] = await vault.copies.list()
  const there = Object.keys(await read(vault)).length
  vault.close()
  return { pending, there }
}
