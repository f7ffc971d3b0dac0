import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { signatureAlgorithms } from '../../src-main/wire/tls-signatures'
import { vaultWithListener } from '../http/served-vault'

/** What a server asks client certificates to sign with; releases of OpenSSL write it in different case. */
async function askedFor(port: number, version: string): Promise<string[]> {
  const args = ['s_client', '-connect', `127.0.0.1:${port}`, version, '-no_ign_eof']
  const running = promisify(execFile)('openssl', args)
  running.child.stdin?.end()
  const { stdout } = await running
  return /^Requested Signature Algorithms: (.*)$/m.exec(stdout)?.[1]?.toLowerCase().split(':') ?? []
}

// Any default of Node would pass the handshakes here: the window's tests make them against Electron.
test.each(['-tls1_2', '-tls1_3'])(
  'a vault asks for every kind of signature, %s',
  async (version) => {
    const { listener } = await vaultWithListener()
    await listener.start({ port: 0 })
    const asked = await askedFor(listener.status?.port ?? 0, version)
    expect(asked).toEqual([
      ...['ecdsa+sha256', 'ecdsa+sha384', 'ecdsa+sha512', 'ed25519'],
      ...['rsa-pss+sha256', 'rsa-pss+sha384', 'rsa-pss+sha512'],
      ...['rsa+sha256', 'rsa+sha384', 'rsa+sha512'],
    ])
    expect(asked).toHaveLength(signatureAlgorithms.split(':').length)
  },
)
