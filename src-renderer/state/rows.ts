import {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  parseJson,
  stringifyJson,
  type JsonObject,
  type JsonValue,
} from '../../src-main/contract/json'

/** What a row holds. `json`: a list or an object, edited as JSON text. */
export const rowTypes = ['text', 'number', 'boolean', 'null', 'json'] as const
export type RowType = (typeof rowTypes)[number]

/** One key of a secret as it is edited: whatever was typed, valid or not. */
export interface Row {
  /** Stays with the row while it moves; of no meaning outside the window. */
  readonly id: number
  readonly key: string
  readonly type: RowType
  /** The text itself, the number's own text, `true` or `false`, or JSON text. */
  readonly text: string
}

/** Why a row cannot be saved. */
export type RowProblem = 'empty-key' | 'duplicate-key' | 'not-a-number' | 'not-json'

/** Rows read as data: the object, or what is wrong with which row. */
export type RowsReading =
  | { readonly ok: true; readonly data: JsonObject }
  | { readonly ok: false; readonly problems: ReadonlyMap<number, RowProblem> }

/** Longer JSON is laid out over several lines. */
const shortJson = 60

const numberText = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** The rows of an object, in its order. Numbers keep their text; lists and objects become JSON. */
export function rowsOf(data: JsonObject, firstId = 0): Row[] {
  return Array.from(data, ([key, value], index) => ({ id: firstId + index, key, ...cellOf(value) }))
}

function cellOf(value: JsonValue): { type: RowType; text: string } {
  if (value === null) return { type: 'null', text: '' }
  if (typeof value === 'string') return { type: 'text', text: value }
  if (typeof value === 'boolean') return { type: 'boolean', text: String(value) }
  if (value instanceof JsonNumber) return { type: 'number', text: value.text }
  return { type: 'json', text: laidOut(value) }
}

/** JSON on one line while it is short. */
function laidOut(value: JsonValue): string {
  const line = stringifyJson(value)
  return line.length <= shortJson ? line : stringifyJson(value, 2)
}

/** A row in which nothing was typed: it says nothing, and nothing is wrong with it. */
export function isBlank({ key, type, text }: Row): boolean {
  return key === '' && type === 'text' && text === ''
}

/** The object that the rows say, when each of them says something. Blank rows are passed over. */
export function readRows(rows: readonly Row[]): RowsReading {
  const data = new Map<string, JsonValue>()
  const problems = new Map<number, RowProblem>()
  for (const row of rows.filter((one) => !isBlank(one))) {
    const value = valueOf(row)
    if (row.key === '') problems.set(row.id, 'empty-key')
    else if (data.has(row.key)) problems.set(row.id, 'duplicate-key')
    else if (value === undefined) {
      problems.set(row.id, row.type === 'number' ? 'not-a-number' : 'not-json')
    }
    data.set(row.key, value ?? null)
  }
  return problems.size === 0 ? { ok: true, data } : { ok: false, problems }
}

function valueOf({ type, text }: Row): JsonValue | undefined {
  switch (type) {
    case 'text':
      return text
    case 'number':
      return numberText.test(text.trim()) ? new JsonNumber(text.trim()) : undefined
    case 'boolean':
      return text === 'true'
    case 'null':
      return null
    case 'json':
      return parsed(text)
  }
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

/** A row turned into another type, keeping of its text what that type can hold. */
export function withType(row: Row, type: RowType): Row {
  if (type === row.type) return row
  switch (type) {
    case 'text':
    case 'number':
      return { ...row, type, text: row.type === 'json' ? compact(row.text) : row.text }
    case 'boolean':
      return { ...row, type, text: row.text === 'true' ? 'true' : 'false' }
    case 'null':
      return { ...row, type, text: '' }
    case 'json':
      return { ...row, type, text: asJson(row) }
  }
}

/** A JSON string that holds JSON is what people turn into JSON; any other text becomes a JSON string. */
function asJson(row: Row): string {
  const inner = row.type === 'text' ? parsed(row.text) : undefined
  if (inner !== undefined && (isJsonArray(inner) || isJsonObject(inner))) {
    return laidOut(inner)
  }
  const value = valueOf(row)
  return stringifyJson(value === undefined ? row.text : value)
}

function compact(text: string): string {
  const value = parsed(text)
  if (value === undefined) return text
  return typeof value === 'string' ? value : stringifyJson(value)
}
