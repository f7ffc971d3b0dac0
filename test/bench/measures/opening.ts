import type { LocalVault } from '../../../src-main/vault/local-vault'
import type { Result } from '../result'
import { alternate, median, percentile, timed } from '../timing'
import { openVault, type KeptVault, type Workplace } from '../workplace'
import { versusSmall } from './versus'

/** Opening and unlocking, without the key derivation: with recovery words, which need none. */
export async function measureOpening(place: Workplace): Promise<Result[]> {
  const { size, small, effort } = place.options
  const open = async (kept: KeptVault) => {
    let vault: LocalVault | undefined
    const took = await timed(async () => (vault = await openVault(kept)))
    vault?.close()
    return took
  }
  const vaults = {
    small: await place.vault({ size: small, versions: 3 }),
    large: await place.vault({ size, versions: 3 }),
  }
  const samples = await alternate(Math.ceil(200 * effort), {
    small: () => open(vaults.small),
    large: () => open(vaults.large),
  })
  const goals = { atMost: 50, ratioAtMost: 1.5 }
  return [
    ...versusSmall('open', 'ms', { size, small }, median, samples, goals),
    {
      measure: `open, 95 of 100, ${size.toLocaleString('en')} × 3`,
      unit: 'ms',
      value: percentile(samples.large, 0.95),
    },
  ]
}
