import type { z } from 'zod'
import { CoffretError } from '../contract/errors'
import type { Right } from '../contract/access'
import { parseJson } from '../contract/json'
import { RemoteFailure } from '../contract/remote-failure'
import { fit } from '../wire/json-shape'
import type { Operation } from '../wire/operation'
import { requestText, type RequestInput } from '../wire/request-text'
import { failureOf } from './failure'
import type { Fetch, RemoteReply } from './fetch'

/** A reply, read. */
export interface Answer<T> {
  readonly status: number
  readonly headers: RemoteReply['headers']
  readonly body: T
}

const mebibyte = 1024 * 1024

/**
 * How long the reply to an operation may be, in bytes: a folder of a Vault server comes in one piece; a
 * value is 1 MiB, and may be written in six times its length.
 */
function maxReplyBytes({ needs, replies }: Operation): number {
  if (needs === 'list') return 16 * mebibyte
  const hasBody = Object.values(replies).some(({ schema }) => schema !== undefined)
  return hasBody ? 8 * mebibyte : mebibyte
}

/** The right that a request needs: a read of a secret needs another one once its value is asked for. */
function rightOf({ needs, mayNeed = [] }: Operation, input: RequestInput): Right | undefined {
  if (input.query?.['includeData'] === true) return 'readData'
  if (needs === 'nothing' || needs === 'credential') return mayNeed[0]
  return needs
}

function sent(fetch: Fetch, operation: Operation, input: RequestInput): Promise<RemoteReply> {
  return fetch(requestText(operation, input), { maxReplyBytes: maxReplyBytes(operation) })
}

/** Sends an operation whose success has nothing to read. @throws CoffretError see {@link failureOf} */
export async function send(fetch: Fetch, operation: Operation, input: RequestInput): Promise<void> {
  const reply = await sent(fetch, operation, input)
  if (!isSuccess(reply)) throw failureOf(operation.dialect, reply, rightOf(operation, input))
  if (isPage(reply)) throw noApi(operation)
}

/**
 * Sends an operation and reads its reply: the one place where what a server says is parsed. A failure
 * whose declared reply has the form of the schema is an answer: KV v2 tells of a deleted version so.
 * @param schema what is needed of the reply; servers may say more
 * @throws CoffretError see {@link failureOf}; `invalid` for a success that is not as declared
 */
export async function ask<T extends z.ZodType>(
  fetch: Fetch,
  operation: Operation,
  input: RequestInput,
  schema: T,
): Promise<Answer<z.output<T>>> {
  const reply = await sent(fetch, operation, input)
  const { status, headers } = reply
  if (isSuccess(reply) || operation.replies[status]?.schema !== undefined) {
    const body = read(schema, reply.body)
    if (body.success) return { status, headers, body: body.data }
  }
  if (isSuccess(reply)) {
    if (isPage(reply)) throw noApi(operation)
    const message = `the answer to ${operation.id} is not as declared`
    throw new RemoteFailure('invalid', 'wrong_form', message)
  }
  throw failureOf(operation.dialect, reply, rightOf(operation, input))
}

function isSuccess({ status }: RemoteReply): boolean {
  return status >= 200 && status < 300
}

/** What a proxy, or a web server at the wrong address, shows to people. */
function isPage({ headers, body }: RemoteReply): boolean {
  return /\bhtml\b/i.test(headers['content-type'] ?? '') || body.trimStart().startsWith('<')
}

function noApi(operation: Operation): RemoteFailure {
  return new RemoteFailure('invalid', 'not_an_api', `the answer to ${operation.id} is a page`)
}

function read<T extends z.ZodType>(schema: T, body: string) {
  try {
    return schema.safeParse(fit(schema, parseJson(body, { duplicateKeys: 'last' })))
  } catch (error) {
    if (error instanceof CoffretError) return { success: false } as const
    throw error
  }
}
