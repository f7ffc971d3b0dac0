import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { probe } from '../../src-main/remote/probe'
import { servedVault } from '../browsers/served-vault'

const after = (milliseconds: number, work: () => void) => {
  const timer = setTimeout(work, milliseconds).unref()
  return () => clearTimeout(timer)
}

/** The served vault, and a probe of it with its certificate. */
async function probed() {
  const served = await servedVault()
  const [certificate = '', privateKey = ''] = served.files.map(({ bytes }) =>
    new TextDecoder().decode(bytes),
  )
  const credential = { kind: 'certificate', certificate, privateKey } as const
  const ask = (path: string, authorities = [served.authority]) =>
    probe({
      ...{ url: `https://localhost:${served.port}${path}`, authorities, after },
      certificate: credential,
    })
  return { ...served, credential, ask }
}

test('the answer to a good certificate is shown', async () => {
  const { ask } = await probed()
  expect(await ask('/v1/secret/data/prod/db?version=1')).toMatchObject({
    ...{ outcome: 'answered', status: 200, isCut: false },
    contentType: expect.stringContaining('application/json') as unknown,
    text: expect.stringContaining('"user":"app"') as unknown,
  })
})

test('a refusal is an answer', async () => {
  const { ask } = await probed()
  expect(await ask('/v1/secret/data/nothing')).toMatchObject({ outcome: 'answered', status: 404 })
})

test('a long page is cut', async () => {
  const { ask } = await probed()
  const answer = await ask('/openapi.json')
  expect(answer).toMatchObject({ outcome: 'answered', status: 200, isCut: true })
  expect(answer).toHaveProperty('text.length', 4096)
})

test('a server of an authority that is not trusted gets no certificate', async () => {
  const { ask, arrivals } = await probed()
  const { authority } = await servedVault()
  expect(await ask('/v1/secret/data/prod/db', [authority])).toEqual({
    ...{ outcome: 'failed', reason: 'server_certificate_unknown' },
  })
  expect(arrivals.handled).toEqual([])
})

test('a port where nobody listens, and one without TLS, are told apart', async () => {
  const { authority, credential } = await probed()
  const plain = createServer((_request, response) => response.end('plain'))
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
  const { port } = plain.address() as AddressInfo
  const ask = () =>
    probe({
      ...{ url: `https://127.0.0.1:${port}/`, authorities: [authority], after },
      certificate: credential,
    })
  expect(await ask()).toEqual({ outcome: 'failed', reason: 'no_tls' })
  plain.closeAllConnections()
  await new Promise((resolve) => plain.close(resolve))
  expect(await ask()).toEqual({ outcome: 'failed', reason: 'refused' })
})

test.each(['http://localhost/', 'localhost', '', 'https://user:word@localhost/'])(
  'the address %j is refused',
  async (url) => {
    const certificate = { kind: 'certificate', certificate: '', privateKey: '' } as const
    await expect(probe({ url, authorities: [], certificate, after })).rejects.toMatchObject({
      ...{ code: 'invalid', field: 'url' },
    })
  },
)
