import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson, stringifyJson, type JsonObject } from '../../src-main/contract/json'
import { Content } from '../../src-renderer/state/content.svelte'
import { anyData } from './arbitrary-json'

const contentOf = (text: string) => new Content(parseJson(text) as JsonObject)

describe('switching', () => {
  test('loses nothing, however often', () => {
    fc.assert(
      fc.property(anyData, (data) => {
        const content = new Content(data)
        for (const mode of ['json', 'rows', 'json', 'rows'] as const) {
          expect(content.switchTo(mode)).toBe(true)
          expect(content.text).toBe(stringifyJson(data))
        }
      }),
    )
  })

  test('takes along what was typed on the other side', () => {
    const content = contentOf('{"a":"1"}')
    content.switchTo('json')
    content.json = '{"b": 1.0}'
    content.switchTo('rows')
    expect(content.rows).toMatchObject([{ key: 'b', type: 'number', text: '1.0' }])
  })

  test('stays while the content cannot be read', () => {
    const content = contentOf('{"a":"1"}')
    content.changeRow(content.addRow(), { text: 'of no key' })
    expect(content.switchTo('json')).toBe(false)
    expect(content.mode).toBe('rows')

    const other = contentOf('{}')
    other.switchTo('json')
    other.json = '{'
    expect(other.switchTo('rows')).toBe(false)
    expect(other.json).toBe('{')
  })

  test('drops rows in which nothing was typed', () => {
    const content = contentOf('{"a":"1"}')
    content.addRow()
    expect(content.switchTo('json')).toBe(true)
    expect(content.text).toBe('{"a":"1"}')
  })
})

describe('rows', () => {
  test('are added, changed and removed by id', () => {
    const content = contentOf('{"a":"1","b":"2"}')
    const id = content.addRow()
    expect(new Set(content.rows.map((row) => row.id)).size).toBe(3)
    content.changeRow(id, { key: 'c', text: '3' })
    content.changeType(id, 'number')
    content.removeRow(content.rows[0]?.id ?? 0)
    expect(content.text).toBe('{"b":"2","c":3}')
  })

  test('keep their ids apart after a switch', () => {
    const content = contentOf('{"a":"1"}')
    content.switchTo('json')
    content.switchTo('rows')
    content.addRow()
    expect(new Set(content.rows.map((row) => row.id)).size).toBe(2)
  })

  test('come back from a draft as typed, valid or not', () => {
    const content = contentOf('{"a":"1"}')
    content.changeType(content.addRow(), 'number')
    const other = contentOf('{}')
    other.setRows(content.rowsText())
    expect(other.rowsText()).toBe(content.rowsText())
  })

  test('of a draft that is none change nothing', () => {
    const content = contentOf('{"a":"1"}')
    content.setRows('{}')
    expect(content.text).toBe('{"a":"1"}')
  })
})

test('JSON is laid out on request, and left alone while it is wrong', () => {
  const content = contentOf('{}')
  content.switchTo('json')
  content.json = '{"a":[1.0]}'
  content.format()
  expect(content.json).toBe('{\n  "a": [\n    1.0\n  ]\n}')
  content.json = '{"a"'
  content.format()
  expect(content.json).toBe('{"a"')
})

test('the size is that of compact JSON, however it is laid out', () => {
  const content = contentOf('{"a":"é"}')
  expect(content.size.bytes).toBe(10)
  content.switchTo('json')
  expect(content.json).toContain('\n')
  expect(content.size.bytes).toBe(10)
})
