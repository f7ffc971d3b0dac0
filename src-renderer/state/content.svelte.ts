import { stringifyJson, type JsonObject } from '../../src-main/contract/json'
import { readJson, type JsonProblem } from './json-problem'
import { readRows, rowsOf, withType, type Row, type RowProblem, type RowType } from './rows'
import { sizeOf } from './size'

/** How the content is edited. */
export type ContentMode = 'rows' | 'json'

/** Content that cannot be saved yet: which rows, or which place of the text. */
export type ContentReading =
  | { readonly ok: true; readonly data: JsonObject }
  | { readonly ok: false; readonly problems: ReadonlyMap<number, RowProblem> }
  | { readonly ok: false; readonly problem: JsonProblem }

/** The data of a secret while it is edited, as rows or as JSON; switching loses nothing. */
export class Content {
  mode = $state<ContentMode>('rows')
  rows = $state.raw<readonly Row[]>([])
  json = $state('')
  #lastId = 0

  constructor(data: JsonObject) {
    this.setData(data)
  }

  readonly reading: ContentReading = $derived(
    this.mode === 'rows' ? readRows(this.rows) : readJson(this.json),
  )

  /** Compact JSON; while the content is not valid, the text as it stands. */
  readonly text = $derived(this.reading.ok ? stringifyJson(this.reading.data) : this.json)

  readonly size = $derived(sizeOf(this.text))

  setData(data: JsonObject): void {
    this.rows = rowsOf(data, this.#lastId + 1)
    this.#lastId += data.size
    this.json = stringifyJson(data, 2)
  }

  /** @returns false, and stays, when the content cannot be read */
  switchTo(mode: ContentMode): boolean {
    if (mode === this.mode) return true
    const { reading } = this
    if (!reading.ok) return false
    this.setData(reading.data)
    this.mode = mode
    return true
  }

  /** JSON laid out again. */
  format(): void {
    if (this.reading.ok) this.json = stringifyJson(this.reading.data, 2)
  }

  addRow(): number {
    const id = ++this.#lastId
    this.rows = [...this.rows, { id, key: '', type: 'text', text: '' }]
    return id
  }

  removeRow(id: number): void {
    this.rows = this.rows.filter((row) => row.id !== id)
  }

  changeRow(id: number, change: Partial<Pick<Row, 'key' | 'text'>>): void {
    this.rows = this.rows.map((row) => (row.id === id ? { ...row, ...change } : row))
  }

  changeType(id: number, type: RowType): void {
    this.rows = this.rows.map((row) => (row.id === id ? withType(row, type) : row))
  }

  /** Rows as typed, for a draft: they may be of no JSON yet. */
  rowsText(): string {
    return JSON.stringify(this.rows.map(({ key, type, text }) => [key, type, text]))
  }

  /** Rows from a draft. */
  setRows(text: string): void {
    const list: unknown = JSON.parse(text)
    if (!Array.isArray(list)) return
    this.rows = (list as unknown[]).flatMap((one) =>
      Array.isArray(one)
        ? [
            {
              id: ++this.#lastId,
              key: String(one[0]),
              type: typeNamed(one[1]),
              text: String(one[2]),
            },
          ]
        : [],
    )
    this.mode = 'rows'
  }
}

function typeNamed(name: unknown): RowType {
  return name === 'number' || name === 'boolean' || name === 'null' || name === 'json'
    ? name
    : 'text'
}
