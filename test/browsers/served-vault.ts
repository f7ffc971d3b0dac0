import { existsSync, readFileSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import { fullScope } from '../../src-main/contract/access'
import { SecretData, SecretPath } from '../../src-main/contract/model'
import { systemClock as clock, systemRandom as random } from '../../src-main/env'
import { createApi } from '../../src-main/http/api'
import { createCredentialAccess } from '../../src-main/http/credential-access'
import { createRequestGuard } from '../../src-main/http/request-guard'
import { LocalListener } from '../../src-main/http/serve'
import { certificateOffice } from '../../src-main/pki/office'
import { accessOfVaults } from '../../src-main/stores/local-access'
import { vaultToServe } from '../../src-main/stores/served-vault'
import { newVault, secretMount } from '../vault/new-vault'

/** What came in by the listener, as targets of requests. */
export interface Arrivals {
  /** Let in by the guard. */
  readonly handled: string[]
  /** Refused by it. */
  readonly refused: string[]
}

const swaggerFolder = new URL('../../out/swagger-ui/', import.meta.url)

function readSwaggerFile(name: string): Uint8Array<ArrayBuffer> {
  const file = new URL(name, swaggerFolder)
  if (!existsSync(file)) throw new Error('out/swagger-ui is missing: run npm run build first')
  return new Uint8Array(readFileSync(file))
}

/**
 * A vault with the secret `prod/db`, served by its real listener to whoever has a credential. Browsers run
 * as another user where the tests run as root, so only credentials keep them away.
 */
export async function servedVault() {
  const { vault, clock: vaultClock } = await newVault()
  vaultClock.advance(clock.now() - vaultClock.now())
  const store = vault.store(secretMount)
  const data = SecretData.parse('{"user":"app"}')
  await store.write(SecretPath.parse('prod/db'), { mode: 'create', data })
  const access = accessOfVaults({ office: certificateOffice({ clock, random }), clock, random })(
    vault,
  )
  const arrivals: Arrivals = { handled: [], refused: [] }
  const { vault: toServe, book } = vaultToServe(vault)
  const listener = new LocalListener({
    clock,
    identity: () => access.serverIdentity(),
    // Another user of the computer, but one with a certificate.
    peerUsers: false,
    answererAt: (port) => {
      const ours = createRequestGuard(port)
      const api = createApi({
        ...{ vault: toServe, clock, random, version: '1.2.3', readSwaggerFile },
        access: createCredentialAccess({ book, clock, wait: async () => undefined }),
        guard: (request, context) => {
          const refusal = ours(request, context)
          arrivals[refusal === undefined ? 'handled' : 'refused'].push(
            `${request.method} ${request.rawTarget}`,
          )
          return refusal
        },
      })
      return (request, context) => api.answer(request, context)
    },
  })
  const { port } = await listener.start({ port: 0 })
  onTestFinished(() => listener.stop())
  const { authority } = await access.serverIdentity()
  const { certificate, privateKey = '' } = await access.issueCertificate({
    name: 'browser',
    scope: fullScope,
  })
  const bytes = (text: string) => new TextEncoder().encode(text)
  return {
    ...{ vault, store, port, arrivals, authority },
    /** A client certificate with its key, as files to drop. */
    files: [
      { name: 'cert.pem', bytes: bytes(certificate) },
      { name: 'key.pem', bytes: bytes(privateKey) },
    ],
  }
}
