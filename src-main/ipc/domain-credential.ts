import type { CallArguments } from '../contract/calls'
import type { DomainInspection } from '../contract/domain-calls'
import { VaultId } from '../contract/model'
import type { DomainSecret } from '../kv/domain-book'
import { tokenOfProfile } from '../stores/domains/imported-profiles'
import type { StoreRegistry } from '../stores/store-registry'
import { credentialOfKept, withKeptFile } from './kept-credential'
import type { CredentialTools, NamedBytes } from './ports'

type Credential = CallArguments<'domain.add'>['credential']

/** What credentials are read with. */
interface Sources {
  readonly stores: StoreRegistry
  readonly credentials: CredentialTools
}

/**
 * What a domain is entered with, out of what the window sent. The bytes are wiped; the text that is made of
 * them cannot be.
 * @throws CoffretError as `CredentialTools.extractPem`, `invalid` for a token that is no text
 */
export async function secretOf(credential: Credential, sources: Sources): Promise<DomainSecret> {
  switch (credential.kind) {
    case 'files':
      return secretInFiles(credential, sources.credentials)
    case 'keptCertificate':
      return credentialOfKept(sources, credential)
    case 'token':
      return { kind: 'token', token: wipedText(credential.token).trim() }
    case 'profile': {
      const { file, name } = credential
      try {
        return { kind: 'token', token: tokenOfProfile(file, name) }
      } finally {
        file.fill(0)
      }
    }
  }
}

async function secretInFiles(
  { files, password }: Extract<Credential, { kind: 'files' }>,
  tools: CredentialTools,
): Promise<DomainSecret> {
  try {
    const pem = await tools.extractPem({ files, keyPassword: password, newKeyPassword: undefined })
    const [certificate, privateKey] = [wipedText(pem.certificates), wipedText(pem.key)]
    return { kind: 'certificate', certificate, privateKey }
  } finally {
    for (const { bytes } of files) bytes.fill(0)
  }
}

function wipedText(bytes: Uint8Array): string {
  try {
    return new TextDecoder().decode(bytes)
  } finally {
    bytes.fill(0)
  }
}

/** What files, or a kept certificate, say of a domain, and what that proposes. */
export async function inspected(
  input: CallArguments<'domain.inspect'>,
  sources: Sources,
): Promise<DomainInspection> {
  if ('files' in input) return inspectedFiles(input, sources)
  return withKeptFile(sources, input.kept, ({ files, keyPassword: password, name }) =>
    inspectedFiles({ files, password, name }, sources),
  )
}

async function inspectedFiles(
  given: { files: readonly NamedBytes[]; password?: string | undefined; name?: string },
  { stores: { domains }, credentials }: Sources,
): Promise<DomainInspection> {
  const { files, password } = given
  const report = await credentials.inspect({ files, password })
  const [leaf] = report.certificates
  const okmsId = VaultId.safeParse(leaf?.okmsDomainId?.toLowerCase()).data
  const alike = domains.list().filter((one) => okmsId !== undefined && one.okmsId === okmsId)
  const [known] = alike
  const name = given.name ?? report.friendlyName ?? commonNameOf(leaf?.subject)
  const usual = okmsId === undefined ? name : (given.name ?? `OKMS ${okmsId.slice(0, 8)}`)
  return {
    report,
    ...(okmsId === undefined ? {} : { okmsId }),
    ...(leaf === undefined ? {} : { endsAt: leaf.validTo }),
    proposal: {
      kind: known?.kind ?? (okmsId === undefined ? 'vault' : 'okms-rest'),
      label: known?.label ?? usual,
      ...(known?.region === undefined ? {} : { region: known.region }),
      ...(known === undefined ? {} : { address: known.address }),
    },
    known: alike.map(({ id }) => id),
  }
}

/** As a proposal: empty where there is none. */
function commonNameOf(subject = ''): string {
  return (/(?:^|, )CN=((?:[^,\\]|\\.)+)/.exec(subject)?.[1] ?? '').slice(0, 128)
}
