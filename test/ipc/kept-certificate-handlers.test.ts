import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { BrowserStoreId } from '../../src-main/contract/browser-calls'
import { calls } from '../../src-main/contract/calls'
import { systemClock, systemRandom } from '../../src-main/env'
import { inspectCredentials, makePkcs12 } from '../../src-main/pki/credential-tools'
import { extractPem } from '../../src-main/pki/pem-extraction'
import { file, makeAuthority, makeCertificate } from '../pki/openssl'
import { handlersOverVault } from './handlers-over-vault'

/** The handlers over the real tools, and a pair to keep. */
async function withTools() {
  const made = await handlersOverVault()
  const { ports, vault } = made
  const common = { random: systemRandom, now: systemClock.now() }
  ports.credentials.inspect.mockImplementation(
    async ({ files, password }: Parameters<typeof ports.credentials.inspect>[0]) =>
      inspectCredentials(files, password, common.now),
  )
  ports.credentials.makePkcs12.mockImplementation((async (request: never) =>
    makePkcs12({ ...(request as object), ...common } as never)) as never)
  ports.credentials.extractPem.mockImplementation((async (request: never) =>
    extractPem({ ...(request as object), ...common } as never)) as never)
  const root = makeAuthority('root')
  const pair = makeCertificate({ issuer: root, subject: '/CN=ci' })
  const files = [file(pair.key), file(root.certificate), file(pair.certificate)]
  return { ...made, id: vault.id, pair, root, files }
}

async function withKept() {
  const made = await withTools()
  const { handlers, id: vault, files, events } = made
  const kept = await handlers['keptCertificate.keep']({ vault, files, name: 'ci' })
  events.length = 0
  return { ...made, kept, one: { vault, id: kept.id } }
}

test('files are kept as one certificate; the window learns of no key', async () => {
  const { handlers, events, id: vault, files } = await withTools()
  const kept = await handlers['keptCertificate.keep']({ vault, files, name: 'ci' })
  expect(calls['keptCertificate.keep'].output.parse(kept)).toEqual(kept)
  expect(kept).toMatchObject({ name: 'ci', subject: 'CN=ci', keyType: 'EC P-256' })
  expect(events).toEqual([{ name: 'keptCertificates.changed', vault }])
  const list = await handlers['keptCertificate.list']({ vault })
  expect(list).toEqual([kept])
  expect(JSON.stringify(list)).not.toContain('PRIVATE')
})

test('what the vault keeps is a PKCS#12 file that OpenSSL opens, with its chain', async () => {
  const { stores, id: vault, one } = await withKept()
  const { bytes: pkcs12, password } = stores.vault(vault).keptCertificates.fileOf(one.id)
  const said = execFileSync(
    'openssl',
    ['pkcs12', '-info', '-nodes', '-passin', `pass:${password}`],
    { input: pkcs12, encoding: 'utf8' },
  )
  expect(said).toContain('friendlyName: ci')
  expect(said.match(/BEGIN (CERTIFICATE|PRIVATE KEY)/g)).toHaveLength(3)
  const another = await withKept()
  const other = another.stores.vault(another.id).keptCertificates.fileOf(another.one.id)
  expect(other.password).not.toBe(password)
})

test('a name that PKCS#12 has no characters for is kept, and left out of the files', async () => {
  const { handlers, id: vault, files, ports } = await withTools()
  const kept = await handlers['keptCertificate.keep']({ vault, files, name: 'ci \u{1f511}' })
  expect(kept.name).toBe('ci \u{1f511}')
  ports.dialog.chooseNewFile.mockResolvedValue('/chosen/ci.p12')
  const request = { vault, id: kept.id, password: 'word', profile: 'modern' } as const
  expect(await handlers['keptCertificate.savePkcs12'](request)).toBe('/chosen/ci.p12')
})

test('what is no pair is not kept', async () => {
  const { handlers, id: vault, files } = await withTools()
  const [key] = files
  const half = handlers['keptCertificate.keep']({ vault, files: [key!], name: 'ci' })
  await expect(half).rejects.toMatchObject({ code: 'invalid' })
  expect(await handlers['keptCertificate.list']({ vault })).toEqual([])
})

