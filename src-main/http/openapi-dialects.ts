import type { z } from 'zod'
import { OkmsError } from '../wire/okms-v1-shapes'
import { CentralError } from '../wire/okms-v2-shapes'
import type { Dialect } from '../wire/operation'
import { VaultErrors } from '../wire/vault-envelope'
import type { Part } from './openapi-schema'

/** The errors of the dialects, by their names in the document. */
export const errorSchemas: Readonly<Record<string, z.ZodType>> = {
  VaultError: VaultErrors,
  OkmsError,
  CentralError,
}

/** What every operation of a dialect has in common. */
interface DialectRow {
  readonly tag: string
  readonly description: string
  readonly error: string
}

/** The dialects as the document names them. */
export const dialects = {
  kv2: {
    tag: 'KV version 2',
    description: 'Secrets with versions, as Vault serves them',
    error: 'VaultError',
  },
  kv1: {
    tag: 'KV version 1',
    description: 'Secrets without versions, as Vault serves them',
    error: 'VaultError',
  },
  system: {
    tag: 'System',
    description: 'What Vault clients ask around their secrets',
    error: 'VaultError',
  },
  'okms-v1': {
    tag: 'OKMS, KV version 2',
    description: 'The addresses for Vault clients of an OKMS domain',
    error: 'OkmsError',
  },
  'okms-v2': {
    tag: 'OKMS REST',
    description: 'The REST API of an OKMS domain',
    error: 'OkmsError',
  },
  'okms-central': {
    tag: 'OKMS REST, central',
    description: 'The same under the prefix of the central API',
    error: 'CentralError',
  },
} as const satisfies Record<Dialect, DialectRow>

/** The credentials that a caller may show; one is enough. */
export const securitySchemes: Part = {
  certificate: {
    type: 'mutualTLS',
    description: 'A client certificate issued by the vault. A browser offers it by itself.',
  },
  bearer: { type: 'http', scheme: 'bearer', description: 'A token of the vault.' },
  vaultToken: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Vault-Token',
    description: 'The same token, as Vault clients send it.',
  },
}
