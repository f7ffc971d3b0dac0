import { PathPrefix, Scope, rights, type Right } from '../../src-main/contract/access'

/** Rights that people choose together. */
export const presets = {
  read: ['list', 'readMetadata', 'readData'],
  write: ['list', 'readMetadata', 'readData', 'write', 'deactivate'],
  all: [...rights],
} as const satisfies Record<string, readonly Right[]>

/** One of {@link presets}, or rights chosen one by one. */
export type Preset = keyof typeof presets | 'custom'

/** The scope of a new credential as it is typed. */
export class ScopeForm {
  /** One prefix a line; nothing stands for the whole vault. */
  places = $state('')
  chosen = $state.raw<readonly Right[]>(presets.read)
  preset = $state<Preset>('read')

  readonly prefixes = $derived(
    this.places
      .split('\n')
      .map((line) => line.trim().replace(/^\/+|\/+$/g, ''))
      .filter((line) => line !== ''),
  )
  /** The first line that is no place. */
  readonly badPlace = $derived(
    this.prefixes.find((prefix) => !PathPrefix.safeParse(prefix).success),
  )
  readonly scope = $derived.by((): Scope | undefined => {
    const prefixes = this.prefixes.length === 0 ? [''] : this.prefixes
    const scope = Scope.safeParse({ prefixes, rights: this.chosen })
    return scope.success ? scope.data : undefined
  })

  choosePreset(preset: Preset): void {
    this.preset = preset
    if (preset !== 'custom') this.chosen = presets[preset]
  }

  toggle(right: Right, isOn: boolean): void {
    this.chosen = rights.filter((one) => (one === right ? isOn : this.chosen.includes(one)))
  }
}

/** The preset that a list of rights is. */
export function presetOf(list: readonly Right[]): Preset {
  const names = Object.keys(presets) as (keyof typeof presets)[]
  const isSame = (name: keyof typeof presets) =>
    presets[name].length === list.length && presets[name].every((right) => list.includes(right))
  return names.find(isSame) ?? 'custom'
}
