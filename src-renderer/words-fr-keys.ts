import { counted } from './words-format'
import type { Words } from './words-en'

const count = counted('fr')
const tries = (n: number) => count(n, { one: 'essai', other: 'essais' })

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
    title: 'Ce qui ouvre ce coffre',
    lead: 'Chacune de ces clés ouvre le coffre à elle seule. Gardez-en au moins deux, à des endroits différents.',
    list: 'Clés de ce coffre',
    kinds: {
      passphrase: 'Phrase secrète',
      recovery: 'Clé de secours',
      keyfile: 'Fichier-clé',
      keychain: 'Trousseau d’un ordinateur',
    },
    kindHints: {
      passphrase: 'Ce que vous savez. Une autre personne peut avoir la sienne.',
      recovery: '24 mots à écrire sur papier.',
      keyfile:
        'Un petit fichier, sur une clé USB par exemple. Qui a le fichier peut ouvrir le coffre.',
      keychain:
        'Le coffre s’ouvre sans rien taper tant que votre session est ouverte. Tout programme lancé par vous le peut aussi.',
    },
    keychainProblems: {
      plaintext:
        'Indisponible\u202f: aucun trousseau n’est actif, et ce système garderait la clé sous un mot de passe que tout le monde connaît. Démarrez GNOME Keyring ou KWallet, puis réessayez.',
      unavailable: 'Indisponible\u202f: Coffret ne peut pas utiliser le trousseau de ce système.',
    },
    here: 'cet ordinateur',
    elsewhere: 'un autre ordinateur, ou réinstallé depuis',
    since: (date) => `depuis le ${date}`,
    costs: [
      'Dérivation de clé moyenne',
      'Dérivation de clé solide',
      'Dérivation de clé très solide',
    ],
    costDetails: (mebibytes, passes) =>
      `Argon2id\u202f: chaque essai parcourt ${mebibytes} Mio de mémoire ${count(passes, { one: 'fois', other: 'fois' })}`,
    add: 'Ajouter une clé…',
    change: 'Changer…',
    remove: 'Retirer…',
    changeOf: (name) => `Changer ${name}`,
    removeOf: (name) => `Retirer ${name}`,
    lastHint: 'La dernière clé ne peut pas être retirée.',
    onlyKeychainHint: 'Sans elle il ne resterait qu’un trousseau, perdu avec son ordinateur.',

    addTitle: 'Ajouter une clé',
    kind: 'Type de clé',
    label: 'Nom',
    labelHint: 'Pour la reconnaître dans cette liste. Il est scellé dans le coffre.',
    place: 'Emplacement du fichier-clé',
    placeHint: 'De préférence sur un autre disque que le coffre, comme une clé USB.',
    placeEmpty: 'Choisissez où l’enregistrer',
    addSubmit: 'Ajouter la clé',
    added: (kind) => `Ajouté\u202f: ${kind}`,
    confirm: 'Pour continuer, montrez que c’est vous',
    currentPassphrase: 'Phrase secrète actuelle',
    recoveryCheck: 'Vérifier et continuer',

    changeTitle: { passphrase: 'Changer la phrase secrète', recovery: 'Nouvelle clé de secours' },
    changeSubmit: {
      passphrase: 'Changer la phrase secrète',
      recovery: 'Remplacer la clé de secours',
    },
    changed: { passphrase: 'Phrase secrète changée', recovery: 'Clé de secours remplacée' },
    newPassphrase: 'Nouvelle phrase secrète',
    repeatPassphrase: 'Répétez la nouvelle phrase secrète',
    oldCopies:
      'Les copies et sauvegardes du fichier qui existent déjà s’ouvrent encore avec l’ancienne clé. Pensez-y si quelqu’un d’autre la connaît.',

    removeTitle: (name) => `Retirer ${name}\u202f?`,
    removeText: 'Dès maintenant elle n’ouvre plus ce coffre.',
    removeKeyFile: 'Le fichier lui-même reste où il est. Supprimez-le vous-même.',
    noWords:
      'Ensuite, ni phrase secrète ni clé de secours n’ouvrira le coffre. Si le fichier-clé est perdu ou endommagé, tout le contenu du coffre l’est aussi.',
    removeSubmit: 'Retirer la clé',
    removed: 'Clé retirée',

    quickTitle: 'Déverrouillage rapide',
    quickLead:
      'Un code PIN rouvre ce coffre jusqu’à la fermeture de Coffret. Il n’est jamais écrit sur le disque.',
    quickLimit:
      'Pendant que le coffre est verrouillé, ses clés restent en mémoire, scellées par le code. Qui peut lire la mémoire de cet ordinateur pourrait alors essayer des codes sans fin\u202f: un code plus long tient plus longtemps. C’est pourquoi c’est désactivé par défaut.',
    quickOn: 'Activé jusqu’à la fermeture de Coffret',
    quickOff: 'Désactivé',
    setPin: 'Choisir un code PIN…',
    changePin: 'Autre code PIN…',
    clearPin: 'Oublier le code PIN',
    pinTitle: 'Code PIN de déverrouillage rapide',
    pin: 'Code PIN',
    pinRepeat: 'Répétez le code PIN',
    pinHint: 'De 4 à 32 caractères, lettres comprises. Après cinq essais faux il est oublié.',
    pinLength: 'Un code PIN a de 4 à 32 caractères.',
    pinDiffers: 'Les deux codes PIN diffèrent.',
    pinSubmit: 'Choisir ce code',
    pinSet: 'Le code PIN déverrouille ce coffre jusqu’à la fermeture de Coffret',
    pinCleared: 'Le code PIN est oublié',

    use: {
      pin: 'Utiliser le code PIN',
      keychain: 'Déverrouiller avec le trousseau de cet ordinateur',
      passphrase: 'Utiliser la phrase secrète',
      keyfile: 'Utiliser un fichier-clé',
      recovery: 'Utiliser la clé de secours',
    },
    dropKeyFile: 'Déposez ici le fichier-clé',
    wrong: {
      keyfile: 'Ce fichier-clé n’ouvre pas ce coffre.',
      keychain:
        'Le trousseau ne donne plus de clé qui ouvre ce coffre. Déverrouillez-le autrement, puis ajoutez de nouveau le trousseau.',
    },
    badKeyFile: 'Ce n’est pas un fichier-clé de Coffret. Choisissez un fichier .coffretkey.',
    damagedKeyFile:
      'Ce fichier-clé est endommagé\u202f: sa somme de contrôle est fausse. Prenez-en une autre copie.',
    goneKeyFile:
      'Le fichier-clé ne peut pas être lu. Branchez son disque, puis choisissez-le de nouveau.',
    pinTries: (n) => `Ce code PIN n’est pas le bon. Encore ${tries(n)}.`,
    pinForgotten: 'Le code PIN est oublié. Déverrouillez le coffre d’une autre façon.',
  },
}
