import { z } from 'zod'
import type { Right } from '../contract/access'

/** The languages that the API speaks; each has its own addresses, wrapper and error bodies. */
export type Dialect = 'kv2' | 'kv1' | 'system' | 'okms-v1' | 'okms-v2' | 'okms-central'

/**
 * What a request asks for. `LIST` is also sent as `GET` with `list=true`; clients that speak through
 * proxies prefer that. Source: Vault HTTP API.
 */
export type Method = 'GET' | 'LIST' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'RECOVER'

/** What a reply with one status is. Without a schema it has no body. */
export interface ReplyDeclaration {
  readonly description: string
  readonly schema?: z.ZodType
  /** Headers beside those that every reply has, each with what it says. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * A route as data. The server mounts it, the client sends it, the description of the API is generated
 * from it, and tests hold replies against it.
 */
export interface Operation<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  H extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodType,
> {
  /** Unique among all operations, for example `kv2.data.read`. */
  readonly id: string
  readonly dialect: Dialect
  /** The first is what our client sends; the others mean the same. */
  readonly methods: readonly [Method, ...Method[]]
  /** `/v1/{mount}/data/{path}`; `{path}` takes one segment or more, any other name takes one. */
  readonly path: string
  /** One line for people. */
  readonly summary: string
  /** The named parts of the path, decoded. */
  readonly params: P
  readonly query: Q
  /** Names in lower case. */
  readonly headers: H
  /** Absent when the operation takes no body. */
  readonly body?: B
  /** The body is bytes and none of JSON: the handler takes them from the request, part by part. */
  readonly takesBytes?: true
  /** What the body's Content-Type must be; anything when absent. */
  readonly bodyTypes?: readonly string[]
  /** The replies of its own; those to bad requests belong to the dialect. */
  readonly replies: Readonly<Record<number, ReplyDeclaration>>
  /** `nothing`: open to all, also while locked. `credential`: any that is valid. Else that right. */
  readonly needs: Right | 'credential' | 'nothing'
  /** Rights that depend on what is asked, checked by the handler. */
  readonly mayNeed?: readonly Right[]
}

type Declaration<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  H extends z.ZodObject,
  B extends z.ZodType,
> = Omit<Operation<P, Q, H, B>, 'params' | 'query' | 'headers'> & {
  readonly params?: P
  readonly query?: Q
  readonly headers?: H
}

const none = z.object({})

/** Declares an operation; params, query and headers that are left out are empty. */
export function operation<
  P extends z.ZodObject = typeof none,
  Q extends z.ZodObject = typeof none,
  H extends z.ZodObject = typeof none,
  B extends z.ZodType = z.ZodUndefined,
>(declaration: Declaration<P, Q, H, B>): Operation<P, Q, H, B> {
  return {
    ...declaration,
    // The type arguments are inferred from what is given, so that what is absent has the type of `none`.
    params: declaration.params ?? (none as z.ZodObject as P),
    query: declaration.query ?? (none as z.ZodObject as Q),
    headers: declaration.headers ?? (none as z.ZodObject as H),
  }
}
