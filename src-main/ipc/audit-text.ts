import { outcomeOf, type AuditLine } from '../contract/audit-line'

/** A form in which lines of the audit log are written out. */
export type AuditFormat = 'jsonl' | 'csv'

/** The text that a file of lines begins with. */
export function auditHead(format: AuditFormat): string {
  return format === 'csv' ? `${columns.map(([name]) => name).join(',')}\r\n` : ''
}

/** One line, with its line end. Times are as RFC 3339 has them. */
export function auditText(format: AuditFormat, line: AuditLine): string {
  if (format === 'csv') return `${columns.map(([, of]) => csvCell(of(line))).join(',')}\r\n`
  return `${JSON.stringify({ ...line, at: timeOf(line), outcome: outcomeOf(line.result) })}\n`
}

type Column = readonly [name: string, of: (line: AuditLine) => string]

const columns: readonly Column[] = [
  ['number', ({ number }) => String(number)],
  ['at', timeOf],
  ['who', ({ who }) => (who.kind === 'credential' ? who.type : who.kind)],
  ['name', ({ who }) => (who.kind === 'credential' ? who.name : '')],
  ['id', ({ who }) => (who.kind === 'credential' ? who.id : '')],
  ['address', ({ peer }) => peer?.address ?? ''],
  ['uid', ({ peer }) => String(peer?.uid ?? '')],
  ['pid', ({ peer }) => String(peer?.pid ?? '')],
  ['what', ({ what }) => what],
  ['mount', ({ mount }) => mount],
  ['path', ({ path }) => path],
  ['outcome', ({ result }) => outcomeOf(result)],
  ['result', ({ result }) => String(result)],
  ['count', ({ count }) => String(count)],
  ['source', ({ source }) => source ?? ''],
]

function timeOf({ at }: AuditLine): string {
  return new Date(at).toISOString()
}

/**
 * A cell of CSV. What a spreadsheet would take for a formula gets a leading apostrophe: paths and names are
 * chosen by others. Source: RFC 4180; OWASP, CSV injection.
 */
function csvCell(text: string): string {
  const tame = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n']/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame
}
