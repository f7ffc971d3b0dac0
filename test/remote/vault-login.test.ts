import { expect, test } from 'vitest'
import type { Fetch } from '../../src-main/remote/fetch'
import { loggedInByCertificate } from '../../src-main/remote/vault-login'

const get = { method: 'GET', target: '/v1/secret/data/x', headers: {} }

/** A server whose login answers so. */
function answering(status: number, body: unknown) {
  const asked: string[] = []
  const fetch: Fetch = async ({ method, target }) => {
    asked.push(`${method} ${target}`)
    const isLogin = target.endsWith('/login')
    return { status: isLogin ? status : 403, headers: {}, body: JSON.stringify(body) }
  }
  return { asked, fetch: loggedInByCertificate(fetch, 'cert') }
}

/** Source: OpenBao 2.7.2, `builtin/credential/cert`. */
test.each([
  [400, 'invalid certificate or no client certificate supplied'],
  [400, 'failed to match all constraints for this login certificate'],
  [500, "failed to verify client's certificate: x509: unhandled critical extension"],
  [500, "failed to verify client's certificate: x509: certificate has expired or is not yet valid"],
])('a login that answers %i “%s” refuses the certificate', async (status, error) => {
  const { fetch, asked } = answering(status, { errors: [error] })
  await expect(fetch(get)).rejects.toMatchObject({
    ...{ code: 'forbidden', reason: 'certificate_refused', message: error },
  })
  expect(asked).toEqual(['POST /v1/auth/cert/login'])
})

test('a login that fails by itself says nothing of the certificate', async () => {
  const { fetch } = answering(500, { errors: ['internal error'] })
  await expect(fetch(get)).rejects.toMatchObject({ code: 'internal', reason: 'server_fault' })
})
