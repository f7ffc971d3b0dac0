/** A region of OKMS as people know it. */
export interface OkmsRegion {
  /** As it stands in an address. */
  readonly id: string
  readonly place: string
}

/** The regions that are known; there may be more. Source: okms-api 8.5. */
export const okmsRegions: readonly OkmsRegion[] = [
  { id: 'eu-west-par', place: 'Paris' },
  { id: 'eu-west-gra', place: 'Gravelines' },
  { id: 'eu-west-rbx', place: 'Roubaix' },
  { id: 'eu-west-sbg', place: 'Strasbourg' },
  { id: 'eu-west-lim', place: 'Limburg' },
  { id: 'eu-west-eri', place: 'Erith' },
  { id: 'eu-central-waw', place: 'Warsaw' },
  { id: 'eu-south-mil', place: 'Milan' },
  { id: 'ca-east-bhs', place: 'Beauharnois' },
  { id: 'ca-east-tor', place: 'Toronto' },
  { id: 'ap-southeast-sgp', place: 'Singapore' },
  { id: 'ap-southeast-syd', place: 'Sydney' },
  { id: 'ap-south-mum', place: 'Mumbai' },
  { id: 'us-east-vin', place: 'Vint Hill' },
]

/** A region as it stands in an address: older texts write `EU_WEST_RBX`. */
export function normalRegion(text: string): string {
  return text.trim().toLowerCase().replaceAll('_', '-')
}

/** The address of a region; those of the United States are a platform of their own. */
export function okmsAddress(region: string): string {
  const id = normalRegion(region)
  return `https://${id}.okms.ovh.${id.startsWith('us-') ? 'us' : 'net'}`
}

/** The region that an address is of; undefined for any other host. */
export function regionOfAddress(address: string): string | undefined {
  return /^https:\/\/([a-z0-9-]+)\.okms\.ovh\.(?:net|us)(?::443)?\/?$/i
    .exec(address)?.[1]
    ?.toLowerCase()
}
