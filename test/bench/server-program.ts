import { readFileSync } from 'node:fs'
import { fullScope } from '../../src-main/contract/access'
import { systemClock as clock, systemRandom as random } from '../../src-main/env'
import { createVaultListener } from '../../src-main/http/vault-listener'
import { certificateOffice } from '../../src-main/pki/office'
import { systemTimers } from '../../src-main/shell/timers'
import { LocalAccess } from '../../src-main/stores/local-access'
import { vaultToServe } from '../../src-main/stores/served-vault'
import { LocalVault } from '../../src-main/vault/local-vault'

/** How to reach a served vault, with a credential for everything. */
export interface Served {
  readonly address: string
  readonly okmsId: string
  /** PEM, all three. */
  readonly authority: string
  readonly certificate: string
  readonly privateKey: string
}

/**
 * A program that serves a vault as the app does, audit log included, until it is killed. Arguments: the
 * file; the recovery words come on its standard input, and how to reach it goes to its output.
 */
async function main(): Promise<void> {
  const [file = ''] = process.argv.slice(2)
  const onFault = (error: unknown) => console.error(error)
  const audit = { after: systemTimers.after, onFault }
  const vault = LocalVault.open({ file, clock, random, audit, sharesTurns: true })
  await vault.unlockWithRecoveryWords(readFileSync(0, 'utf8'))
  const access = new LocalAccess(vault, {
    office: certificateOffice({ clock, random }),
    clock,
    random,
  })
  const listener = createVaultListener({
    ...{ clock, random, version: 'bench', onFault },
    vault: () => vaultToServe(vault),
    identity: () => access.serverIdentity(),
  })
  const { address } = await listener.start({ port: 0 })
  const issued = await access.issueCertificate({ name: 'bench', scope: fullScope })
  const { authority } = await access.serverIdentity()
  const { certificate, privateKey = '' } = issued
  const served: Served = {
    address: address ?? '',
    okmsId: vault.id,
    authority,
    certificate,
    privateKey,
  }
  process.stdout.write(`${JSON.stringify(served)}\n`)
}

void main()
