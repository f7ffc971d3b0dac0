import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DomainProfile } from '../../src-main/contract/domain'
import { systemClock as clock, systemRandom as random } from '../../src-main/env'
import { RemoteDomain } from '../../src-main/remote/remote-domain'
import { systemTimers } from '../../src-main/shell/timers'
import type { Served } from './server-program'
import type { KeptVault } from './workplace'

/** The ways in which a server is spoken to, and what they are called. */
export const ways = { 'okms-rest': 'OKMS REST', vault: 'Vault KV2' } as const
export type Way = keyof typeof ways

/**
 * Serves a vault in a process of its own, with a client of it that shares this machine's cores with it.
 * @param programs where the built programs lie
 */
export async function startServer(
  programs: string,
  { file, words }: KeptVault,
): Promise<{ readonly served: Served; stop(): void }> {
  const program = join(programs, 'server-program.cjs')
  const child = spawn(process.execPath, [program, file], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(words)
  const ended = once(child, 'exit').then(() => [undefined])
  const line = once(createInterface(child.stdout), 'line')
  const [said] = (await Promise.race([line, ended])) as [string | undefined]
  if (said === undefined) throw new Error('bench: the server ended')
  return { served: JSON.parse(said) as Served, stop: () => void child.kill('SIGKILL') }
}

/** A served vault, as a client has it that has not asked for anything yet. */
export function domainOf(way: Way, served: Served): RemoteDomain {
  const { address, authority, okmsId, certificate, privateKey } = served
  const profile = DomainProfile.parse({
    ...{ id: randomUUID(), label: 'bench', address, auth: 'certificate', kind: way },
    authorities: { kind: 'own', pem: authority, withPublic: false },
    ...(way === 'vault' ? {} : { okmsId }),
  })
  const secret = { kind: 'certificate', certificate, privateKey } as const
  return new RemoteDomain(profile, secret, { clock, random, after: systemTimers.after })
}
