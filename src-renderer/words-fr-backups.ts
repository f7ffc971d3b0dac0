import type { Words } from './words-en'
import { counted, sizeText } from './words-format'

const count = counted('fr')

/** Ce qui est dit des sauvegardes : leur onglet, leur consultation et la restauration. */
export const frBackups: Pick<Words, 'backups'> = {
  backups: {
    tab: 'Sauvegardes',
    title: 'Sauvegardes de ce coffre',
    lead: 'Des copies scellées du fichier du coffre. Chacune est vérifiée en l’ouvrant avant que les anciennes ne partent.',
    list: 'Sauvegardes',
    made: 'Faite',
    size: 'Taille',
    sizeOf: (bytes) => sizeText('fr', bytes),
    state: 'État',
    kept: 'Gardée comme',
    actions: 'Actions',
    states: { opens: 'S’ouvre', otherKey: 'Ancienne clé', damaged: 'Endommagée' },
    stateHints: {
      opens: 'Elle s’ouvre avec les clés de ce coffre.',
      otherKey:
        'Faite avant le remplacement de la clé de données. Elle s’ouvre avec une phrase de passe de cette époque.',
      damaged:
        'Elle ne s’ouvre pas. Elle ne prend la place d’aucune autre\u202f; supprimez-la quand vous voulez.',
    },
    reasons: {
      last: 'une des dernières',
      daily: 'dernière du jour',
      weekly: 'dernière de la semaine',
    },
    notKept: 'part avec la prochaine',
    emptyTitle: 'Pas encore de sauvegarde',
    emptyOn: 'La première est faite peu après un enregistrement.',
    emptyOff:
      'Les sauvegardes automatiques sont désactivées. Faites-en une vous-même, ou activez-les ci-dessous.',
    make: 'Sauvegarder maintenant',
    making: 'Sauvegarde en cours…',
    made1: 'Sauvegarde faite et vérifiée',
    showFolder: 'Ouvrir le dossier',
    browse: 'Consulter',
    browseOf: (time) => `Consulter la sauvegarde du ${time}`,
    more: (time) => `Plus pour la sauvegarde du ${time}`,
    remove: 'Supprimer…',
    removeTitle: (time) => `Supprimer la sauvegarde du ${time}\u202f?`,
    removeText:
      'Le fichier est supprimé. Le coffre et les autres sauvegardes restent comme ils sont.',
    removeConfirm: 'Supprimer la sauvegarde',
    removed: 'Sauvegarde supprimée',
    problem: (time) =>
      `La dernière sauvegarde a échoué (${time}). L’enregistrement des secrets n’est pas touché.`,
    problemShort: 'Échec de la sauvegarde',
    problemOpen: 'La dernière sauvegarde a échoué\u202f: afficher les sauvegardes',
    noFolder: 'Le dossier des sauvegardes est introuvable. Son disque est-il branché\u202f?',

    passphraseTitle: 'Ouvrir une ancienne sauvegarde',
    passphraseText:
      'Cette sauvegarde a été faite sous une autre clé de données. Entrez une phrase de passe qui ouvrait le coffre à ce moment-là.',
    passphrase: 'Phrase de passe de l’époque',
    wrongPassphrase: 'Cette phrase de passe n’ouvre pas la sauvegarde.',
    open: 'Ouvrir',

    settings: 'Quand et combien',
    settingsHint: 'Ces réglages valent pour tous les coffres de cet ordinateur.',
    isOn: 'Sauvegarder automatiquement',
    isOnHint:
      'Peu après la première modification, puis pendant le travail, et au verrouillage du coffre.',
    every: 'Pendant le travail, toutes les',
    lastKept: 'Dernières sauvegardes',
    dailyKept: 'Jours',
    weeklyKept: 'Semaines',
    keptHint: 'De chaque jour et de chaque semaine, la dernière sauvegarde est gardée.',
    numberInvalid: (least) => `Un nombre entier de ${least} à 1000`,
    folder: 'Dossier',
    folderHint:
      'Les sauvegardes déjà faites restent où elles sont. Un dossier sur un autre disque est le plus sûr.',
    folderDefault: 'Reprendre le dossier habituel',
    save: 'Enregistrer les réglages',
    saved: 'Réglages enregistrés',

    exportTitle: 'Exporter en un seul fichier',
    exportLead:
      'Une copie complète sous sa propre phrase de passe, à garder ailleurs ou à transmettre. Elle s’ouvre dans Coffret comme tout coffre.',
    export: 'Exporter…',
    exportName: (vault) => `${vault} export.coffret`,
    exportPlace: 'Emplacement du fichier',
    exportPlaceEmpty: 'Choisissez où l’enregistrer',
    exportPassphrase: 'Phrase de passe du fichier',
    exportRepeat: 'Répétez la phrase de passe du fichier',
    exportHint:
      'Il n’a pas de clé de secours. Vous pourrez en ajouter une après avoir ouvert le fichier.',
    exportSubmit: 'Exporter',
    exporting: 'Écriture du fichier…',
    exported: 'Le fichier est écrit et vérifié',
    exportExists:
      'Un fichier de ce nom existe. L’exportation n’écrase rien\u202f: choisissez un autre nom.',

    label: (vault, time) => `${vault}, sauvegarde du ${time}`,
    short: (time) => `Sauvegarde du ${time}`,
    banner: (time) => `Vous consultez la sauvegarde du ${time}. Rien ne peut y être modifié.`,
    close: 'Fermer la sauvegarde',
    restoreAll: 'Tout restaurer…',
    restoreAllTitle: 'Tout restaurer\u202f?',
    counting: 'Comparaison avec le coffre…',
    planMissing: (n) =>
      count(n, {
        one: 'secret manque dans le coffre\u202f: il revient avec toutes ses versions',
        other: 'secrets manquent dans le coffre\u202f: ils reviennent avec toutes leurs versions',
      }),
    planDiffering: (n) =>
      count(n, {
        one: 'secret a changé depuis\u202f: ses données d’alors deviennent une nouvelle version',
        other:
          'secrets ont changé depuis\u202f: leurs données d’alors deviennent une nouvelle version',
      }),
    planSame: (n) => count(n, { one: 'secret est identique', other: 'secrets sont identiques' }),
    planUnreadable: (n) =>
      count(n, {
        one: 'secret est illisible et laissé de côté',
        other: 'secrets sont illisibles et laissés de côté',
      }),
    planNothing: 'Le coffre contient tout ce qui est dans cette sauvegarde.',
    planHint:
      'Rien n’est supprimé ni écrasé. Un secret déplacé depuis revient aussi à son ancien chemin.',
    restoring: 'Restauration…',
    restoreAllSubmit: 'Restaurer',
    restoredAll: (n) => `${count(n, { one: 'secret restauré', other: 'secrets restaurés' })}`,
    restoreStopped:
      'Arrêté. Ce qui est déjà restauré reste\u202f; une nouvelle restauration complète le reste.',

    restore: 'Restaurer…',
    restoreTitle: (path) => `Restaurer ${path}`,
    restoreText: 'Le secret revient avec toutes les versions que contient cette sauvegarde.',
    restoreTaken: 'Le coffre a déjà un secret à ce chemin. Comment celui-ci doit-il revenir\u202f?',
    asVersion: 'Comme une nouvelle version de celui-là',
    asVersionHint:
      'Les données de cette sauvegarde deviennent actuelles\u202f; les autres versions restent.',
    asOther: 'Sous un autre chemin',
    otherPath: 'Chemin',
    suffix: '-restaure',
    restoreSubmit: 'Restaurer',
    restored: (path) => `${path} restauré dans le coffre`,
    stillTaken: 'Ce chemin est pris aussi. Choisissez-en un autre.',
    noData: 'Ce secret n’avait pas de données lisibles au moment de la sauvegarde.',
    purgeRefused:
      'Une sauvegarde ne s’ouvre pas, donc rien n’a été effacé des sauvegardes\u202f: supprimez-la dans les réglages du coffre, onglet Sauvegardes, puis réessayez. Le secret est dans la corbeille.',
    emptyBackup: 'Cette sauvegarde ne contient aucun secret',
  },
}
