import type { Difference } from './normal-form'

/** A difference between Coffret and OpenBao that is meant to be. */
export interface AcceptedDifference {
  /** One line: what is different. */
  readonly what: string
  /** Why Coffret does not answer as OpenBao does. */
  readonly why: string
  /** `script › step`; `every`: wherever the part occurs. Each of them must show the difference. */
  readonly steps: readonly string[] | 'every'
  /** Where in the reply, with all that lies below: `body.data.keys`; empty for the reply as a whole. */
  readonly part: string
  /** What the two answer at that very part, as JSON, or `absent`. */
  readonly values?: readonly [coffret: string, openBao: string]
  /** Where the whole reply differs, its statuses; equal when left out. */
  readonly statuses?: readonly [coffret: number, openBao: number]
}

/** The steps of one script, for the table. */
export function stepsOf(script: string, ...names: readonly string[]): readonly string[] {
  return names.map((name) => `${script} › ${name}`)
}

/** What is wrong with one step: differences that nobody accepted, and accepted ones that do not occur. */
export function problemsOf(
  step: string,
  found: readonly Difference[],
  table: readonly AcceptedDifference[],
): { readonly unexpected: readonly Difference[]; readonly gone: readonly string[] } {
  const named = table.filter(({ steps }) => steps !== 'every' && steps.includes(step))
  const rows = [...named, ...table.filter(({ steps }) => steps === 'every')]
  return {
    unexpected: found.filter((one) => !rows.some((row) => accepts(row, one))),
    gone: named
      .filter((row) => !found.some((one) => accepts(row, one)) || !hasStatuses(row, found))
      .map(({ what }) => what),
  }
}

/** Whether a row of the table is about a difference. */
export function accepts(row: AcceptedDifference, { part, coffret, openBao }: Difference): boolean {
  const isBelow = row.part === '' || part === row.part || part.startsWith(`${row.part}.`)
  if (!isBelow) return false
  if (part === 'status') return isStatuses(row, coffret, openBao)
  return row.values === undefined || (row.values[0] === coffret && row.values[1] === openBao)
}

function isStatuses({ statuses }: AcceptedDifference, coffret: string, openBao: string): boolean {
  // As the normal form has them: in quotes.
  return coffret === `"${statuses?.[0]}"` && openBao === `"${statuses?.[1]}"`
}

function hasStatuses({ statuses }: AcceptedDifference, found: readonly Difference[]): boolean {
  return statuses === undefined || found.some(({ part }) => part === 'status')
}
