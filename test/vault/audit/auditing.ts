import type { AuditStart } from '../../../src-main/kv/audit-log'
import type { LocalVault } from '../../../src-main/vault/local-vault'

/** Somebody with a token. */
export const program = { kind: 'credential', type: 'token', id: 't-1', name: 'ci' } as const

/** Leaves the line of a read. */
export function read(vault: LocalVault, path: string, more: Partial<AuditStart> = {}): void {
  const start = { who: program, what: 'GET kv2.data.read', mount: 'secret', path, ...more }
  vault.audit.open(start).end(200)
}

/** The paths of all lines, the oldest first. */
export function pathsOf(vault: LocalVault): string[] {
  return linesOf(vault).map(({ path }) => path)
}

/** All lines, the oldest first. */
export function linesOf(vault: LocalVault) {
  const all = []
  let before: number | undefined
  do {
    const page = vault.audit.page({ limit: 1000, before })
    all.push(...page.lines)
    before = page.next
  } while (before !== undefined)
  return all.reverse()
}
