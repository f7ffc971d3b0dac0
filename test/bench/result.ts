/** What a value is counted in. */
export type Unit = 'ms' | 's' | 'MB' | 'bytes' | 'times' | 'per s'

/** One line of the table. */
export interface Result {
  readonly measure: string
  readonly unit: Unit
  /** A median unless the measure says otherwise; absent when it was not measured. */
  readonly value?: number
  /** The goals on the value. */
  readonly atMost?: number
  readonly atLeast?: number
  /** The value against another of the same run, which `against` names. */
  readonly ratio?: number
  readonly against?: string
  /** The goals on the ratio. */
  readonly ratioAtMost?: number
  readonly ratioAtLeast?: number
  /** Why there is no value, or what people should know of it. */
  readonly note?: string
}

/** How a result compares with its goals. `none` has no goal. */
export type Verdict = 'met' | 'missed' | 'none' | 'not measured'

/** Judges a result by all of its goals. */
export function verdictOf(result: Result): Verdict {
  const { value, ratio, atMost, atLeast, ratioAtMost, ratioAtLeast } = result
  const wantsRatio = ratioAtMost !== undefined || ratioAtLeast !== undefined
  if (value === undefined || (wantsRatio && ratio === undefined)) return 'not measured'
  if (atMost === undefined && atLeast === undefined && !wantsRatio) return 'none'
  const isMet =
    value <= (atMost ?? Infinity) &&
    value >= (atLeast ?? 0) &&
    (ratio ?? 0) <= (ratioAtMost ?? Infinity) &&
    (ratio ?? Infinity) >= (ratioAtLeast ?? 0)
  return isMet ? 'met' : 'missed'
}

/** The results as a table for a terminal: measure, goal, measured, ratio, verdict. */
export function formatTable(results: readonly Result[]): string {
  const rows = [
    ['measure', 'goal', 'measured', 'ratio', 'verdict'],
    ...results.map((result) => [
      result.measure,
      goalOf(result),
      result.value === undefined ? '–' : quantity(result.value, result.unit),
      ratioOf(result),
      wordsOf(result),
    ]),
  ]
  const widths = rows.reduce<number[]>(
    (so, row) => row.map((cell, at) => Math.max(so[at] ?? 0, cell.length)),
    [],
  )
  const line = (row: string[]) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')
  const rule = widths.map((width) => '─'.repeat(width))
  return [rows[0] ?? [], rule, ...rows.slice(1)].map((row) => line(row).trimEnd()).join('\n')
}

/** A quantity as people read it: three digits that count. */
export function quantity(value: number, unit: Unit): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
  const number = value.toLocaleString('en', {
    minimumFractionDigits: 0,
    maximumFractionDigits: digits,
  })
  if (unit === 'per s') return `${number}/s`
  return unit === 'times' ? `${number} ×` : `${number} ${unit}`
}

function goalOf({ unit, atMost, atLeast, ratioAtMost, ratioAtLeast }: Result): string {
  return [
    atMost === undefined ? '' : `≤ ${quantity(atMost, unit)}`,
    atLeast === undefined ? '' : `≥ ${quantity(atLeast, unit)}`,
    ratioAtMost === undefined ? '' : `≤ ${quantity(ratioAtMost, 'times')}`,
    ratioAtLeast === undefined ? '' : `≥ ${quantity(ratioAtLeast, 'times')}`,
  ]
    .filter((goal) => goal !== '')
    .join(', ')
}

function ratioOf({ ratio, against }: Result): string {
  if (ratio === undefined) return ''
  const times = quantity(ratio, 'times')
  return against === undefined ? times : `${times} ${against}`
}

function wordsOf(result: Result): string {
  const verdict = verdictOf(result)
  const word = verdict === 'none' ? '' : verdict === 'missed' ? 'MISSED' : verdict
  return [word, result.note ?? ''].filter((text) => text !== '').join(': ')
}
