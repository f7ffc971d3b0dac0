import type { JsonValue } from '../../src-main/contract/json'
import { matchPath, withMethod } from '../../src-main/http/match'
import { parseTarget } from '../../src-main/http/request-target'
import { okmsV2Address } from '../../src-main/http/secret-address'
import { fit } from '../../src-main/wire/json-shape'
import { okmsCentral, okmsV2 } from '../../src-main/wire/okms-v2-operations'

const prefixes = [
  { start: /^\/api\/[^/]+\/v2\//, length: 3, operations: Object.values(okmsV2) },
  { start: /^\/v2\/okms\/resource\//, length: 4, operations: Object.values(okmsCentral) },
]

/**
 * Problems of a success of the REST API with the declaration of its operation: what our client reads
 * replies with.
 */
export function declaredOkmsProblems(
  method: string,
  rawTarget: string,
  status: number,
  body: JsonValue | undefined,
): string[] {
  const prefix = prefixes.find(({ start }) => start.test(rawTarget))
  if (prefix === undefined || status >= 400) return []
  const { rawSegments } = parseTarget(rawTarget)
  const { segments } = okmsV2Address(rawSegments.slice(prefix.length))
  const routes = prefix.operations.map((operation) => ({ operation }))
  const all = [...rawSegments.slice(0, prefix.length), ...segments]
  const declared = withMethod(matchPath(routes, all, 'one'), method)?.route.operation
  const replies: Readonly<Record<number, { readonly schema?: Parameters<typeof fit>[0] }>> =
    declared?.replies ?? {}
  const reply = replies[status]
  if (reply === undefined) return [`${status} is not declared for ${declared?.id ?? rawTarget}`]
  if (reply.schema === undefined) return body === undefined ? [] : ['a body is not declared']
  if (body === undefined) return ['a body is missing']
  const result = reply.schema.safeParse(fit(reply.schema, body))
  return result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
}
