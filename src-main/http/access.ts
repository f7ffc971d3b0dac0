import { rights, type Right } from '../contract/access'
import type { Errand } from '../kv/scope-rules'
import type { Arrival } from './arrival'

/** Someone with a valid credential. */
export interface Caller {
  /** Of the credential, for the audit log and `auth/token/lookup-self`. */
  readonly id: string
  /** How it shows who it is; `program` within the program itself. */
  readonly kind: 'token' | 'certificate' | 'program'
  /** What the credential is called. */
  readonly name: string
  /** Seconds since 1970 when the credential was made. */
  readonly createdSeconds: number
  /** Seconds since 1970 when it ends; absent for never. */
  readonly expiresSeconds?: number
  mayDo(errand: Errand): boolean
  /** Ends the credential at once; absent where that cannot be done from here. */
  revoke?(): Promise<void>
}

/** Who may call. It stands before every operation that is not open to all. */
export interface Access {
  /** The caller, or undefined when there is no credential or a bad one. */
  identify(arrival: Arrival): Promise<Caller | undefined>
}

/** Lets everyone do everything. For calls from inside the program, which never came over a wire. */
export const insideAccess: Access = {
  identify: async () => ({
    ...{ id: 'inside', kind: 'program', name: 'inside' },
    ...{ createdSeconds: 0, mayDo: () => true },
  }),
}

/** The rights that a caller has at one place, in the order of {@link rights}. */
export function rightsAt(caller: Caller, place: Omit<Errand, 'right'>): readonly Right[] {
  return rights.filter((right) => caller.mayDo({ ...place, right }))
}

/** Whether a caller may do anything in a mount: one in which nothing is allowed is as none. */
export function sees(caller: Caller, mount: string): boolean {
  return rights.some((right) => caller.mayDo({ right, mount, path: '/' }))
}
