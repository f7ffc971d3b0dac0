/** What a client needs to reach the local API. */
export interface ClientAccess {
  /** `https://127.0.0.1:8250` */
  readonly address: string
  readonly okmsId: string
  /** The authority's certificate as a PEM file. */
  readonly caFile: string
  /** How it shows who it is. */
  readonly credential:
    | { readonly kind: 'token'; readonly token: string }
    | { readonly kind: 'certificate'; readonly certificate: string; readonly key: string }
}

/** The clients that lines are made for, in the order in which they are offered. */
export const clients = ['shell', 'powershell', 'bao', 'okms', 'curl', 'hvac', 'node-vault'] as const

/** One of {@link clients}. */
export type ClientName = (typeof clients)[number]

/** Lines to copy, which read the secrets at the top of `secret/`, or set up what does. */
export function linesFor(client: ClientName, access: ClientAccess): string {
  return makers[client](access)
}

const makers: Readonly<Record<ClientName, (access: ClientAccess) => string>> = {
  shell: (access) =>
    variablesOf(access)
      .map(([name, value]) => `export ${name}=${shellWord(value)}`)
      .join('\n'),
  powershell: (access) =>
    variablesOf(access)
      .map(([name, value]) => `$env:${name} = ${powershellWord(value)}`)
      .join('\n'),
  bao: (access) => `${makers.shell(access)}\n\nbao kv list secret/`,
  okms: okmsProfile,
  curl: curlLine,
  hvac: pythonLines,
  'node-vault': nodeLines,
}

/** Source: the environment variables of the Vault and OpenBao command lines. */
function variablesOf({ address, caFile, credential }: ClientAccess): [string, string][] {
  const common: [string, string][] = [
    ['VAULT_ADDR', address],
    ['VAULT_CACERT', caFile],
  ]
  if (credential.kind === 'token') return [...common, ['VAULT_TOKEN', credential.token]]
  return [
    ...common,
    ['VAULT_CLIENT_CERT', credential.certificate],
    ['VAULT_CLIENT_KEY', credential.key],
  ]
}

/** `~/.ovh-kms/okms.yaml`. JSON strings are YAML strings. Source: okms-cli, configuration file. */
function okmsProfile({ address, okmsId, caFile, credential }: ClientAccess): string {
  const auth =
    credential.kind === 'token'
      ? ['type: token', `token: ${JSON.stringify(credential.token)}`, `okmsId: ${okmsId}`]
      : [
          'type: mtls',
          `cert: ${JSON.stringify(credential.certificate)}`,
          `key: ${JSON.stringify(credential.key)}`,
        ]
  return [
    'version: 1',
    'profile: coffret',
    'profiles:',
    '  coffret:',
    '    restapi:',
    `      endpoint: ${address}`,
    `      ca: ${JSON.stringify(caFile)}`,
    '      auth:',
    ...auth.map((line) => `        ${line}`),
  ].join('\n')
}

function curlLine({ address, caFile, credential }: ClientAccess): string {
  const parts = [`curl --cacert ${shellWord(caFile)}`]
  if (credential.kind === 'token') {
    // Not as an argument: those are shown to everyone on the machine.
    const header = `printf 'X-Vault-Token: %s' ${shellWord(credential.token)}`
    return `${header} |\n  ${parts[0]} --header @- ${shellWord(`${address}/v1/secret/metadata?list=true`)}`
  }
  parts.push(`--cert ${shellWord(credential.certificate)}`, `--key ${shellWord(credential.key)}`)
  return `${parts.join(' ')} \\\n  ${shellWord(`${address}/v1/secret/metadata?list=true`)}`
}

function pythonLines({ address, caFile, credential }: ClientAccess): string {
  const shown =
    credential.kind === 'token'
      ? `token=${JSON.stringify(credential.token)}`
      : `cert=(${JSON.stringify(credential.certificate)}, ${JSON.stringify(credential.key)})`
  return [
    'import hvac',
    '',
    'client = hvac.Client(',
    `    url=${JSON.stringify(address)},`,
    `    verify=${JSON.stringify(caFile)},`,
    `    ${shown},`,
    ')',
    'print(client.secrets.kv.v2.list_secrets(path=""))',
  ].join('\n')
}

function nodeLines({ address, caFile, credential }: ClientAccess): string {
  const files =
    credential.kind === 'token'
      ? [`ca: readFileSync(${JSON.stringify(caFile)}),`]
      : [
          `ca: readFileSync(${JSON.stringify(caFile)}),`,
          `cert: readFileSync(${JSON.stringify(credential.certificate)}),`,
          `key: readFileSync(${JSON.stringify(credential.key)}),`,
        ]
  return [
    `import { readFileSync } from ${JSON.stringify('node:fs')}`,
    `import nodeVault from ${JSON.stringify('node-vault')}`,
    '',
    'const vault = nodeVault({',
    `  endpoint: ${JSON.stringify(address)},`,
    ...(credential.kind === 'token' ? [`  token: ${JSON.stringify(credential.token)},`] : []),
    '  requestOptions: {',
    ...files.map((line) => `    ${line}`),
    '  },',
    '})',
    "console.log(await vault.list('secret/metadata'))",
  ].join('\n')
}

/** A word for a POSIX shell that stands for this text and nothing else. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** The same for PowerShell, where an apostrophe is doubled. */
function powershellWord(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
