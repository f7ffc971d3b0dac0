import type { Words } from './words-en'

/** Ce que dit la page d’un coffre, et son onglet des clés. */
export const frKeys: Pick<Words, 'vaultSettings' | 'keys'> = {
  vaultSettings: {
    title: (vault) => `Réglages du coffre\u202f: ${vault}`,
    open: (vault) => `Réglages du coffre ${vault}`,
    tabs: 'Réglages du coffre',
    link: 'Clés, phrase secrète et déverrouillage rapide se règlent pour chaque coffre.',
  },

  keys: {
    tab: 'Clés',
    passphrase: 'Phrase secrète',
  },
}
