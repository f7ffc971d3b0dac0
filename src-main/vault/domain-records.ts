import { createHash } from 'node:crypto'
import { z } from 'zod'
import { DomainProfile, type DomainId } from '../contract/domain'
import { decodeJson, encodeJson } from './cells'
import { recordIdBytes, type Place, type Records } from './records'

/** With what a domain is entered, as it is kept. */
const StoredSecret = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('certificate'),
    certificate: z.string().min(1).max(262_144),
    privateKey: z.string().min(1).max(32_768),
  }),
  z.strictObject({ kind: z.literal('token'), token: z.string().min(1).max(16_384) }),
])

/** A domain in the file: its profile, and what opens it. */
const StoredDomain = z.strictObject({ profile: DomainProfile, secret: StoredSecret })
export type StoredDomain = z.infer<typeof StoredDomain>

/** All domains, in no order. @throws CoffretError `corrupt` */
export function allDomains(records: Records): StoredDomain[] {
  return records.all('domain').map(decode)
}

/** How many domains there are. @throws CoffretError `corrupt` when one of them is damaged */
export function countDomains(records: Records): number {
  return allDomains(records).length
}

/** @throws CoffretError `corrupt` */
export function findDomain(records: Records, id: DomainId): StoredDomain | undefined {
  const text = records.find(placeOf(id))
  return text === undefined ? undefined : decode(text)
}

/** Writes a domain, over an earlier state of it. */
export function putDomain(records: Records, domain: StoredDomain): void {
  const text = encodeJson(StoredDomain, domain)
  records.put(placeOf(domain.profile.id), text)
  text.fill(0)
}

/** Erases a domain. @returns whether there was one */
export function removeDomain(records: Records, id: DomainId): boolean {
  return records.remove(placeOf(id))
}

/** Makes these the domains of a vault, in the place of those that it has. @param texts their records */
export function replaceDomains(records: Records, texts: readonly Uint8Array[]): void {
  for (const { profile } of allDomains(records)) removeDomain(records, profile.id)
  for (const text of texts) {
    const { profile } = decodeJson(StoredDomain, text)
    records.put(placeOf(profile.id), text)
    text.fill(0)
  }
}

function decode(text: Uint8Array): StoredDomain {
  try {
    return decodeJson(StoredDomain, text)
  } finally {
    text.fill(0)
  }
}

/** The freshness tree tells entries apart by their beginning: whatever ids are, these differ there. */
function placeOf(id: DomainId): Place {
  const hash = createHash('sha256').update(`coffret/1/domain/${id}`).digest()
  return { kind: 'domain', id: new Uint8Array(hash).slice(0, recordIdBytes), version: 0 }
}
