import { describe, expect, test } from 'vitest'
import { failureCodes } from '../../src-main/contract/errors'
import { centralError, okmsError, refusalReasons, vaultError } from '../../src-main/wire/error-body'

/** Source: okms-api 3.4. */
const okmsTable = [
  ['unauthenticated', 401, 50_475_011],
  ['forbidden', 403, 16_924_673],
  ['wrong_domain', 404, 16_994_305],
  ['no_route', 404, 50_417_665],
  ['wrong_method', 405, 50_405_377],
  ['bad_request', 400, 50_405_377],
  ['media_type', 400, 50_405_377],
  ['invalid', 400, 17_113_089],
  ['too_large', 400, 17_113_089],
  ['not_found', 404, 17_125_377],
  ['no_version', 404, 17_125_378],
  ['cas_mismatch', 400, 17_145_857],
  ['cas_required', 400, 17_145_857],
  ['exists', 400, 17_145_858],
  ['body_too_large', 413, 50_405_377],
  ['locked', 503, 50_425_858],
  ['internal', 500, 17_108_993],
  ['corrupt', 500, 17_108_993],
] as const

describe('the errors of the OKMS APIs', () => {
  test.each(okmsTable)('%s is %i with code %i', (reason, status, code) => {
    const { status: got, body } = okmsError(reason, ['why'], 'id')
    expect(got).toBe(status)
    expect(body).toMatchObject({ error_code: code, error_id: 'id', request_id: 'id' })
  })

  test('have at most ten messages, and say check-and-set and cas where it failed', () => {
    const many = Array.from({ length: 12 }, (_, n) => `m${n}`)
    expect(okmsError('invalid', many, 'id').body).toMatchObject({ errors: many.slice(0, 10) })
    expect(okmsError('cas_mismatch', ['cas is 1, current version is 2'], 'id').body).toMatchObject({
      errors: ['check-and-set failed: cas is 1, current version is 2'],
    })
  })

  test.each([
    ['invalid', 400, 'Client::BadRequest'],
    ['unauthenticated', 401, 'Client::Unauthorized'],
    ['forbidden', 403, 'Client::Forbidden'],
    ['not_found', 404, 'Client::NotFound'],
    ['internal', 500, 'Server::InternalServerError'],
  ] as const)('of the central addresses: %s is %i, %s', (reason, status, name) => {
    const reply = centralError(reason, ['a', 'b'])
    expect(reply.status).toBe(status)
    expect(reply.body).toMatchObject({ class: name, message: expect.any(String) })
  })
})

describe('the errors of the Vault dialect', () => {
  test.each([
    ['cas_mismatch', 400, ['check-and-set parameter did not match the current version']],
    ['cas_required', 400, ['check-and-set parameter required for this call']],
    ['not_found', 404, []],
    ['no_version', 404, []],
    ['forbidden', 403, ['1 error occurred:\n\t* permission denied\n\n']],
    ['unauthenticated', 403, ['permission denied']],
    ['unsupported', 405, ['1 error occurred:\n\t* unsupported operation\n\n']],
    ['locked', 503, ['Vault is sealed']],
    ['invalid', 400, ['why']],
    ['exists', 400, ['why']],
    ['too_large', 413, ['why']],
    ['media_type', 415, ['why']],
    ['internal', 500, ['internal error']],
  ] as const)('%s is %i', (reason, status, errors) => {
    expect(vaultError(reason, ['why'])).toEqual({ status, body: { errors } })
  })

  test('never ask the client to repeat what it did wrong', () => {
    const retried = [412, 429, 500, 502, 503]
    const ours = [
      'corrupt',
      'not_a_vault',
      'newer_format',
      'kdf_bounds',
      'not_writable',
      'stale',
      'busy',
      'storage',
      'unreachable',
      'cancelled',
      'internal',
      'locked',
    ]
    const repeated = refusalReasons.filter((reason) =>
      retried.includes(vaultError(reason, []).status),
    )
    expect(repeated.sort()).toEqual(ours.sort())
  })
})

test('every failure of ours hides what it was', () => {
  for (const code of failureCodes) {
    const { status, body } = vaultError(code, ['the disk said x'])
    if (status === 500 && code !== 'corrupt')
      expect(JSON.stringify(body)).not.toContain('disk said')
  }
})
