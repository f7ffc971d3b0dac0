import { beforeEach, describe, expect, test, vi } from 'vitest'

const dialog = { showMessageBox: vi.fn() }
const shell = { openExternal: vi.fn() }
vi.mock('electron', () => ({ dialog, shell }))

const page = 'https://eu-west-rbx.okms.ovh.net/swagger/'
const options = { own: ['localhost:8250'], language: 'fr' } as const

beforeEach(() => {
  dialog.showMessageBox.mockReset()
  shell.openExternal.mockReset()
})

describe('E-08: an address that leaves the app', () => {
  test.each([page, 'https://us-east-vin.okms.ovh.us/swagger/', 'https://localhost:8250/docs/'])(
    'may be %s',
    async (address) => {
      const { allowedAddress } = await import('../../src-main/shell/open-external')
      expect(allowedAddress(address, options.own)?.href).toBe(address)
    },
  )

  test.each([
    'file:///etc/passwd',
    'smb://eu-west-rbx.okms.ovh.net/swagger/',
    'javascript:alert(1)',
    'http://eu-west-rbx.okms.ovh.net/swagger/',
    'HTTPS://eu-west-rbx.okms.ovh.net/swagger/',
    'https://eu-west-rbx.okms.ovh.net.evil.tld/swagger/',
    'https://evil.tld/eu-west-rbx.okms.ovh.net/',
    'https://user@eu-west-rbx.okms.ovh.net/swagger/',
    'https://eu-west-rbx.okms.ovh.net:8443/swagger/',
    'https://eu-west-rbx.okms.ovh.net',
    'https:/eu-west-rbx.okms.ovh.net/swagger/',
    'https:\\\\eu-west-rbx.okms.ovh.net\\swagger',
    'https://eu-west-rbx.okms.ovh.net\\@evil.tld/',
    ' https://eu-west-rbx.okms.ovh.net/swagger/',
    'https://eu-west-rbx.okms.ovh.net/swagger/ ',
    'https://eu-west-rbx.okms.ovh.net/swag\tger/',
    'https://eu-west-rbx.okms.оvh.net/swagger/',
    'https://unknown-region.okms.ovh.net/swagger/',
    'https://localhost:8251/docs/',
    'https://localhost/docs/',
    'https://docs.ovh.com.evil.tld/',
    '',
  ])('may not be %j, and nobody is asked', async (address) => {
    const { openExternal } = await import('../../src-main/shell/open-external')
    await expect(openExternal(address, options)).rejects.toMatchObject({ code: 'forbidden' })
    expect(dialog.showMessageBox).not.toHaveBeenCalled()
    expect(shell.openExternal).not.toHaveBeenCalled()
  })

  test.each([
    [1, true],
    [0, false],
  ])('is opened only after a yes to the host (answer %i)', async (response, isOpened) => {
    const { openExternal } = await import('../../src-main/shell/open-external')
    dialog.showMessageBox.mockResolvedValue({ response })
    expect(await openExternal(page, options)).toBe(isOpened)
    expect(dialog.showMessageBox).toHaveBeenCalledWith(
      expect.objectContaining({
        message: 'Ouvrir une page de eu-west-rbx.okms.ovh.net dans votre navigateur\u00a0?',
        detail: page,
        ...{ buttons: ['Annuler', 'Ouvrir'], defaultId: 0, cancelId: 0 },
      }),
    )
    expect(shell.openExternal.mock.calls).toEqual(isOpened ? [[page]] : [])
  })
})
