import { CoffretError } from './errors'

/**
 * JSON that keeps what `JSON.parse` loses: number text (`1.0`, integers beyond 2^53), key order (also
 * of keys that look like array indexes) and a key named `__proto__`. Objects are Maps.
 * Source: RFC 8259; the grammar accepted is that of `JSON.parse`.
 */
export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | JsonObject

/** An object: keys in the order of the text. */
export type JsonObject = ReadonlyMap<string, JsonValue>

/** A number, as its own text. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

/** How {@link parseJson} treats its input. */
export interface ParseOptions {
  /** How many arrays and objects may lie in each other; 128 unless told. */
  readonly maxDepth?: number
  /** `refuse` (default) throws at a key that an object has already; `last` lets the later one win. */
  readonly duplicateKeys?: 'refuse' | 'last'
}

/** Nesting that {@link parseJson} accepts unless told otherwise. */
export const defaultMaxDepth = 128

/** Whether a value is an object. */
export function isJsonObject(value: JsonValue): value is JsonObject {
  return value instanceof Map
}

/** Whether a value is an array. */
export function isJsonArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const stringPattern = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const spacePattern = /[ \t\n\r]*/y
const needsParsing = /[\\\u0000-\u001f]/
/** The last of the characters that may be space. */
const space = 0x20

/**
 * Parses JSON text without loss.
 * @throws CoffretError `invalid` with line and column, never with a piece of the text
 */
export function parseJson(text: string, options: ParseOptions = {}): JsonValue {
  return new Parser(text, options).document()
}

/** Compact JSON text of a value; `parseJson(stringifyJson(v))` equals `v`. */
export function stringifyJson(value: JsonValue, indent = 0): string {
  return write(value, indent, 0)
}

function write(value: JsonValue, indent: number, level: number): string {
  if (value instanceof JsonNumber) return value.text
  if (isJsonArray(value)) {
    return block(
      '[',
      ']',
      value.map((item) => write(item, indent, level + 1)),
      indent,
      level,
    )
  }
  if (isJsonObject(value)) {
    const colon = indent > 0 ? ': ' : ':'
    const entries = Array.from(
      value,
      ([key, item]) => JSON.stringify(key) + colon + write(item, indent, level + 1),
    )
    return block('{', '}', entries, indent, level)
  }
  return JSON.stringify(value)
}

function block(
  open: string,
  close: string,
  parts: string[],
  indent: number,
  level: number,
): string {
  if (parts.length === 0) return open + close
  if (indent === 0) return open + parts.join(',') + close
  const inner = '\n' + ' '.repeat(indent * (level + 1))
  return open + inner + parts.join(',' + inner) + '\n' + ' '.repeat(indent * level) + close
}

class Parser {
  private at = 0
  private readonly maxDepth: number
  private readonly duplicateKeys: 'refuse' | 'last'

  constructor(
    private readonly text: string,
    options: ParseOptions,
  ) {
    this.maxDepth = options.maxDepth ?? defaultMaxDepth
    this.duplicateKeys = options.duplicateKeys ?? 'refuse'
  }

  document(): JsonValue {
    const value = this.value(0)
    this.space()
    if (this.at < this.text.length) this.fail('nothing may follow the value')
    return value
  }

  private value(depth: number): JsonValue {
    this.space()
    switch (this.text[this.at]) {
      case '{':
        return this.object(depth + 1)
      case '[':
        return this.array(depth + 1)
      case '"':
        return this.string()
      case 't':
        return this.word('true', true)
      case 'f':
        return this.word('false', false)
      case 'n':
        return this.word('null', null)
      default:
        return new JsonNumber(this.match(numberPattern) ?? this.fail('a value is expected'))
    }
  }

  private object(depth: number): JsonObject {
    this.enter(depth)
    const entries = new Map<string, JsonValue>()
    if (this.taken('}')) return entries
    do {
      this.space()
      if (this.text[this.at] !== '"') this.fail('a key in double quotes is expected')
      const key = this.string()
      if (this.duplicateKeys === 'refuse' && entries.has(key))
        this.fail('this object has two keys of the same name')
      if (!this.taken(':')) this.fail('":" is expected')
      // Deleting first keeps the order of the key that wins.
      entries.delete(key)
      entries.set(key, this.value(depth))
    } while (this.taken(','))
    if (!this.taken('}')) this.fail('"," or "}" is expected')
    return entries
  }

  private array(depth: number): JsonValue[] {
    this.enter(depth)
    const items: JsonValue[] = []
    if (this.taken(']')) return items
    do items.push(this.value(depth))
    while (this.taken(','))
    if (!this.taken(']')) this.fail('"," or "]" is expected')
    return items
  }

  private string(): string {
    // Most strings are as they are written.
    const end = this.text.indexOf('"', this.at + 1)
    const plain = this.text.slice(this.at + 1, Math.max(end, this.at + 1))
    if (end >= 0 && !needsParsing.test(plain)) {
      this.at = end + 1
      return plain
    }
    const literal =
      this.match(stringPattern) ?? this.fail('this text has no end or an invalid character')
    return JSON.parse(literal) as string
  }

  private word<T extends JsonValue>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.fail('a value is expected')
    this.at += word.length
    return value
  }

  private enter(depth: number): void {
    // A bound on recursion: hostile text of 10,000 brackets must not exhaust the stack.
    if (depth > this.maxDepth) this.fail(`more than ${this.maxDepth} levels`)
    this.at += 1
  }

  private taken(sign: string): boolean {
    this.space()
    if (this.text[this.at] !== sign) return false
    this.at += 1
    return true
  }

  private space(): void {
    // Compact text has none; behind the end is NaN.
    if (this.text.charCodeAt(this.at) <= space) this.match(spacePattern)
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found !== undefined) this.at += found.length
    return found
  }

  private fail(problem: string): never {
    const before = this.text.slice(0, this.at).split('\n')
    const column = (before.at(-1)?.length ?? 0) + 1
    throw new CoffretError('invalid', `json line ${before.length} column ${column}: ${problem}`)
  }
}
