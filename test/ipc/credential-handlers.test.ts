import { expect, test } from 'vitest'
import { CoffretError } from '../../src-main/contract/errors'
import { handlersOverVault } from './handlers-over-vault'

const request = {
  files: [{ name: 'a.pem', bytes: new Uint8Array([1]) }],
  password: 'secret',
  friendlyName: 'ann/prod: é',
  profile: 'modern',
} as const
const input = { ...request, files: [...request.files] }

test('a PKCS#12 file is made, then a place is asked for, then it is written', async () => {
  const { handlers, ports } = await handlersOverVault()
  const made = new Uint8Array([7, 7])
  ports.credentials.makePkcs12.mockResolvedValue(made)
  ports.dialog.chooseNewFile.mockResolvedValue('/chosen/a.p12')
  ports.files.write.mockImplementation((async (_file: string, bytes: Uint8Array) => {
    expect([...bytes]).toEqual([7, 7])
  }) as never)
  expect(await handlers['credential.savePkcs12'](input)).toBe('/chosen/a.p12')
  expect(ports.dialog.chooseNewFile).toHaveBeenCalledWith(
    expect.objectContaining({ suggestedPath: 'ann-prod- é.p12' }),
  )
  expect(ports.files.write).toHaveBeenCalledWith('/chosen/a.p12', made, { mayReplace: true })
  expect([...made]).toEqual([0, 0])
})

test('a name without extension gets one, and then replaces nothing', async () => {
  const { handlers, ports } = await handlersOverVault()
  ports.dialog.chooseNewFile.mockResolvedValue('/chosen/a')
  expect(await handlers['credential.savePkcs12'](input)).toBe('/chosen/a.p12')
  expect(ports.files.write).toHaveBeenCalledWith('/chosen/a.p12', expect.anything(), {
    mayReplace: false,
  })
})

test('who gives up gets no file', async () => {
  const { handlers, ports } = await handlersOverVault()
  expect(await handlers['credential.savePkcs12'](input)).toBeUndefined()
  expect(ports.files.write).not.toHaveBeenCalled()
})

test('nobody is asked for a place when the files are no good', async () => {
  const { handlers, ports } = await handlersOverVault()
  ports.credentials.makePkcs12.mockRejectedValue(new CoffretError('key_mismatch', 'no'))
  await expect(handlers['credential.savePkcs12'](input)).rejects.toThrow(
    expect.objectContaining({ code: 'key_mismatch' }),
  )
  expect(ports.dialog.chooseNewFile).not.toHaveBeenCalled()
})

test('a PEM file holds the key and then its certificates, and nothing stays behind', async () => {
  const { handlers, ports } = await handlersOverVault()
  const made = { key: Buffer.from('key'), certificates: Buffer.from('certificates') }
  ports.credentials.extractPem.mockResolvedValue(made)
  ports.dialog.chooseNewFile.mockResolvedValue('/chosen/a.pem')
  const written: string[] = []
  ports.files.write.mockImplementation((async (_file: string, bytes: Uint8Array) => {
    written.push(Buffer.from(bytes).toString())
  }) as never)
  const asked = { files: input.files, keyPassword: 'old', newKeyPassword: 'new', name: 'ann' }
  expect(await handlers['credential.savePem'](asked)).toBe('/chosen/a.pem')
  expect(written).toEqual(['keycertificates'])
  expect([...made.key]).toEqual([0, 0, 0])
  expect(ports.credentials.extractPem).toHaveBeenCalledWith({
    files: input.files,
    keyPassword: 'old',
    newKeyPassword: 'new',
  })
})
