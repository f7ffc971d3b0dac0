import { readFileSync } from 'node:fs'
import type { CoffretError } from '../../src-main/contract/errors'
import { MtlsFetch } from '../../src-main/remote/mtls-fetch'
import { authoritiesOf } from '../../src-main/remote/trust'

/** A program of its own, for what only counts when a program begins. Says how a request ended. */
const [address = '', file = ''] = process.argv.slice(2)
const trusted =
  file === ''
    ? ({ kind: 'public' } as const)
    : ({ kind: 'own', pem: readFileSync(file, 'utf8'), withPublic: true } as const)
const server = new MtlsFetch({
  ...{ address, authorities: authoritiesOf(trusted) },
  after: (ms, work) => {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
})
server
  .fetch({ method: 'GET', target: '/', headers: {} })
  .then(
    ({ status }) => process.stdout.write(String(status)),
    (error: CoffretError & { reason?: string }) => process.stdout.write(String(error.reason)),
  )
  .finally(() => server.close())
