import { X509Certificate, createPrivateKey } from 'node:crypto'
import { basename, dirname } from 'node:path'
import { expect, test } from 'vitest'
import { CredentialId, Scope } from '../../src-main/contract/access'
import { calls } from '../../src-main/contract/calls'
import { CoffretError } from '../../src-main/contract/errors'
import { systemClock, systemRandom } from '../../src-main/env'
import { performCredentialJob } from '../../src-main/pki/credential-jobs'
import { makeRequest } from '../pki/certificate-requests'
import { handlersOverVault } from './handlers-over-vault'

const scope = Scope.parse({ prefixes: ['secret/prod'], rights: ['list', 'readData'] })
const ci = { name: 'CI: build', scope }

/** The handlers, what files they wrote, and the events about lists. */
async function withAccess() {
  const made = await handlersOverVault()
  const { handlers, ports, vault } = made
  const written = new Map<string, Uint8Array>()
  ports.files.write.mockImplementation(async (file, bytes) => {
    // What was given is wiped afterwards.
    written.set(file, Uint8Array.from(bytes))
  })
  const list = async () => handlers['access.list']({ vault: vault.id })
  return { ...made, id: vault.id, written, list }
}

test('a token goes back once, and the list tells nothing that opens anything', async () => {
  const { handlers, events, id, list } = await withAccess()
  const issued = await handlers['access.issueToken']({ vault: id, ...ci })
  expect(calls['access.issueToken'].output.parse(issued)).toEqual(issued)
  expect(issued.token).toMatch(/^cft_/)
  expect(events).toEqual([{ name: 'access.changed', vault: id }])
  const listed = await list()
  expect(listed).toEqual([issued.credential])
  expect(JSON.stringify(listed)).not.toContain(issued.token)
})

test('a certificate comes as files in a folder of its own; its key never reaches the window', async () => {
  const { handlers, ports, events, id, written, list } = await withAccess()
  ports.dialog.chooseFolder.mockResolvedValue('/chosen')
  const request = { vault: id, ...ci, password: 'a password' }
  const issued = await handlers['access.issueCertificate'](request)
  if (issued === undefined) throw new Error('a folder was chosen')
  expect(calls['access.issueCertificate'].output.parse(issued)).toEqual(issued)
  const { credential, folder, files, certificate } = issued
  expect(folder).toBe(`/chosen/CI- build-${credential.id.slice(0, 8)}`)
  expect(ports.files.newFolder.mock.calls).toEqual([[folder]])
  expect([...written.keys()].map((file) => basename(file))).toEqual(files)
  expect(files).toEqual([
    `${credential.id}_certificate.pem`,
    `${credential.id}_privatekey.pem`,
    'client.p12',
    'coffret-ca.pem',
  ])
  expect([...written.keys()].every((file) => dirname(file) === folder)).toBe(true)
  const options = ports.files.write.mock.calls.map(([, , how]) => how)
  expect(options).toEqual(files.map(() => ({ mayReplace: false })))
  const key = Buffer.from(written.get(`${folder}/${credential.id}_privatekey.pem`) ?? [])
  expect(new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))).toBe(true)
  expect(JSON.stringify(issued)).not.toContain('PRIVATE KEY')
  // The bytes that were handed to be written are overwritten.
  const given = ports.files.write.mock.calls.flatMap(([, bytes]) => [...bytes])
  expect(given.every((byte) => byte === 0)).toBe(true)
  expect(events).toEqual([{ name: 'access.changed', vault: id }])
  expect(await list()).toEqual([credential])
})

test('a certificate goes into the list of kept ones on request, also in the place of the old one', async () => {
  const { handlers, ports, id, events } = await withAccess()
  const environment = { clock: systemClock, random: systemRandom }
  ports.credentials.makePkcs12.mockImplementation((async (input: never) =>
    performCredentialJob({ name: 'makePkcs12', input }, environment)) as never)
  ports.credentials.inspect.mockImplementation(async (input: never) =>
    performCredentialJob({ name: 'inspect', input }, environment),
  )
  ports.dialog.chooseFolder.mockResolvedValue('/chosen')
  const issue = (keeps?: object, csr?: Uint8Array) =>
    handlers['access.issueCertificate']({ vault: id, ...ci, keeps, csr })
  const list = () => handlers['keptCertificate.list']({ vault: id })
  await issue()
  expect(await list()).toEqual([])
  const first = await issue({})
  const [kept, ...others] = await list()
  expect(others).toEqual([])
  expect(kept).toMatchObject({ name: ci.name, okmsDomainId: id })
  expect(kept?.sha256Fingerprint).toBe(first?.credential.fingerprint)
  expect(events).toContainEqual({ name: 'keptCertificates.changed', vault: id })
  const second = await issue({ replaces: kept?.id })
  const [renewed, ...more] = await list()
  expect(more).toEqual([])
  expect(renewed).toMatchObject({
    ...{ id: kept?.id, sha256Fingerprint: second?.credential.fingerprint },
  })
  // Of a request the key is elsewhere: there is nothing to keep.
  await issue({}, Uint8Array.from(makeRequest()))
  expect(await list()).toEqual([renewed])
})

