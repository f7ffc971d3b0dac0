import { bytesText, counted, dateText, dateTimeText, timeText } from './words-format'
import { frActivity } from './words-fr-activity'
import { frBackups } from './words-fr-backups'
import { frBin } from './words-fr-bin'
import { frCheck } from './words-fr-check'
import { frKept } from './words-fr-kept'
import { frCopies } from './words-fr-copies'
import { frDomains } from './words-fr-domains'
import { frKeys } from './words-fr-keys'
import { frTools } from './words-fr-tools'
import { frLocalApi } from './words-fr-local-api'
import { frRemote } from './words-fr-remote'
import { frRotation } from './words-fr-rotation'
import { frSearch } from './words-fr-search'
import { frSecrets } from './words-fr-secrets'
import type { Words } from './words-en'

const locale = 'fr'
const count = counted(locale)

/** Toutes les phrases de la fenêtre en français. */
export const fr: Words = {
  locale,
  name: 'Coffret',
  tagline: 'Le petit coffre des secrets de développeurs',

  common: {
    cancel: 'Annuler',
    close: 'Fermer',
    back: 'Retour',
    next: 'Continuer',
    done: 'Terminé',
    save: 'Enregistrer',
    copy: 'Copier',
    copied: 'Copié',
    remove: 'Retirer',
    discard: 'Abandonner',
    choose: 'Choisir…',
    show: 'Afficher',
    hide: 'Masquer',
    loading: 'Chargement…',
    tryAgain: 'Réessayer',
    more: 'Autres actions',
    never: 'Jamais',
    yes: 'Oui',
    no: 'Non',
    notSet: 'Non défini',
    seconds: (n) => count(n, { one: 'seconde', other: 'secondes' }),
    minutes: (n) => count(n, { one: 'minute', other: 'minutes' }),
  },

  format: {
    date: (at) => dateText(locale, at),
    dateTime: (at) => dateTimeText(locale, at),
    time: (at) => timeText(locale, at),
    size: (bytes, limit) => `${bytesText(locale, bytes, limit)} Ko`,
    bytes: (n) => count(n, { one: 'octet', other: 'octets' }),
  },

  ago: {
    now: 'à l’instant',
    minutes: (n) => `il y a ${n} min`,
    hours: (n) => `il y a ${n} h`,
    days: (n) => `il y a ${count(n, { one: 'jour', other: 'jours' })}`,
    inMinutes: (n) => `dans ${n} min`,
    inHours: (n) => `dans ${n} h`,
    inDays: (n) => `dans ${count(n, { one: 'jour', other: 'jours' })}`,
  },

  welcome: {
    title: 'Bienvenue dans Coffret',
    lead: 'Gardez vos secrets dans un seul fichier chiffré, sur cet ordinateur. Ni compte, ni réseau, ni télémétrie.',
    create: 'Créer un coffre',
    createHint: 'Un nouveau fichier chiffré, avec une phrase secrète que vous seul connaissez',
    open: 'Ouvrir un fichier de coffre',
    openHint: 'Un fichier .coffret que vous avez déjà',
    language: 'Langue',
  },

  create: {
    title: 'Créer un coffre',
    steps: ['Coffre', 'Clé de secours', 'Vérification'],
    progress: 'Étapes',
    name: 'Nom du coffre',
    nameEmpty: 'Donnez un nom au coffre.',
    nameSlash: 'Un nom ne contient ni / ni \\.',
    defaultName: 'personnel',
    place: 'Emplacement',
    placeHint: 'Le coffre est ce seul fichier. Copiez-le ou sauvegardez-le comme un autre.',
    passphrase: 'Phrase secrète',
    passphraseHint:
      'Au moins 12 caractères. Plusieurs mots à la suite sont solides et faciles à taper.',
    repeat: 'Répétez la phrase secrète',
    differs: 'Les deux phrases secrètes diffèrent.',
    tooShort: (n) =>
      `Il manque ${count(n, { one: 'caractère', other: 'caractères' })} pour arriver à 12.`,
    acceptRisk: 'J’accepte le risque d’une phrase secrète faible',
    suggest: 'Proposer une phrase secrète',
    suggested: 'Notez-la avant de continuer\u202f: elle est affichée dans les deux champs.',
    submit: 'Créer le coffre',
    working: 'Dérivation de la clé… environ 1 s d’habitude',
  },

  strength: {
    label: 'Solidité',
    scores: ['Très faible', 'Faible', 'Moyenne', 'Solide', 'Très solide'],
    crack: (time) => `La deviner prendrait ${time}.`,
    times: {
      instant: 'moins d’une seconde',
      seconds: 'quelques secondes',
      minutes: 'quelques minutes',
      hours: 'quelques heures',
      days: 'quelques jours',
      months: 'quelques mois',
      years: 'des années',
      centuries: 'des siècles',
    },
    warnings: {
      straightRow: 'Une rangée de touches du clavier se devine facilement.',
      keyPattern: 'Un court motif au clavier se devine facilement.',
      simpleRepeat: 'Des caractères répétés comme «\u202faaa\u202f» se devinent facilement.',
      extendedRepeat: 'Des motifs répétés comme «\u202fabcabc\u202f» se devinent facilement.',
      sequences: 'Des suites comme «\u202fabc\u202f» se devinent facilement.',
      recentYears: 'Les années récentes se devinent facilement.',
      dates: 'Les dates se devinent facilement.',
      topTen: 'C’est l’un des dix mots de passe les plus utilisés.',
      topHundred: 'C’est l’un des cent mots de passe les plus utilisés.',
      common: 'C’est un mot de passe couramment utilisé.',
      similarToCommon: 'C’est proche d’un mot de passe couramment utilisé.',
      wordByItself: 'Un mot seul se devine facilement.',
      namesByThemselves: 'Un nom seul se devine facilement.',
      commonNames: 'Les noms courants se devinent facilement.',
      userInputs: 'Elle ne devrait pas contenir le nom du coffre.',
      pwned: 'Ce mot de passe a été exposé lors d’une fuite de données.',
    },
    suggestions: {
      l33t: 'Remplacer des lettres, comme @ pour a, aide peu.',
      reverseWords: 'Écrire des mots à l’envers aide peu.',
      allUppercase: 'Tout mettre en majuscules aide peu.',
      capitalization: 'Une majuscule initiale aide peu.',
      dates: 'Évitez les dates qui vous concernent.',
      recentYears: 'Évitez les années récentes.',
      associatedYears: 'Évitez les années qui vous concernent.',
      sequences: 'Évitez les suites courantes.',
      repeated: 'Évitez les mots et caractères répétés.',
      longerKeyboardPattern: 'Évitez les motifs au clavier.',
      anotherWord: 'Ajoutez un mot ou deux, rares de préférence.',
      useWords: 'Utilisez plusieurs mots, mais pas une phrase connue.',
      noNeed: 'Symboles, chiffres et majuscules ne sont pas nécessaires.',
      pwned: 'Si vous l’utilisez ailleurs, changez-la là-bas.',
    },
  },

  recovery: {
    title: 'Votre clé de secours',
    lead: 'Ces 24 mots ouvrent le coffre si vous oubliez la phrase secrète. Ils ne sont affichés que maintenant. Écrivez-les sur papier et rangez-les avec vos papiers importants.',
    list: 'Clé de secours, 24 mots dans l’ordre',
    copy: 'Copier tous les mots',
    copyHint: 'Le presse-papiers peut les garder\u202f: le papier est plus sûr.',
    written: 'Je les ai écrits',
    checkTitle: 'Vérifiez ce que vous avez écrit',
    checkLead: 'Recopiez deux des mots de votre papier.',
    word: (n) => `Mot ${n}`,
    wrong: 'Ce n’est pas le mot à cette place. Relisez votre papier.',
    again: 'Revoir les mots',
    check: 'Vérifier et ouvrir le coffre',
    skip: 'Passer, je comprends que personne ne pourra m’aider',
  },

  unlock: {
    title: 'Déverrouillez votre coffre',
    vaults: 'Coffres',
    passphrase: 'Phrase secrète',
    recoveryWords: 'Clé de secours',
    recoveryHint: 'Les 24 mots, séparés par des espaces',
    submit: 'Déverrouiller',
    working: 'Dérivation de la clé… environ 1 s d’habitude',
    forget: 'Retirer de cette liste',
    forgetHint: 'Le fichier reste où il est.',
    createAnother: 'Créer un coffre',
    openAnother: 'Ouvrir un fichier de coffre',
    locked: 'verrouillé',
    unlocked: 'déverrouillé',
    unreachable: 'ne peut pas être ouvert',
  },

  stale: {
    title: {
      older: 'Ce fichier est plus ancien que celui que cet ordinateur connaît',
      forked: 'Il manque à ce fichier ce que cet ordinateur a écrit en dernier',
    },
    older: (file: string, seen: string) =>
      `Il a été écrit le ${file}\u202f; cet ordinateur a vu le coffre tel qu’il était le ${seen}.`,
    forked: (file: string, seen: string) =>
      `C’est une autre copie, écrite le ${file}\u202f; cet ordinateur a écrit dans le coffre le ${seen}.`,
    what: 'Un outil de synchronisation ou une sauvegarde restaurée l’a peut-être remplacé. Vous pouvez le lire. Pour retrouver l’autre copie, verrouillez le coffre et rétablissez le fichier\u202f; ou continuez avec celui-ci, et fusionnez-y l’autre dans les réglages du coffre.',
    accept: 'Continuer avec ce fichier',
    journalTitle:
      'Une modification inachevée se trouvait à côté du fichier du coffre, sans lui appartenir',
    journal:
      'Un arrêt brutal l’a laissée, et le fichier a été remplacé depuis. Elle n’a pas été appliquée\u202f: elle aurait endommagé le fichier. Elle est conservée sous',
    read: 'Compris',
  },
  shell: {
    toolbar: 'Barre d’outils',
    sidebar: 'Barre latérale',
    vaults: 'Coffres',
    tools: 'Outils',
    certificates: 'Certificats',
    settings: 'Paramètres',
    shortcuts: 'Raccourcis clavier',
    addVault: 'Ajouter un coffre',
    newSecret: 'Nouveau secret',
    lock: 'Verrouiller',
    search: 'Rechercher chemins, clés, métadonnées',
    clearSearch: 'Effacer la recherche',
    statusBar: 'État',
    vaultUnlocked: (name) => `${name} déverrouillé`,
    clipboardClears: (seconds) =>
      `Presse-papiers effacé dans ${count(seconds, { one: 'seconde', other: 'secondes' })}`,
    clipboardHolds: 'Une valeur copiée est dans le presse-papiers',
    clearNow: 'Effacer maintenant',
    clipboardCleared: 'Le presse-papiers est effacé',
    fallback: (version) => `Electron ${version}, de repli pour les tests`,
    vaultState: (name, state) => `${name}, ${state}`,
    notifications: 'Notifications',
    dismiss: 'Fermer',
    resize: 'Redimensionner la liste',
  },

  list: {
    title: 'Secrets',
    tree: 'Arbre',
    flat: 'Liste',
    mode: 'Afficher comme',
    treeLabel: 'Secrets en arbre',
    listLabel: 'Secrets en liste',
    resultsLabel: 'Résultats de la recherche',
    total: (n) => count(n, { one: 'secret', other: 'secrets' }),
    found: (n, filter) =>
      `${count(n, { one: 'résultat', other: 'résultats' })} pour «\u202f${filter}\u202f»`,
    emptyTitle: 'Aucun secret',
    emptyText: 'Créez le premier\u202f: un chemin comme prod/database/MySQL, et ce qu’il contient.',
    emptyFolder: 'Aucun secret ici',
    noMatchTitle: 'Rien trouvé',
    noMatchText: (filter) =>
      `Aucun chemin, nom de clé ni métadonnée ne correspond à «\u202f${filter}\u202f».`,
    version: (n) => `v${n}`,
    secretLabel: (name, version, state) => `${name}, version ${version}${state}`,
    folderLabel: (name) => `${name}, dossier`,
    mountLabel: (name) => `${name}, point de montage`,
  },

  states: { active: 'Active', deactivated: 'Désactivée', deleted: 'Supprimée' },
  stateHints: {
    active: 'Elle peut être lue.',
    deactivated:
      'Elle est conservée mais ne peut pas être lue (KV2\u202f: deleted). Vous pouvez la réactiver.',
    deleted: 'Ses données sont perdues pour de bon (KV2\u202f: destroyed).',
  },

  ...frActivity,
  ...frBackups,
  ...frLocalApi,
  ...frBin,
  ...frCheck,
  ...frKept,
  ...frCopies,
  ...frDomains,
  ...frKeys,
  ...frRemote,
  ...frRotation,
  ...frSearch,
  ...frSecrets,
  ...frTools,
}
