import { createHash } from 'node:crypto'
import { z } from 'zod'
import { KeptCertificate, type KeptCertificateId } from '../contract/kept-certificate'
import { decodeJson, encodeJson } from './cells'
import { recordIdBytes, type Place, type Records } from './records'

/** A certificate in the file: what lists show, and the PKCS#12 file of it with what opens that. */
const WithFile = z.strictObject({
  ...KeptCertificate.shape,
  /** Base64: the key, its certificate, and the chain above it. */
  pkcs12: z
    .string()
    .max(393_216)
    .regex(/^[A-Za-z0-9+/]+={0,2}$/),
  password: z.string().min(16).max(128),
})

/** As it was kept at first, in PEM; it is read for good, since a key may lie nowhere else. */
const WithPair = z.strictObject({
  ...KeptCertificate.shape,
  /** The certificate of the key, then the chain above it. */
  certificates: z.string().min(1).max(262_144),
  /** PKCS#8, unencrypted. */
  privateKey: z.string().min(1).max(32_768),
})

const StoredKeptCertificate = z.union([WithFile, WithPair])
export type StoredWithFile = z.infer<typeof WithFile>
export type StoredWithPair = z.infer<typeof WithPair>
export type StoredKeptCertificate = z.infer<typeof StoredKeptCertificate>

/** All of them, in no order. @throws CoffretError `corrupt` */
export function allKeptCertificates(records: Records): StoredKeptCertificate[] {
  return records.all('keptCertificate').map(decode)
}

/** How many there are. @throws CoffretError `corrupt` when one of them is damaged */
export function countKeptCertificates(records: Records): number {
  return allKeptCertificates(records).length
}

/** @throws CoffretError `corrupt` */
export function findKeptCertificate(
  records: Records,
  id: KeptCertificateId,
): StoredKeptCertificate | undefined {
  const text = records.find(placeOf(id))
  return text === undefined ? undefined : decode(text)
}

/** Writes one, over an earlier state of it. */
export function putKeptCertificate(records: Records, certificate: StoredKeptCertificate): void {
  const text = encodeJson(StoredKeptCertificate, certificate)
  records.put(placeOf(certificate.id), text)
  text.fill(0)
}

/** Erases one. @returns whether there was one */
export function removeKeptCertificate(records: Records, id: KeptCertificateId): boolean {
  return records.remove(placeOf(id))
}

/** Makes these the ones of a vault, in the place of those that it has. @param texts their records */
export function replaceKeptCertificates(records: Records, texts: readonly Uint8Array[]): void {
  for (const { id } of allKeptCertificates(records)) removeKeptCertificate(records, id)
  for (const text of texts) putKeptCertificate(records, decode(text))
}

/** Takes over those that are not kept here, neither the same one nor another state of it. */
export function mergeKeptCertificates(records: Records, texts: readonly Uint8Array[]): void {
  const own = allKeptCertificates(records)
  const ids = new Set<string>(own.map(({ id }) => id))
  const fingerprints = new Set(own.map(({ sha256Fingerprint }) => sha256Fingerprint))
  for (const other of texts.map(decode)) {
    const isKnown = ids.has(other.id) || fingerprints.has(other.sha256Fingerprint)
    if (!isKnown) putKeptCertificate(records, other)
  }
}

function decode(text: Uint8Array): StoredKeptCertificate {
  try {
    return decodeJson(StoredKeptCertificate, text)
  } finally {
    text.fill(0)
  }
}

function placeOf(id: KeptCertificateId): Place {
  const hash = createHash('sha256').update(`coffret/1/kept-certificate/${id}`).digest()
  return { kind: 'keptCertificate', id: new Uint8Array(hash).slice(0, recordIdBytes), version: 0 }
}
