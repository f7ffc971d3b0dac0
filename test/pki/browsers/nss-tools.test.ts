import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { NssTools, packageOfTools } from '../../../src-main/pki/browsers/nss-tools'
import { temporaryFolder } from '../../vault/new-vault'

describe('the package of the tools', () => {
  test.each([
    ['Debian', 'ID=debian', 'sudo apt install libnss3-tools'],
    ['Linux Mint', 'ID=linuxmint\nID_LIKE="ubuntu debian"', 'sudo apt install libnss3-tools'],
    ['Fedora', 'NAME="Fedora Linux"\nID=fedora', 'sudo dnf install nss-tools'],
    [
      'Fedora Silverblue',
      "ID=fedora\nOSTREE_VERSION='42.20260101.0'",
      'sudo rpm-ostree install nss-tools',
    ],
    ['Rocky', 'ID="rocky"\nID_LIKE="rhel centos fedora"', 'sudo dnf install nss-tools'],
    ['Arch', 'ID=arch', 'sudo pacman -S nss'],
    ['Manjaro', 'ID=manjaro\nID_LIKE=arch', 'sudo pacman -S nss'],
    [
      'openSUSE',
      'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"',
      'sudo zypper install mozilla-nss-tools',
    ],
    ['Alpine', 'ID=alpine', 'sudo apk add nss-tools'],
    ['Void', 'ID="void"', 'sudo xbps-install nss'],
    ['Gentoo', 'ID=gentoo', 'sudo USE=utils emerge dev-libs/nss'],
    ['NixOS', 'ID=nixos', 'nix-env -iA nixos.nssTools'],
    ['one that nobody knows', 'ID=unheard', 'sudo apt install libnss3-tools'],
    ['none', '', 'sudo apt install libnss3-tools'],
  ])('on %s', (_, osRelease, command) => {
    const found = packageOfTools(osRelease)
    expect(found.command.join(' ')).toBe(command)
    expect(command).toContain(found.package)
  })
})

describe('a tool that fails', () => {
  /** NSS whose tools say this. */
  function toolsSaying(words: string): NssTools {
    const folder = temporaryFolder()
    const script = `#!/bin/sh\necho 'certutil: could not do it for "canary": ${words}' >&2\nexit 255\n`
    writeFileSync(join(folder, 'certutil'), script, { mode: 0o755 })
    return new NssTools({ PATH: `${folder}:${process.env['PATH'] ?? ''}`, HOME: folder })
  }

  test.each([
    ['SEC_ERROR_BAD_PASSWORD: incorrect password.', 'wrong_password', 'databasePassword'],
    ['SEC_ERROR_READ_ONLY: security library: read-only database.', 'not_writable', 'store'],
    ['SEC_ERROR_BAD_DATABASE: old, unsupported format.', 'busy', 'store'],
    ['SEC_ERROR_PKCS11_GENERAL_ERROR: an unknown error.', 'busy', 'store'],
    ['SEC_ERROR_LEGACY_DATABASE: the database is old.', 'corrupt', 'store'],
    ['SEC_ERROR_PKCS12_UNABLE_TO_IMPORT_KEY: unable.', 'unsupported', 'files'],
    ['PR_FILE_NOT_FOUND_ERROR: File not found', 'not_found', undefined],
    ['out of memory', 'storage', undefined],
  ])('with %s is %s', async (words, code, field) => {
    const failure = toolsSaying(words).run('certutil', ['-L'])
    await expect(failure).rejects.toMatchObject({ code, ...(field && { field }) })
    await expect(failure).rejects.not.toThrow(/canary/)
  })

  test('by not answering is held up by its store, and is ended', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'certutil'), '#!/bin/sh\nexec sleep 1000\n', { mode: 0o755 })
    const tools = new NssTools({ PATH: `${folder}:${process.env['PATH'] ?? ''}` }, 1)
    await expect(tools.run('certutil', ['-L'])).rejects.toMatchObject({
      ...{ code: 'busy', field: 'store' },
    })
  })

  test('that is not there is named', async () => {
    const tools = new NssTools({ PATH: '/nowhere' })
    expect(tools.arePresent).toBe(false)
    await expect(tools.run('pk12util', [])).rejects.toMatchObject({
      ...{ code: 'unsupported', field: 'tools' },
    })
  })
})
