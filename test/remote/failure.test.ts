import { expect, test } from 'vitest'
import { refusalReasons, centralError, okmsError, vaultError } from '../../src-main/wire/error-body'
import { render } from '../../src-main/wire/json-shape'
import { failureOf } from '../../src-main/remote/failure'
import type { Dialect } from '../../src-main/wire/operation'

const reply = (status: number, body: unknown) => ({
  status,
  headers: {},
  body: typeof body === 'string' ? body : render(body),
})

test.each<[string, Dialect, number, unknown, string]>([
  ['a sealed server', 'kv2', 503, { errors: ['Vault is sealed'] }, 'locked'],
  ['a server in maintenance', 'kv2', 503, '<html>', 'busy'],
  ['no right', 'kv2', 403, { errors: ['permission denied'] }, 'forbidden'],
  ['nothing there', 'kv1', 404, { errors: [] }, 'not_found'],
  [
    'a stale number',
    'kv2',
    400,
    { errors: ['check-and-set parameter did not match the current version'] },
    'cas_mismatch',
  ],
  [
    'no number',
    'kv2',
    400,
    { errors: ['check-and-set parameter required for this call'] },
    'cas_required',
  ],
  ['bad input', 'kv2', 400, { errors: ['no data provided'] }, 'invalid'],
  ['too much', 'kv2', 413, { errors: ['http: request body too large'] }, 'too_large'],
  ['too often', 'okms-v2', 429, '', 'busy'],
  ['a fault', 'okms-v2', 500, { error_code: 17_125_376, errors: ['internal error'] }, 'internal'],
  ['a status of later times', 'kv2', 418, '', 'invalid'],
  ['a fault of later times', 'kv2', 599, '', 'internal'],
  ['an unknown number', 'okms-v2', 404, { error_code: 1, errors: [] }, 'not_found'],
  ['a page instead of JSON', 'okms-v2', 502, '<html>bad gateway</html>', 'busy'],
  ['no certificate', 'okms-v2', 401, { error_code: 1, errors: [] }, 'forbidden'],
  ['no right', 'okms-central', 403, { class: 'Client::Forbidden', message: 'no' }, 'forbidden'],
])('%s is told by %s', (_name, dialect, status, body, code) => {
  expect(failureOf(dialect, reply(status, body))).toMatchObject({ code })
})

/** Reasons that mean something else to a client than to the server that gives them. */
const translated: Record<string, string> = {
  unauthenticated: 'forbidden',
  wrong_domain: 'not_found',
  no_route: 'not_found',
  no_version: 'not_found',
  wrong_method: 'unsupported',
  bad_request: 'invalid',
  body_too_large: 'too_large',
}
/** Reasons that every dialect lets a client tell apart. */
const told = refusalReasons.filter((reason) =>
  [...Object.keys(translated), 'not_found', 'cas_mismatch', 'cas_required', 'locked']
    .concat(['forbidden', 'unsupported', 'invalid', 'internal'])
    .includes(reason),
)

test.each(told)('what our own server means by %s is understood in every dialect', (reason) => {
  const wanted = translated[reason] ?? reason
  const texts = [reason === 'cas_required' ? 'cas is required' : 'cas is 1, not 2']
  const vault = vaultError(reason, texts)
  const okms = okmsError(reason, texts, 'id')
  const central = centralError(reason, texts)
  expect(failureOf('kv2', reply(vault.status, vault.body)).code).toBe(wanted)
  expect(failureOf('okms-v2', reply(okms.status, okms.body)).code).toBe(wanted)
  expect(failureOf('okms-central', reply(central.status, central.body)).code).toBe(wanted)
})

test('what is there already is told by the number alone', () => {
  const { status, body } = okmsError('exists', ['the secret exists'], 'id')
  expect(failureOf('okms-v2', reply(status, body)).code).toBe('exists')
})

test('a message is one short line', () => {
  const { message } = failureOf('kv2', reply(400, { errors: ['a\n\t\u0000b', 'x'.repeat(999)] }))
  expect(message.startsWith('a b; xxx')).toBe(true)
  expect(message.length).toBe(200)
})
