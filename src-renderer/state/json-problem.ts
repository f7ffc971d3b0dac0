import { CoffretError } from '../../src-main/contract/errors'
import { isJsonObject, parseJson, type JsonObject } from '../../src-main/contract/json'

/** What is wrong with JSON text: the parser's own closed list, and that a secret is an object. */
export const jsonFaults = {
  'nothing may follow the value': 'follows',
  'a value is expected': 'value',
  'a key in double quotes is expected': 'key',
  'this object has two keys of the same name': 'duplicate',
  '":" is expected': 'colon',
  '"," or "}" is expected': 'object-end',
  '"," or "]" is expected': 'array-end',
  'this text has no end or an invalid character': 'text',
  'not an object': 'object',
  'an empty key': 'empty-key',
} as const
export type JsonFault = (typeof jsonFaults)[keyof typeof jsonFaults] | 'other'

/** Where and what; line and column begin at 1. */
export interface JsonProblem {
  readonly line: number
  readonly column: number
  readonly fault: JsonFault
}

/** JSON text read as the data of a secret. */
export type JsonReading =
  | { readonly ok: true; readonly data: JsonObject }
  | { readonly ok: false; readonly problem: JsonProblem }

/** Reads the text of the JSON editor. */
export function readJson(text: string): JsonReading {
  try {
    const value = parseJson(text)
    if (!isJsonObject(value)) return failed(1, 1, 'object')
    return value.has('') ? failed(1, 1, 'empty-key') : { ok: true, data: value }
  } catch (error) {
    return { ok: false, problem: problemOf(error) }
  }
}

function problemOf(error: unknown): JsonProblem {
  const message = error instanceof CoffretError ? error.message : ''
  const [, line, column, what] = /^json line (\d+) column (\d+): (.*)$/.exec(message) ?? []
  const fault = Object.entries(jsonFaults).find(([text]) => text === what)?.[1] ?? 'other'
  return { line: Number(line ?? 1), column: Number(column ?? 1), fault }
}

function failed(line: number, column: number, fault: JsonFault): JsonReading {
  return { ok: false, problem: { line, column, fault } }
}

/** The offset in a text of a line and column. */
export function offsetAt(text: string, { line, column }: JsonProblem): number {
  const before = text.split('\n').slice(0, line - 1)
  const start = before.reduce((sum, one) => sum + one.length + 1, 0)
  return Math.min(start + column - 1, text.length)
}