test('it comes out again as PKCS#12 and as PEM, with the chain and under its name', async () => {
  const { handlers, ports, one } = await withKept()
  const written = new Map<string, Uint8Array>()
  ports.files.write.mockImplementation(async (path, bytes) => {
    written.set(path, Uint8Array.from(bytes))
  })
  ports.dialog.chooseNewFile.mockImplementation(async ({ extension }) => `/chosen/ci.${extension}`)
  const p12 = { ...one, password: 'word', profile: 'modern' } as const
  expect(await handlers['keptCertificate.savePkcs12'](p12)).toBe('/chosen/ci.p12')
  expect(await handlers['keptCertificate.savePem']({ ...one, newKeyPassword: 'word' })).toBe(
    '/chosen/ci.pem',
  )
  for (const [name, bytes] of written) {
    const report = inspectCredentials([file(bytes, name)], 'word', systemClock.now())
    expect(report).toMatchObject({ problems: [], key: { encrypted: true } })
    expect(report.certificates.map(({ subject }) => subject)).toEqual(['CN=ci', 'CN=root'])
    if (name.endsWith('p12')) expect(report.friendlyName).toBe('ci')
  }
  expect(written.size).toBe(2)
  const given = ports.files.write.mock.calls.flatMap(([, bytes]) => [...bytes])
  expect(given.every((byte) => byte === 0)).toBe(true)
})

test('a browser gets it, and the password of its store is overwritten', async () => {
  const { handlers, ports, one } = await withKept()
  const databasePassword = new Uint8Array([7])
  let key: string | undefined
  ports.browsers.import.mockImplementation(async ({ files, keyPassword }) => {
    const given = files.map(({ name, bytes }) => ({ name, bytes: Uint8Array.from(bytes) }))
    key = inspectCredentials(given, keyPassword, systemClock.now()).key?.type
    return undefined as never
  })
  const store = BrowserStoreId.parse('firefox')
  await handlers['keptCertificate.importIntoBrowser']({ ...one, store, databasePassword })
  expect(key).toBe('EC P-256')
  const [request] = ports.browsers.import.mock.lastCall ?? []
  expect(request).toMatchObject({ store, name: 'ci' })
  expect([...databasePassword]).toEqual([0])
  expect(request?.files[0]?.bytes.every((byte) => byte === 0)).toBe(true)
})

test.each([
  ['https://localhost:8250/v1/x', true],
  ['https://127.0.0.1:8250', true],
  ['https://[::1]/', true],
  ['https://localhost.evil.tld/', false],
  ['https://eu-west-rbx.okms.ovh.net/', false],
])('at %s the vault’s own authority counts: %s', async (url, isTrusted) => {
  const { handlers, ports, one, root } = await withKept()
  const result = { outcome: 'failed', reason: 'refused' } as const
  ports.probe.mockResolvedValue(result)
  const authorities = root.certificate.toString()
  expect(await handlers['keptCertificate.probe']({ ...one, url, authorities })).toEqual(result)
  const [asked] = ports.probe.mock.lastCall ?? []
  expect(asked?.authorities.match(/BEGIN/g)).toHaveLength(isTrusted ? 2 : 1)
  expect(asked?.certificate).toMatchObject({ kind: 'certificate' })
  expect(asked?.certificate.privateKey).toContain('PRIVATE KEY')
})

test('it is renamed and removed, and every change is told', async () => {
  const { handlers, events, id: vault, one } = await withKept()
  expect(await handlers['keptCertificate.rename']({ ...one, name: 'new' })).toMatchObject({
    name: 'new',
  })
  await handlers['keptCertificate.remove'](one)
  expect(await handlers['keptCertificate.list']({ vault })).toEqual([])
  expect(events.map(({ name }) => name)).toEqual(
    Array.from({ length: 2 }, () => 'keptCertificates.changed'),
  )
})
