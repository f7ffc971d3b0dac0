import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/**
 * Lets go of what only the collector frees: the SQLite driver keeps the file of a closed connection open
 * until its statements are collected, and a test that opens thousands would run out of files.
 */
export async function collectGarbage(): Promise<void> {
  collect()
  // What native code has to free is freed in a turn of its own.
  await new Promise((resolve) => setImmediate(resolve))
}
