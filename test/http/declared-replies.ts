import type { JsonValue } from '../../src-main/contract/json'
import { decodeOnce } from '../../src-main/http/request-target'
import { fit } from '../../src-main/wire/json-shape'
import { kv1 } from '../../src-main/wire/kv1-operations'
import { kv2 } from '../../src-main/wire/kv2-operations'
import type { Operation } from '../../src-main/wire/operation'
import { recovery, snapshots } from '../../src-main/wire/snapshot-operations'
import { system } from '../../src-main/wire/system-operations'
import { VaultErrors } from '../../src-main/wire/vault-envelope'

const systemOperations: readonly Operation[] = Object.values({
  ...system,
  ...snapshots,
})
const mounts: Readonly<Record<string, readonly Operation[]>> = {
  secret: Object.values({ ...kv2, recover: recovery.version2 }),
  kv: Object.values({ ...kv1, recover: recovery.version1 }),
}

/**
 * Problems of a reply under `/v1` with the declaration of its operation. A refusal that is not declared
 * must have the dialect's error body.
 */
export function declaredProblems(
  method: string,
  rawTarget: string,
  status: number,
  body: JsonValue | undefined,
): string[] {
  const [rawPath = '', query = ''] = rawTarget.split('?')
  const isList = method === 'LIST' || (method === 'GET' && /(^|&)list=(true|1)/.test(query))
  const verb = isList ? 'LIST' : method === 'HEAD' ? 'GET' : method
  const candidates = operationsAt(verb, rawPath).map((one) =>
    problemsOf(one, status, body, rawTarget),
  )
  const fitting = candidates.find((problems) => problems.length === 0)
  return fitting ?? candidates[0] ?? problemsOf(undefined, status, body, rawTarget)
}

function problemsOf(
  operation: Operation | undefined,
  status: number,
  body: JsonValue | undefined,
  rawTarget: string,
): string[] {
  const declared = operation?.replies[status]
  if (declared !== undefined) {
    if (declared.schema === undefined) return body === undefined ? [] : ['a body is not declared']
    const problems = problemsWith(declared.schema, body)
    // A 404 is either the declared one with data, or the plain one, or empty.
    if (status !== 404 || problems.length === 0) return problems
  }
  if (status < 400) return [`${status} is not declared for ${operation?.id ?? rawTarget}`]
  if (body === undefined || (body instanceof Map && body.has('request_id'))) return []
  return problemsWith(VaultErrors, body)
}

function problemsWith(schema: Parameters<typeof fit>[0], body: JsonValue | undefined): string[] {
  if (body === undefined) return ['a body is missing']
  const result = schema.safeParse(fit(schema, body))
  return result.success
    ? []
    : result.error.issues.map((one) => `${one.path.join('.')} ${one.message}`)
}

/** The operations that an address may mean; a mount of another name may have either version. */
function operationsAt(verb: string, rawPath: string): Operation[] {
  let segments: string[]
  try {
    segments = decodeOnce(rawPath)
      .split('/')
      .filter((part) => part !== '')
  } catch {
    return []
  }
  const mount = segments[1] ?? ''
  const isSystem = mount === 'sys' || mount === 'auth'
  const operations = isSystem ? systemOperations : (mounts[mount] ?? Object.values(mounts).flat())
  const path = `/${segments.join('/')}`
  return operations.filter(
    (one) => (one.methods as readonly string[]).includes(verb) && patternOf(one).test(path),
  )
}

function patternOf({ path }: Operation): RegExp {
  return new RegExp(`^${path.replace('{path}', '.+').replaceAll(/\{\w+\}/g, '[^/]+')}$`)
}
