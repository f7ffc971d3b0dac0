import { expect, test } from 'vitest'
import { removalOf, type KeySlotKind, type Removal } from '../../src-main/contract/key-slots'

test.each<[left: KeySlotKind[], Removal]>([
  [[], 'last'],
  [['keychain'], 'only-keychain'],
  [['keychain', 'keychain'], 'only-keychain'],
  [['keyfile'], 'no-words'],
  [['keyfile', 'keychain'], 'no-words'],
  [['passphrase'], 'allowed'],
  [['recovery'], 'allowed'],
  [['keychain', 'recovery'], 'allowed'],
])('V-17: removing a slot that leaves %j is: %s', (left, removal) => {
  for (const kind of ['passphrase', 'recovery', 'keyfile', 'keychain'] as const) {
    const slots = [{ id: 'x', kind }, ...left.map((one, index) => ({ id: `${index}`, kind: one }))]
    expect(removalOf(slots, 'x')).toBe(removal)
  }
})
