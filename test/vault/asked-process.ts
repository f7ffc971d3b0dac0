import { createInterface } from 'node:readline'
import { isFailureCode } from '../../src-main/contract/errors'
import { MountName, SecretData, SecretPath } from '../../src-main/contract/model'
import { systemClock, systemRandom } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'

/**
 * A program that opens a vault and then does one thing for each line that it is asked. It answers each
 * with a line of JSON; a failure is an answer. Arguments: file, recovery words.
 */
const [file = '', words = ''] = process.argv.slice(2)

/** What it is asked: to write a secret that holds a number, to tell the number, or to keep a line of the audit log. */
export interface Question {
  readonly write?: { readonly path: string; readonly n: number; readonly bytes: number }
  readonly read?: string
  readonly note?: string
}

/** What it answers. */
export interface Answer {
  readonly n?: number
  readonly code?: string
  readonly message?: string
}

const vault = LocalVault.open({
  file,
  clock: systemClock,
  random: systemRandom,
  busyTimeoutMs: 200,
})
await vault.unlockWithRecoveryWords(words)
const store = vault.store(MountName.parse('secret'))
say({})
for await (const line of createInterface(process.stdin)) {
  try {
    say(await answer(JSON.parse(line) as Question))
  } catch (error) {
    const { code, message } = error as Error & { code?: unknown }
    // Whatever else it is, it is not an answer of the engine.
    say({ code: isFailureCode(code) ? code : 'thrown', message })
  }
}
vault.close()

async function answer({ write, read, note }: Question): Promise<Answer> {
  if (write !== undefined) {
    const { path, n, bytes } = write
    const data = SecretData.parse(JSON.stringify({ n, filler: 'x'.repeat(bytes) }))
    await store.write(SecretPath.parse(path), { mode: 'upsert', data })
    return { n }
  }
  if (note !== undefined) {
    vault.audit.open({ who: { kind: 'nobody' }, what: note }).end('ok')
    vault.audit.flush()
    return { n: vault.audit.check().lines }
  }
  const { data } = await store.readVersion(SecretPath.parse(read ?? ''))
  return { n: (JSON.parse(data ?? '{}') as { n: number }).n }
}

function say(what: Answer): void {
  process.stdout.write(`${JSON.stringify(what)}\n`)
}
