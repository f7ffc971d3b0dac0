import { describe, expect, test } from 'vitest'
import { parseJson } from '../../src-main/contract/json'
import { kv1 } from '../../src-main/wire/kv1-operations'
import { kv2 } from '../../src-main/wire/kv2-operations'
import { okmsV1 } from '../../src-main/wire/okms-v1-operations'
import type { Operation } from '../../src-main/wire/operation'
import { requestText } from '../../src-main/wire/request-text'
import { system } from '../../src-main/wire/system-operations'

const operations: readonly Operation[] = [kv2, kv1, system, okmsV1].flatMap((one) =>
  Object.values(one),
)

describe('the request of an operation', () => {
  test('encodes the whole path of a secret as one part', () => {
    const params = { mount: 'secret', path: 'app/db?#% é' }
    expect(requestText(kv2.read, { params, query: { version: 3, data: undefined } })).toEqual({
      method: 'GET',
      target: '/v1/secret/data/app%2Fdb%3F%23%25%20%C3%A9?version=3',
      headers: {},
    })
  })

  test('sends a LIST as GET with the flag', () => {
    const sent = requestText(okmsV1.listRoot, {
      params: { okmsId: 'id' },
      headers: { 'x-pagination-size': '50', 'x-pagination-cursor': undefined },
    })
    expect(sent).toEqual({
      method: 'GET',
      target: '/api/id/v1/secret/metadata?list=true',
      headers: { 'x-pagination-size': '50' },
    })
  })

  test('keeps the text of data, and names the type that every server takes', () => {
    const data = parseJson('{"10":1.0,"2":9007199254740993}')
    const params = { mount: 'secret', path: 'a' }
    expect(requestText(kv2.patch, { params, body: { data, options: { cas: 1 } } })).toMatchObject({
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: '{"data":{"10":1.0,"2":9007199254740993},"options":{"cas":1}}',
    })
    expect(requestText(kv1.write, { params, body: data }).headers).toEqual({
      'content-type': 'application/json',
    })
  })

  test.each(['..', 'a/../b', './a', 'a/.'])('refuses the path %s', (path) => {
    expect(() => requestText(kv2.read, { params: { mount: 'secret', path } })).toThrow(
      'dot segment',
    )
  })

  test('needs every part of the path', () => {
    expect(() => requestText(kv2.read, { params: { mount: 'secret' } })).toThrow('needs path')
    expect(() => requestText(kv2.read, { params: { mount: '', path: 'a' } })).toThrow('needs mount')
  })
})

describe('all operations', () => {
  test('have an id of their own', () => {
    const ids = operations.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('have no two of one method at one address', () => {
    const addresses = operations.flatMap(({ dialect, methods, path }) =>
      methods.map((method) => `${dialect} ${method} ${path}`),
    )
    expect(new Set(addresses).size).toBe(addresses.length)
  })

  test.each(operations.map((one) => [one.id, one] as const))(
    '%s declares the parts of its path',
    (_id, one) => {
      const named = Array.from(one.path.matchAll(/\{(\w+)\}/g), (found) => found[1])
      expect(Object.keys(one.params.shape).sort()).toEqual(named.sort())
      expect(one.summary).not.toBe('')
    },
  )
})
