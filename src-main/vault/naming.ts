import { CoffretError } from '../contract/errors'

/** Says in a `corrupt` failure of `work` where it was met: a secret, a folder, a mount. */
export function naming<T>(subject: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw named(subject, error)
  }
}

/** A failure, which says where it was met if it is `corrupt`. */
export function named(subject: string, cause: unknown): unknown {
  if (!(cause instanceof CoffretError) || cause.code !== 'corrupt') return cause
  return new CoffretError('corrupt', `${subject}: ${cause.message}`, { cause })
}
