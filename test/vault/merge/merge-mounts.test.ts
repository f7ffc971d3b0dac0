import { expect, test } from 'vitest'
import { MountName } from '../../../src-main/contract/model'
import { mergeMounts } from '../../../src-main/vault/merge/merge-mounts'
import { maxMounts, newMount, readMounts, writeMounts } from '../../../src-main/vault/mounts'
import { newUnlocked } from '../new-unlocked'

test.each([true, false])(
  'mounts of both copies that are more than a vault has are refused, applied %s',
  async (isApplied) => {
    const { unlocked } = await newUnlocked()
    unlocked.write(({ records }) => {
      const own = readMounts(records)
      const named = (letter: string, count: number) =>
        Array.from({ length: count }, (_, n) =>
          newMount(records, { name: MountName.parse(`${letter}${n}`), version: 1 }),
        )
      const room = maxMounts - own.length
      writeMounts(records, [...own, ...named('a', room - 2)])
      const merging = (count: number) => mergeMounts(records, named('b', count), isApplied)
      expect(() => merging(3)).toThrow(expect.objectContaining({ code: 'invalid' }))
      expect(readMounts(records)).toHaveLength(maxMounts - 2)
      expect(merging(2)).toBe(2)
    })
  },
)
