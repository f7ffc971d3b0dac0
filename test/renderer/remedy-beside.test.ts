import { expect, test } from 'vitest'
import { remedies } from '../../src-main/contract/connection-test'
import { remoteReasons } from '../../src-main/contract/remote-failure'
import { remedyBeside } from '../../src-renderer/state/remedy-beside'

test('beside a reason stands what its words do not say, and nothing twice', () => {
  const told = remoteReasons.flatMap((reason) =>
    remedies.flatMap((remedy) => {
      const beside = remedyBeside({ reason, remedy })
      return beside === undefined ? [] : [`${reason}: ${beside}`]
    }),
  )
  expect(told).toEqual([
    ...remoteReasons.flatMap((reason) => [
      `${reason}: use_name`,
      ...(reason === 'unauthenticated' ? ['unauthenticated: choose_other_domain'] : []),
    ]),
  ])
})

test('a failure without a reason has no remedy either', () => {
  expect(remedyBeside({})).toBeUndefined()
})
