import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { WorkId } from '../../../src-main/contract/compare-calls'
import { CopyOrder } from '../../../src-main/contract/copy-calls'
import { DomainProfile } from '../../../src-main/contract/domain'
import { MountName } from '../../../src-main/contract/model'
import { systemClock as clock, systemRandom as random } from '../../../src-main/env'
import { RemoteDomain } from '../../../src-main/remote/remote-domain'
import { systemTimers } from '../../../src-main/shell/timers'
import { Copies } from '../../../src-main/stores/copy/copies'
import { LocalVault } from '../../../src-main/vault/local-vault'

/** What the program is told on its standard input. */
export const CopyTask = z.object({
  file: z.string(),
  words: z.string(),
  profile: DomainProfile,
  client: z.object({ certificate: z.string(), privateKey: z.string() }),
  work: WorkId,
  order: CopyOrder,
})

/**
 * A program that copies between a vault and a domain, or goes on with what was begun there. It says a line for
 * each secret that is done, and its report at the end.
 */
const task = CopyTask.parse(JSON.parse(await text(process.stdin)))
const vault = LocalVault.open({ file: task.file, clock, random })
await vault.unlockWithRecoveryWords(task.words)
const mount = MountName.parse('secret')
const secret = { kind: 'certificate', ...task.client } as const
const domain = new RemoteDomain(task.profile, secret, { clock, random, after: systemTimers.after })
const [local, remote] = [vault.store(mount), domain.store({ name: mount, version: 2 })]
const copies = new Copies({
  clock,
  store: (id) => (id === local.id ? local : remote),
  shelf: () => vault.copies,
  unlocked: () => [vault.id],
  snapshots: { writable: () => local, finished: () => undefined },
})
const { work, order } = task
const onProgress = () => void process.stdout.write('.\n')
const [begun] = await copies.pending()
if (begun === undefined) await copies.plan(work, { order, readsValues: false })
const report =
  begun === undefined
    ? await copies.run(work, { onProgress })
    : await copies.resume(vault.id, begun.work, { onProgress })
process.stdout.write(`${JSON.stringify(report)}\n`)
domain.close()
vault.close()
