import { expect, test } from 'vitest'
import { KeySlotId, type KeySlotSummary } from '../../src-main/contract/key-slots'
import { fateOf, type KeyFate } from '../../src-renderer/state/key-fates'

let count = 0
const slot = (
  kind: KeySlotSummary['kind'],
  more: Partial<KeySlotSummary> = {},
): KeySlotSummary => ({
  id: KeySlotId.parse(String((count += 1)).padStart(32, '0')),
  kind,
  label: '',
  ...more,
})
const [passphrase, second] = [slot('passphrase'), slot('passphrase')]
const [file, other] = [slot('keyfile'), slot('keyfile')]
const recovery = slot('recovery')
const [here, elsewhere] = [slot('keychain', { isHere: true }), slot('keychain', { isHere: false })]

test.each<[string, KeySlotSummary, KeySlotSummary[], string, KeyFate]>([
  ['the passphrase that is confirmed with', passphrase, [passphrase, file], 'passphrase', 'stays'],
  ['one of two passphrases', passphrase, [passphrase, second], 'passphrase', 'ifUsed'],
  ['a passphrase that is not typed', passphrase, [passphrase, file], 'keyfile', 'ends'],
  ['the key file that is confirmed with', file, [passphrase, file], 'keyfile', 'stays'],
  ['one of two key files', file, [file, other], 'keyfile', 'ifUsed'],
  ['a key file that is not given', file, [passphrase, file], 'passphrase', 'needsFile'],
  ['the old recovery key', recovery, [passphrase, recovery], 'recovery', 'newWords'],
  ['the keychain of this computer', here, [passphrase, here], 'passphrase', 'newKey'],
  ['that of another computer', elsewhere, [passphrase, elsewhere], 'passphrase', 'ends'],
])('what becomes of %s', (_, one, slots, way, fate) => {
  expect(fateOf(one, { slots, way, hasKeychain: true, given: new Set() })).toBe(fate)
})

test('a key file that is given stays, and a keychain that cannot be used ends', () => {
  const slots = [passphrase, file, here]
  const choice = { slots, way: 'passphrase', hasKeychain: false, given: new Set([file.id]) }
  expect(fateOf(file, choice)).toBe('stays')
  expect(fateOf(here, choice)).toBe('ends')
})
