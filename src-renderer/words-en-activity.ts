import type { AuditOutcome } from '../src-main/contract/audit-line'
import { counted } from './words-format'

const count = counted('en')
const lines = (n: number) => count(n, { one: 'line', other: 'lines' })

/** What is said of the audit log. */
export const enActivity = {
  activity: {
    title: 'Activity',
    lead: 'Who did what in this vault, and when: this window, and every program that came through the local API. Never a value. Kept sealed in the vault, 90 days or 50,000 lines.',
    table: 'Activity',
    filters: 'Filters',
    when: 'When',
    who: 'Who',
    what: 'What',
    where: 'Where',
    result: 'Result',
    everyone: 'Everyone',
    window: 'This window',
    nobody: 'Without a credential',
    program: 'A program of this computer',
    peer: (address: string, uid: number | undefined) =>
      uid === undefined ? address : `${address}, user ${uid}`,
    process: (pid: number) => `process ${pid}`,
    outcomes: { ok: 'Done', refused: 'Refused', failed: 'Failed' } satisfies Record<
      AuditOutcome,
      string
    >,
    anyOutcome: 'All results',
    from: (path: string) => `from ${path}`,
    path: 'Path begins with',
    times: (n: number) => `× ${n}`,
    timesHint: (n: number) => `This line stands for ${n} calls`,
    emptyTitle: 'Nothing yet',
    empty: 'What this window and programs do appears here at once.',
    noneTitle: 'Nothing fits',
    none: 'No line of the log fits these filters.',
    clear: 'Clear filters',
    more: 'Show older lines',
    live: 'Live',
    liveHint: 'New lines appear by themselves',
    verify: 'Verify the log',
    whole: (n: number, first: number) =>
      first === 1
        ? `Nothing was removed or changed: ${lines(n)}.`
        : `Nothing was removed or changed: ${lines(n)}, the oldest is number ${first}.`,
    broken: (at: number) =>
      `At line ${at} something was removed, replaced or moved by another program. What follows it was written later and is intact.`,
    export: 'Export…',
    exportCsv: 'As CSV, for a spreadsheet',
    exportJson: 'As JSON Lines, for programs',
    exportName: (vault: string) => `${vault} activity`,
    exported: (n: number) => `${lines(n)} written.`,
  },
}
