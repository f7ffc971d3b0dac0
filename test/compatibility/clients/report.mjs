import { readFileSync } from 'node:fs'

/**
 * What `coffret serve --ready-file` tells, as far as clients need it.
 * @typedef {{ address: string, okmsId: string, caFile: string, clientCert: string, clientKey: string,
 *   token: string, socket: string }} Ready
 */

/** The ready file and the way to come in, from the arguments: `node CLIENT.mjs READY_FILE WAY`. */
export function told() {
  const [, , file = '', way = ''] = process.argv
  /** @type {Ready} */
  const ready = JSON.parse(readFileSync(file, 'utf8'))
  return { ready, way }
}

/**
 * Tries something and prints what came of it as one line of JSON. The next step is tried in any case.
 * @param {string} name one of those that every client shows: see `clients.ts`
 * @param {() => Promise<void>} attempt
 */
export async function step(name, attempt) {
  try {
    await attempt()
    print({ step: name })
  } catch (error) {
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error)
    print({ step: name, problem })
  }
}

/**
 * The failure of something that must be refused.
 * @param {Promise<unknown>} attempt
 * @returns {Promise<any>} what each client makes of a refusal
 */
export async function refused(attempt) {
  const end = await attempt.then(
    () => undefined,
    (/** @type {unknown} */ error) => ({ error }),
  )
  if (end === undefined) throw new Error('this was to be refused')
  return end.error
}

/** @param {{ step: string, problem?: string }} line */
function print(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
