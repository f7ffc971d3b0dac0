import { expect, test } from 'vitest'
import { requestProblems } from './okms-request-description'

const target = '/api/5a2b2b1c-0b0a-4f3c-8f39-1b2b6b8f0a11/v2/secret'
const json = { 'content-type': 'application/json' }

test.each<[string, string, string, Record<string, string>, string, boolean]>([
  ['a listing', 'GET', target, { 'x-pagination-size': '100' }, '', true],
  ['a page too large', 'GET', target, { 'x-pagination-size': '500' }, '', false],
  ['an unknown query', 'GET', `${target}?limit=1`, {}, '', false],
  ['an unknown header', 'GET', target, { 'x-other': '1' }, '', false],
  ['a creation', 'POST', target, json, '{"path":"a","version":{"data":{}}}', true],
  ['a creation without data', 'POST', target, json, '{"path":"a"}', false],
  ['a creation of another type', 'POST', target, {}, '{"path":"a","version":{"data":{}}}', false],
  ['a body too many', 'DELETE', `${target}/a`, json, '{}', false],
  ['another method', 'PATCH', `${target}/a`, json, '{}', false],
])('the description judges %s', (_name, method, rawTarget, headers, body, fits) => {
  const problems = requestProblems({ method, rawTarget, headers: new Headers(headers), body })
  expect(problems.length === 0).toBe(fits)
})
