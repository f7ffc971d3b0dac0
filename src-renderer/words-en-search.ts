import { counted } from './words-format'

const count = counted('en')

/** What is said of the search. */
export const enSearch = {
  search: {
    options: 'Search options',
    building: (percent: number) => `Reading names: ${percent}%`,
    buildingTitle: 'Still reading names',
    buildingText: 'The vault was unlocked a moment ago. What is found appears by itself.',
    alsoValues: 'Also search values',
    valuesHint: 'Opens every secret for this one search. Values are not shown.',
    opening: (done: number, total: number) =>
      total === 0 ? 'Opening values' : `Opening values: ${Math.floor((done / total) * 100)}%`,
    stop: 'Stop',
    withValues: 'Values were searched too.',
    best: (n: number) => `The best ${n} are listed. Type more to narrow them.`,
    unreadable: (n: number) =>
      `${count(n, { one: 'damaged entry', other: 'damaged entries' })} of the vault could not be searched.`,
    key: (name: string) => `key: ${name}`,
    metadata: (pair: string) => `metadata: ${pair}`,
    value: (key: string) => `value of: ${key}`,
  },
}
