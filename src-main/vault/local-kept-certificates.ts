import { CoffretError } from '../contract/errors'
import {
  KeptCertificateId,
  type CertificateFacts,
  type KeptCertificate,
} from '../contract/kept-certificate'
import type { Clock, RandomBytes } from '../env'
import { compareBytes } from '../kv/byte-order'
import {
  allKeptCertificates,
  findKeptCertificate,
  putKeptCertificate,
  removeKeptCertificate,
  type StoredKeptCertificate,
  type StoredWithFile,
  type StoredWithPair,
} from './kept-certificate-records'
import type { UnlockedVault, VaultTransaction } from './unlocked-vault'
import { randomUuid } from './uuid'

/** How many certificates a vault keeps at most. */
export const maxKeptCertificates = 200

/** A key with its certificate and the chain above it. */
export interface KeptFile {
  /** PKCS#12; PEM where an early version kept it. */
  readonly bytes: Uint8Array
  /** Random: it opens PKCS#12. JavaScript cannot wipe texts. */
  readonly password?: string | undefined
}

/** What is to be kept. */
export interface NewKeptCertificate {
  readonly name: string
  readonly facts: CertificateFacts
  /** PKCS#12. */
  readonly file: Required<KeptFile> & { readonly password: string }
  /** The one whose place it takes. */
  readonly replaces?: KeptCertificateId | undefined
}

/** The certificates that a person keeps, sealed in the vault with their keys. Each method is one transaction. */
export class LocalKeptCertificates {
  /** @param unlocked gives the vault, or throws `locked` */
  constructor(
    private readonly unlocked: () => UnlockedVault,
    private readonly environment: { readonly clock: Clock; readonly random: RandomBytes },
  ) {}

  /** By name. @throws CoffretError `locked`, `corrupt` */
  list(): readonly KeptCertificate[] {
    return this.unlocked()
      .read(({ records }) => allKeptCertificates(records))
      .map(shown)
      .sort((a, b) => compareBytes(a.name, b.name))
  }

  /** @throws CoffretError `not_found`, `locked`, `corrupt` */
  find(id: KeptCertificateId): KeptCertificate {
    return shown(this.#existing(id))
  }

  /** @throws CoffretError as {@link find} */
  fileOf(id: KeptCertificateId): KeptFile {
    const stored = this.#existing(id)
    if (!('pkcs12' in stored)) {
      const { privateKey, certificates } = stored
      return { bytes: new TextEncoder().encode(`${privateKey}\n${certificates}`) }
    }
    const { pkcs12, password } = stored
    return { bytes: new Uint8Array(Buffer.from(pkcs12, 'base64')), password }
  }

  /**
   * @throws CoffretError `exists` when the very same certificate is kept; `not_found` with the field
   * `replaces`; `invalid` beyond {@link maxKeptCertificates}; `locked`, `storage`
   */
  keep({ name, facts, file, replaces }: NewKeptCertificate): KeptCertificate {
    const { clock, random } = this.environment
    return this.unlocked().write(({ records }) => {
      const known = allKeptCertificates(records)
      const others = known.filter(({ id }) => id !== replaces)
      if (replaces !== undefined && others.length === known.length) throw missing('replaces')
      if (others.some((one) => one.sha256Fingerprint === facts.sha256Fingerprint)) {
        throw new CoffretError('exists', 'the vault keeps this certificate already')
      }
      if (others.length >= maxKeptCertificates) {
        throw new CoffretError('invalid', `a vault keeps at most ${maxKeptCertificates}`)
      }
      const id = replaces ?? KeptCertificateId.parse(randomUuid(random))
      const { password } = file
      const pkcs12 = Buffer.from(file.bytes).toString('base64')
      const stored = { ...facts, id, name, addedAt: clock.now(), pkcs12, password }
      putKeptCertificate(records, stored)
      return shown(stored)
    })
  }

  /** @throws CoffretError `not_found`, `locked`, `storage` */
  rename(id: KeptCertificateId, name: string): KeptCertificate {
    return this.unlocked().write((transaction) => {
      const renamed = { ...existing(transaction, id), name }
      putKeptCertificate(transaction.records, renamed)
      return shown(renamed)
    })
  }

  /** @throws CoffretError `not_found`, `locked`, `storage` */
  remove(id: KeptCertificateId): void {
    this.unlocked().write(({ records }) => {
      if (!removeKeptCertificate(records, id)) throw missing()
    })
  }

  #existing(id: KeptCertificateId): StoredKeptCertificate {
    return this.unlocked().read((transaction) => existing(transaction, id))
  }
}

function existing({ records }: VaultTransaction, id: KeptCertificateId): StoredKeptCertificate {
  const found = findKeptCertificate(records, id)
  if (found === undefined) throw missing()
  return found
}

function missing(field?: string): CoffretError {
  const options = field === undefined ? {} : { field }
  return new CoffretError('not_found', 'the vault keeps no such certificate', options)
}

/** Without what is nobody's business outside of main. */
function shown(stored: StoredKeptCertificate): KeptCertificate {
  return 'pkcs12' in stored ? withoutFile(stored) : withoutPair(stored)
}

function withoutFile({ pkcs12: _, password: __, ...rest }: StoredWithFile): KeptCertificate {
  return rest
}

function withoutPair({
  certificates: _,
  privateKey: __,
  ...rest
}: StoredWithPair): KeptCertificate {
  return rest
}
