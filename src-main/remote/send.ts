import type { z } from 'zod'
import { CoffretError } from '../contract/errors'
import { parseJson } from '../contract/json'
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

/** Sends an operation whose success has nothing to read. @throws CoffretError see {@link failureOf} */
export async function send(fetch: Fetch, operation: Operation, input: RequestInput): Promise<void> {
  const reply = await fetch(requestText(operation, input))
  if (!isSuccess(reply)) throw failureOf(operation.dialect, reply)
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
  const reply = await fetch(requestText(operation, input))
  const { status, headers } = reply
  if (isSuccess(reply) || operation.replies[status]?.schema !== undefined) {
    const body = read(schema, reply.body)
    if (body.success) return { status, headers, body: body.data }
  }
  if (isSuccess(reply)) {
    throw new CoffretError('invalid', `the answer to ${operation.id} is not as declared`)
  }
  throw failureOf(operation.dialect, reply)
}

function isSuccess({ status }: RemoteReply): boolean {
  return status >= 200 && status < 300
}

function read<T extends z.ZodType>(schema: T, body: string) {
  try {
    return schema.safeParse(fit(schema, parseJson(body, { duplicateKeys: 'last' })))
  } catch (error) {
    if (error instanceof CoffretError) return { success: false } as const
    throw error
  }
}