test('a certificate for a request needs no key file', async () => {
  const { handlers, ports, id } = await withAccess()
  ports.dialog.chooseFolder.mockResolvedValue('/chosen')
  const csr = Uint8Array.from(makeRequest())
  const issued = await handlers['access.issueCertificate']({ vault: id, ...ci, csr })
  expect(issued?.files).toEqual([`${issued?.credential.id}_certificate.pem`, 'coffret-ca.pem'])
})

test('nothing is issued when the person gives up', async () => {
  const { handlers, ports, events, id, list } = await withAccess()
  expect(await handlers['access.issueCertificate']({ vault: id, ...ci })).toBeUndefined()
  expect(ports.files.write).not.toHaveBeenCalled()
  expect(await list()).toEqual([])
  expect(events).toEqual([])
})

test.each(['newFolder', 'write'] as const)(
  'a certificate that cannot be delivered (%s) is not left good',
  async (step) => {
    const { handlers, ports, id, list } = await withAccess()
    ports.dialog.chooseFolder.mockResolvedValue('/chosen')
    ports.files[step].mockRejectedValue(new CoffretError('not_writable', 'no'))
    const issued = handlers['access.issueCertificate']({ vault: id, ...ci })
    await expect(issued).rejects.toThrow(expect.objectContaining({ code: 'not_writable' }))
    expect(await list()).toEqual([])
  },
)

test('what is revoked stays in the list, what is removed does not', async () => {
  const { handlers, events, id, list } = await withAccess()
  const [a, b] = ['a', 'b'].map(async (name) =>
    handlers['access.issueToken']({ vault: id, name, scope }),
  )
  const [one, other] = [(await a!).credential, (await b!).credential]
  events.length = 0
  await handlers['access.revoke']({ vault: id, id: one.id })
  await handlers['access.remove']({ vault: id, id: other.id })
  const listed = await list()
  expect(listed.map(({ name }) => name)).toEqual(['a'])
  expect(listed[0]?.revokedAt).toBeGreaterThan(0)
  expect(events).toEqual([
    { name: 'access.changed', vault: id },
    { name: 'access.changed', vault: id },
  ])
  const unknown = CredentialId.parse('41111111-1111-4111-8111-111111111111')
  const notFound = expect.objectContaining({ code: 'not_found' })
  expect(() => handlers['access.revoke']({ vault: id, id: unknown })).toThrow(notFound)
})

test.each([
  ['/chosen/ca.pem', '/chosen/ca.pem', true],
  ['/chosen/ca', '/chosen/ca.pem', false],
])('the authority is saved as %s in %s', async (chosen, file, mayReplace) => {
  const { handlers, ports, id, written } = await withAccess()
  expect(await handlers['access.saveAuthority']({ vault: id })).toBeUndefined()
  ports.dialog.chooseNewFile.mockResolvedValue(chosen)
  expect(await handlers['access.saveAuthority']({ vault: id })).toBe(file)
  expect(ports.files.write.mock.lastCall?.[2]).toEqual({ mayReplace })
  const { certificate, fingerprint } = await handlers['access.authority']({ vault: id })
  expect(Buffer.from(written.get(file) ?? []).toString()).toBe(certificate)
  expect(new X509Certificate(certificate).fingerprint256).toBe(fingerprint)
})

test('a locked vault tells nobody', async () => {
  const { handlers, ports, id, list } = await withAccess()
  ports.stores.lockAll()
  const locked = expect.objectContaining({ code: 'locked' })
  await expect(list()).rejects.toThrow(locked)
  await expect(handlers['access.authority']({ vault: id })).rejects.toThrow(locked)
})

test.each([
  [{ name: 'a'.repeat(129) }],
  [{ scope: { prefixes: [], rights: ['list'] } }],
  [{ scope: { prefixes: [''], rights: ['everything'] } }],
  [{ expiresAt: 'never' }],
])('the window cannot ask for %j', (wrong) => {
  const input = { vault: '0a1b2c3d-1111-4222-8333-44445555666f', ...ci, ...wrong }
  expect(calls['access.issueToken'].input.safeParse(input).success).toBe(false)
})
