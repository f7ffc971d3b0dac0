import { parseDocument } from 'yaml'
import { CoffretError } from '../contract/errors'
import { VaultId } from '../contract/model'
import { ServerAddress } from '../contract/domain'
import { regionOfAddress } from '../contract/okms-regions'

/** The longest file that is read, in bytes; one profile takes 200. */
export const maxProfileBytes = 256 * 1024

/** More profiles than this are not taken. */
const maxProfiles = 200

/** A profile of okms-cli. Paths are as they were written: `~`, or relative to nobody knows what. */
export interface OkmsProfile {
  readonly name: string
  /** Undefined with the problem `address`. */
  readonly address: ServerAddress | undefined
  /** Undefined for a host of one's own. */
  readonly region: string | undefined
  /** A file with further authorities. */
  readonly authorityFile: string | undefined
  /** `other`: a way that we do not know, for example a key on a token (`yubikey`). */
  readonly auth:
    | {
        readonly kind: 'certificate'
        readonly certificateFile: string
        readonly keyFile: string
      }
    | { readonly kind: 'token'; readonly token: string }
    | { readonly kind: 'other'; readonly type: string }
  /** As written; a certificate's own wins over it. */
  readonly okmsId: VaultId | undefined
  /** Why it cannot be taken over as it is. */
  readonly problems: readonly ('address' | 'auth' | 'files' | 'token' | 'okmsId')[]
}

/** What a file holds. */
export interface OkmsProfiles {
  readonly profiles: readonly OkmsProfile[]
  /** The one that okms-cli uses by default; undefined when there is none of this name. */
  readonly active: string | undefined
}

type Section = ReadonlyMap<unknown, unknown>

/**
 * Reads the configuration file of okms-cli, leniently: names in other spellings, and what is unknown is
 * ignored. No tag is obeyed, and neither aliases nor depth nor length make more of a file than it is.
 * Source: okms-api 9.1.
 * @throws CoffretError `too_large`; `invalid` for what is no such file, without a piece of it
 */
export function readOkmsProfiles(text: string): OkmsProfiles {
  if (Buffer.byteLength(text) > maxProfileBytes) {
    throw new CoffretError('too_large', `a profile file has at most ${maxProfileBytes} bytes`)
  }
  const file = sectionOf(parsedYaml(text))
  if (file === undefined) throw invalid('it is no list of profiles')
  // Without a version it is the old form: profiles at the top, and settings directly in them.
  const version = Number(file.get('version') ?? 0)
  const nested = sectionOf(file.get('profiles'))
  const all = version > 0 || nested !== undefined ? (nested ?? new Map()) : file
  const profiles = [...flattened(all)]
    .flatMap(([name, section]) => profileOf(name, section) ?? [])
    .slice(0, maxProfiles)
  const wanted = textOf(file.get('profile')) ?? 'default'
  const active = profiles.some(({ name }) => name === wanted) ? wanted : undefined
  return { profiles, active }
}

/** How deep a file is looked into; okms-cli needs five levels. */
const maxDepth = 16

function parsedYaml(text: string): unknown {
  checkDepth(text)
  try {
    const document = parseDocument(text, {
      ...{ schema: 'core', merge: false, customTags: [], uniqueKeys: true, strict: true },
      ...{ logLevel: 'silent', prettyErrors: false },
    })
    if (document.errors.length > 0 || document.warnings.length > 0) throw invalid('it is no YAML')
    // Maps: a key named `__proto__` is a key like any other.
    return document.toJS({ mapAsMap: true, maxAliasCount: 20 })
  } catch (error) {
    if (error instanceof CoffretError) throw error
    // Without the cause: its message quotes the file.
    throw invalid('it is no YAML, or too deep')
  }
}

/** The parser calls itself for each level: a bomb would take its stack, and much time before that. */
function checkDepth(text: string): void {
  let flow = 0
  for (const line of text.split(/\r?\n/)) {
    const indent = /^[ \t]*(?:[-?] +)*(?:[-?:] ?){0,99}/.exec(line)?.[0].length ?? 0
    for (const letter of line) {
      if (letter === '[' || letter === '{') flow += 1
      else if (letter === ']' || letter === '}') flow = Math.max(0, flow - 1)
      if (flow > maxDepth) throw invalid('it is too deep')
    }
    if (indent > 8 * maxDepth) throw invalid('it is too deep')
  }
}

/** A dot in a name has made maps within maps of it, in the eyes of okms-cli. */
function* flattened(sections: Section, prefix = ''): Generator<readonly [string, Section]> {
  for (const [key, value] of sections) {
    const section = sectionOf(value)
    if (section === undefined) continue
    const name = prefix + String(key)
    if (isProfile(section)) yield [name, section]
    else if (name.length < 256) yield* flattened(section, `${name}.`)
  }
}

const services = ['restapi', 'http']
const ownFields = ['endpoint', 'ca', 'cert', 'key', 'auth']

function isProfile(section: Section): boolean {
  return [...services, 'kmip', ...ownFields].some((name) => section.has(name))
}

/** Undefined for a profile of KMIP alone, which is not for us. */
function profileOf(name: string, profile: Section): OkmsProfile | undefined {
  const service = services.map((one) => sectionOf(profile.get(one))).find((one) => one)
  if (service === undefined && !ownFields.some((field) => profile.has(field))) return undefined
  // The old form has its settings in the profile, and those of a service within it.
  const field = (key: string): unknown => service?.get(key) ?? profile.get(key)
  const ways = sectionOf(field('auth'))
  const authField = (...keys: readonly string[]) =>
    keys.map((key) => textOf(ways?.get(key)) ?? textOf(field(key))).find((one) => one !== undefined)
  const address = ServerAddress.safeParse(field('endpoint')).data
  const okmsText = authField('okmsId', 'okms-id', 'okmsid')
  const okmsId = VaultId.safeParse(okmsText?.toLowerCase()).data
  const auth = authOf(textOf(ways?.get('type')) ?? 'mtls', authField)
  return {
    ...{ name: name.slice(0, 128), address, okmsId, auth },
    region: address === undefined ? undefined : regionOfAddress(address),
    authorityFile: textOf(field('ca')),
    problems: [
      ...(address === undefined ? (['address'] as const) : []),
      ...problemsOf(auth, okmsId),
    ],
  }
}

function authOf(
  type: string,
  field: (...keys: readonly string[]) => string | undefined,
): OkmsProfile['auth'] {
  if (type === 'token') return { kind: 'token', token: field('token') ?? '' }
  if (type !== 'mtls') return { kind: 'other', type: type.slice(0, 32) }
  return { kind: 'certificate', certificateFile: field('cert') ?? '', keyFile: field('key') ?? '' }
}

/** A token says nothing of its domain; a certificate does. */
function problemsOf(
  auth: OkmsProfile['auth'],
  okmsId: VaultId | undefined,
): OkmsProfile['problems'] {
  switch (auth.kind) {
    case 'other':
      return ['auth']
    case 'certificate':
      return auth.certificateFile === '' || auth.keyFile === '' ? ['files'] : []
    case 'token':
      return [
        ...(auth.token === '' ? (['token'] as const) : []),
        ...(okmsId === undefined ? (['okmsId'] as const) : []),
      ]
  }
}

function sectionOf(value: unknown): Section | undefined {
  return value instanceof Map ? value : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 16_384 ? value : undefined
}

function invalid(problem: string): CoffretError {
  return new CoffretError('invalid', `the profile file cannot be read: ${problem}`)
}
