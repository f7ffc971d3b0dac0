import { counted } from './words-format'
import type { enSearch } from './words-en-search'

const count = counted('fr')

/** Ce qui est dit de la recherche. */
export const frSearch: typeof enSearch = {
  search: {
    options: 'Options de recherche',
    building: (percent) => `Lecture des noms\u202f: ${percent}\u202f%`,
    buildingTitle: 'Lecture des noms en cours',
    buildingText:
      'Le coffre vient d’être déverrouillé. Les résultats apparaissent au fur et à mesure.',
    alsoValues: 'Chercher aussi dans les valeurs',
    valuesHint:
      'Ouvre chaque secret pour cette seule recherche. Les valeurs ne sont pas affichées.',
    opening: (done, total) =>
      total === 0
        ? 'Ouverture des valeurs'
        : `Ouverture des valeurs\u202f: ${Math.floor((done / total) * 100)}\u202f%`,
    stop: 'Arrêter',
    withValues: 'Les valeurs ont aussi été fouillées.',
    best: (n) => `Les ${n} meilleurs résultats sont affichés. Précisez la recherche.`,
    unreadable: (n) =>
      count(n, {
        one: 'entrée endommagée du coffre n’a pas pu être fouillée.',
        other: 'entrées endommagées du coffre n’ont pas pu être fouillées.',
      }),
    key: (name) => `clé\u202f: ${name}`,
    metadata: (pair) => `métadonnée\u202f: ${pair}`,
    value: (key) => `valeur de\u202f: ${key}`,
  },
}
