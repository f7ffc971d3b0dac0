import { z } from 'zod'
import { EpochMs } from '../contract/model'
import { toHex } from '../crypto/bytes'
import { decodeJson, encodeJson } from './cells'
import { onlyId, type Place, type Records } from './records'

const hex = z.string().regex(/^([0-9a-f]{2})+$/)

/** A certificate that is no longer good. */
const Revoked = z.strictObject({
  serialNumber: z.string().regex(/^[0-9A-F]{32}$/),
  revokedAt: EpochMs,
  /** When it would have ended by itself: from then on nobody needs to be told. */
  expiresAt: EpochMs,
})
export type Revoked = z.infer<typeof Revoked>

/** The certificate authority in the file. */
const StoredAuthority = z.strictObject({
  /** DER. */
  certificate: hex,
  /** PKCS#8. */
  privateKey: hex,
  /** The number of the list of what is revoked. */
  listNumber: z.number().int().min(1),
  revoked: z.array(Revoked).readonly(),
})
export type StoredAuthority = z.infer<typeof StoredAuthority>

/** Where the authority of a vault lies. */
const place: Place = { kind: 'authority', id: onlyId, version: 0 }

/** Undefined before it is made. @throws CoffretError `corrupt` */
export function readAuthority(records: Records): StoredAuthority | undefined {
  const text = records.find(place)
  if (text === undefined) return undefined
  try {
    return decodeJson(StoredAuthority, text)
  } finally {
    text.fill(0)
  }
}

/** Writes it, inside a transaction. */
export function writeAuthority(records: Records, authority: StoredAuthority): void {
  const text = encodeJson(StoredAuthority, authority)
  records.put(place, text)
  text.fill(0)
}

/** The first list of an authority that was just made. */
export function newAuthority(certificate: Uint8Array, privateKey: Uint8Array): StoredAuthority {
  const revoked: readonly Revoked[] = []
  return {
    certificate: toHex(certificate),
    privateKey: toHex(privateKey),
    listNumber: 1,
    revoked,
  }
}

/**
 * Puts a certificate on the list of those that are no longer good, once. Nothing happens without an
 * authority: then nobody has a certificate of it.
 * @param now what has expired by then leaves the list
 */
export function noteRevoked(records: Records, certificate: Revoked, now: EpochMs): void {
  const authority = readAuthority(records)
  if (authority === undefined) return
  const { revoked, listNumber } = authority
  if (revoked.some(({ serialNumber }) => serialNumber === certificate.serialNumber)) return
  const all = [...revoked, certificate].filter(({ expiresAt }) => now < expiresAt)
  writeAuthority(records, { ...authority, listNumber: listNumber + 1, revoked: all })
}
