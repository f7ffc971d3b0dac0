import { MountName, SecretData, SecretPath } from '../../src-main/contract/model'
import { systemClock, systemRandom } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'

/**
 * A program that leaves lines: of reads, flushed one by one, and of writes, in turn. It begins when its input
 * ends. Arguments: file, recovery words, path, first number, count.
 */
const [file = '', words = '', path = '', first = '1', count = '0'] = process.argv.slice(2)
for await (const chunk of process.stdin) void chunk
const vault = LocalVault.open({ file, clock: systemClock, random: systemRandom })
await vault.unlockWithRecoveryWords(words)
const mount = MountName.parse('secret')
for (let n = Number(first); n < Number(first) + Number(count); n += 1) {
  const at = { who: { kind: 'window' }, mount: 'secret', path: `${path}/${n}` } as const
  vault.audit.open({ ...at, what: 'read' }).end('ok')
  vault.audit.flush(true)
  const ticket = vault.audit.open({ ...at, what: 'write' })
  const request = { mode: 'upsert', data: SecretData.parse(`{"n":${n}}`) } as const
  const { version } = await vault.store(mount, ticket).write(SecretPath.parse(path), request)
  ticket.end('ok')
  process.stdout.write(`${n} ${version?.version} .\n`)
}
vault.close()
