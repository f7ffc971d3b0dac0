import type { Remedy, StepResult } from '../../src-main/contract/connection-test'

/** What helps and is not said by the words of every reason that it helps against. */
export type RemedyBeside = Extract<Remedy, 'use_name' | 'choose_other_domain'>

/**
 * What is said beside the reason of a failed step: its words say what helps, and once is enough. They do not
 * know that a name would do, nor that the credential is a certificate, which may be for another domain.
 */
export function remedyBeside({
  reason,
  remedy,
}: Pick<StepResult, 'reason' | 'remedy'>): RemedyBeside | undefined {
  if (remedy === 'use_name') return remedy
  return remedy === 'choose_other_domain' && reason === 'unauthenticated' ? remedy : undefined
}
