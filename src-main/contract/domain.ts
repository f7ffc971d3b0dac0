import './without-eval'
import { z } from 'zod'
import { EpochMs, MountName, VaultId } from './model'
import { normalRegion } from './okms-regions'

/** What a domain is called within the program: a UUID in lower case. Its stores begin with it. */
export const DomainId = VaultId
export type DomainId = VaultId

/**
 * Which server a domain is, and how it is spoken to. `okms-rest`, `okms-kv2`: the two APIs of an OKMS
 * domain. `okms-central`: OVHcloud's central API, by token. `vault`: a Vault or OpenBao server.
 */
export const DomainKind = z.enum(['okms-rest', 'okms-kv2', 'okms-central', 'vault'])
export type DomainKind = z.infer<typeof DomainKind>

/** A host as a URL has it: a name, an IPv4 address, or an IPv6 address in brackets. */
const host = String.raw`(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])`
const addressPattern = new RegExp(`^https://${host}(?::\\d{1,5})?(?:/[\\w.~-]{1,64}){0,8}$`)
const proxyPattern = new RegExp(`^http://${host}:\\d{1,5}$`)

function isParsable(text: string): boolean {
  try {
    const { pathname, port } = new URL(text)
    // `URL` folds dot segments, so that what is shown and what is asked would differ.
    return port !== '0' && !/(^|\/)\.\.?(\/|$)/.test(text.slice(8)) && pathname !== ''
  } catch {
    return false
  }
}

/**
 * Where a server is: `https://host[:port][/prefix]`, in lower case but for the prefix, without a slash
 * at the end, a user or a query. Nothing but TLS.
 */
export const ServerAddress = z
  .string()
  .max(512)
  .transform((text) => {
    const bare = text.trim().replace(/\/+$/, '')
    return bare.replace(/^[^/]*\/\/[^/]*/, (origin) => origin.toLowerCase())
  })
  .refine(
    (text) => addressPattern.test(text) && isParsable(text),
    'address is https://host[:port][/prefix]',
  )
  .brand('ServerAddress')
export type ServerAddress = z.infer<typeof ServerAddress>

/** An HTTP proxy that tunnels by CONNECT: `http://host:port`. It sees the name of the server and no more. */
export const ProxyAddress = z
  .string()
  .max(300)
  .transform((text) => text.trim().replace(/\/+$/, '').toLowerCase())
  .refine((text) => proxyPattern.test(text) && isParsable(text), 'proxy is http://host:port')
  .brand('ProxyAddress')
export type ProxyAddress = z.infer<typeof ProxyAddress>

/**
 * Who may sign the server's certificate: the public authorities, those of a PEM text, or either.
 */
export const TrustedAuthorities = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('public') }),
  z.strictObject({
    kind: z.literal('own'),
    /** At most 64 KiB. */
    pem: z.string().min(1).max(65_536),
    withPublic: z.boolean(),
  }),
])
export type TrustedAuthorities = z.infer<typeof TrustedAuthorities>

/** A mount of a Vault server, where they are named and not asked for. */
export const DomainMount = z.strictObject({
  name: MountName,
  version: z.union([z.literal(1), z.literal(2)]),
})
export type DomainMount = z.infer<typeof DomainMount>

const common = {
  id: DomainId,
  /** Free words, 1 to 128 characters. */
  label: z.string().trim().min(1).max(128),
  address: ServerAddress,
  authorities: TrustedAuthorities,
  proxy: ProxyAddress.optional(),
  /** How we show who we are; the certificate's key or the token itself is kept elsewhere, sealed. */
  auth: z.enum(['certificate', 'token']),
  /** When the client certificate ends. */
  expiresAt: EpochMs.optional(),
}

const okms = {
  ...common,
  okmsId: VaultId,
  /** Free: the list of regions grows. */
  region: z
    .string()
    .max(64)
    .transform(normalRegion)
    .pipe(z.string().regex(/^[a-z0-9-]+$/))
    .optional(),
}

const OkmsRest = z.strictObject({ ...okms, kind: z.literal('okms-rest') })
const OkmsKv2 = z.strictObject({ ...okms, kind: z.literal('okms-kv2') })
const OkmsCentral = z.strictObject({
  ...okms,
  kind: z.literal('okms-central'),
  // It knows no certificates. Source: okms-api 11.
  auth: z.literal('token'),
})
const Vault = z.strictObject({
  ...common,
  kind: z.literal('vault'),
  /** Vault Enterprise and OpenBao divide a server so. */
  namespace: z
    .string()
    .regex(/^[\w./-]{1,256}$/)
    .optional(),
  /** Where certificates log in; `cert` unless told. */
  loginMount: MountName.optional(),
  /** Those to show; the server is asked when absent. */
  mounts: z.array(DomainMount).max(64).readonly().optional(),
})

/** What is kept of a domain; nothing in it opens anything. */
export const DomainProfile = z.discriminatedUnion('kind', [OkmsRest, OkmsKv2, OkmsCentral, Vault])
export type DomainProfile = z.infer<typeof DomainProfile>

/** What the credential says, and the id, are not typed by anybody. */
const derived = { id: true, auth: true, expiresAt: true } as const

/** A domain as a person describes it. */
export const DomainDraft = z.discriminatedUnion('kind', [
  OkmsRest.omit(derived),
  OkmsKv2.omit(derived),
  OkmsCentral.omit(derived),
  Vault.omit(derived),
])
export type DomainDraft = z.infer<typeof DomainDraft>
