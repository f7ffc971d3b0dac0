import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Capability } from '../../src-main/contract/model'
import { describeBin, describeNoBin } from './bin'
import { describeLists, describeTransfers } from './lists'
import { describeSettings, describeStates } from './states'
import type { Can, StoreUnderTest } from './store-under-test'
import { describePlain, describeValues } from './values'
import { describeCas, describeVersions } from './versions'

export type { StoreUnderTest } from './store-under-test'

/**
 * The behaviours of any SecretStore.
 * @param makeStore a new, empty store for each test
 * @param capabilities what the store can do; what it cannot is checked to be refused
 */
export function describeSecretStore(
  name: string,
  makeStore: () => Promise<StoreUnderTest>,
  capabilities: readonly Capability[],
): void {
  const can: Can = (capability) => capabilities.includes(capability)
  describe(name, () => {
    let made: StoreUnderTest
    beforeEach(async () => {
      made = await makeStore()
    })
    afterEach(() => made.close())
    const current = () => made

    test('says what it can do', () => {
      expect([...made.store.capabilities()].sort()).toEqual([...capabilities].sort())
    })
    describeValues(current, can)
    describeLists(current, can)
    if (can('rename')) describe('renaming and copying', () => describeTransfers(current))
    if (can('versions')) describe('versions', () => describeVersions(current, can))
    if (can('cas')) describe('check-and-set', () => describeCas(current))
    if (can('states')) describe('states', () => describeStates(current))
    if (can('settings')) describe('settings', () => describeSettings(current, can))
    if (can('bin')) describe('the bin', () => describeBin(current, can))
    else describeNoBin(current)
    if (!can('versions')) describe('without versions', () => describePlain(current))
  })
}
