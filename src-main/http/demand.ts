import { CoffretError } from '../contract/errors'
import type { MountName } from '../contract/model'
import type { Right } from '../contract/access'
import type { Caller } from './access'

/** Refuses what the caller may not do, at one mount or, without one, at the vault. */
export function demandOf(caller: Caller, mount?: MountName): (right: Right, path?: string) => void {
  return (right, path) => {
    const errand = {
      right,
      ...(mount === undefined ? {} : { mount }),
      ...(path === undefined ? {} : { path }),
    }
    if (!caller.mayDo(errand)) throw new CoffretError('forbidden', `no right to ${right}`)
  }
}
