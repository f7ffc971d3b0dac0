import { fromHex } from '../crypto/bytes'
import type { AuthorityKeeper, KeptAuthority, Revocations } from '../kv/authority-keeper'
import { newAuthority, readAuthority, writeAuthority } from './authority-record'
import type { UnlockedVault } from './unlocked-vault'

/**
 * The certificate authority of a vault, sealed in it: its key is in no other file. Each method is one
 * transaction. What is revoked comes from the credentials, see `local-credentials.ts`.
 */
export class LocalAuthority implements AuthorityKeeper {
  /** @param unlocked gives the vault, or throws `locked` */
  constructor(private readonly unlocked: () => UnlockedVault) {}

  find(): KeptAuthority | undefined {
    const found = this.unlocked().read(({ records }) => readAuthority(records))
    return found === undefined ? undefined : opened(found)
  }

  keep({ certificate, privateKey }: KeptAuthority): KeptAuthority {
    return this.unlocked().write(({ records }) => {
      const known = readAuthority(records)
      if (known !== undefined) return opened(known)
      const made = newAuthority(certificate, privateKey)
      writeAuthority(records, made)
      return opened(made)
    })
  }

  revocations(): Revocations {
    const vault = this.unlocked()
    const now = vault.clock.now()
    const found = vault.read(({ records }) => readAuthority(records))
    const revoked = (found?.revoked ?? []).filter(({ expiresAt }) => now < expiresAt)
    return {
      number: found?.listNumber ?? 1,
      revoked: revoked.map(({ serialNumber, revokedAt }) => ({ serialNumber, revokedAt })),
    }
  }
}

function opened(stored: { readonly certificate: string; readonly privateKey: string }) {
  return { certificate: fromHex(stored.certificate), privateKey: fromHex(stored.privateKey) }
}
