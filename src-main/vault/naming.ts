import { CoffretError } from '../contract/errors'

/** Says in a `corrupt` failure of `work` where it was met: a secret, a folder, a mount. */
export function naming<T>(subject: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (!(cause instanceof CoffretError) || cause.code !== 'corrupt') throw cause
    throw new CoffretError('corrupt', `${subject}: ${cause.message}`, { cause })
  }
}
