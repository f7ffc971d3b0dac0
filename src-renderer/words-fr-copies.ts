import type { Words } from './words-en'
import { counted, sizeText } from './words-format'

const count = counted('fr')
const size = (n: number) =>
  n < 1000 ? count(n, { one: 'octet', other: 'octets' }) : sizeText('fr', n)
const finished = (n: number) => count(n, { one: 'secret terminé', other: 'secrets terminés' })
const secrets = (n: number) => count(n, { one: 'secret', other: 'secrets' })

/** Copier, déplacer et comparer entre dépôts, et les copies hors ligne. */
export const frCopies: Pick<Words, 'copies'> = {
  copies: {
    copyTo: 'Copier vers…',
    moveTo: 'Déplacer vers…',
    compareWith: 'Comparer avec…',
    storeMenu: 'Actions sur l’ensemble',
    copyTitle: (name) => `Copier ${name}`,
    moveTitle: (name) => `Déplacer ${name}`,
    everything: (store) => `tout ${store}`,
    noTarget:
      'Il n’y a pas encore d’autre endroit. Ajoutez d’abord un coffre ou un domaine distant.',
    target: 'Vers',
    place: (owner, store) => `${owner} › ${store}`,
    path: 'Chemin là-bas',
    folder: 'Dossier là-bas',
    folderHint: 'Vide pour la racine.',
    samePlace: 'C’est là qu’il se trouve déjà. Choisissez un autre endroit.',
    versions: 'Versions',
    versionChoices: { latest: 'L’actuelle', all: 'Toutes celles qui se lisent, dans l’ordre' },
    conflicts: 'Si le chemin contient d’autres données',
    conflictChoices: {
      skip: 'Le laisser tel quel',
      newVersion: 'Ajouter une nouvelle version',
      rename: 'Copier à côté, sous nom-copy',
    },
    settings: 'Les réglages et métadonnées suivent',
    seePlan: 'Voir le plan',
    planning: 'Lecture des deux côtés…',
    planTitle: 'Ce qui va se passer',
    planTable: 'Plan',
    action: 'Quoi',
    secret: 'Secret',
    counts: {
      create: (n) => `Nouveaux là-bas\u202f: ${secrets(n)}`,
      newVersion: (n) => `Avec une nouvelle version\u202f: ${secrets(n)}`,
      rename: (n) => `Placés à côté de l’existant\u202f: ${secrets(n)}`,
      identical: (n) => `Déjà identiques\u202f: ${secrets(n)}`,
      settings: (n) => `Avec d’autres réglages\u202f: ${secrets(n)}`,
      conflict: (n) => `Laissés tels quels, leurs données diffèrent\u202f: ${secrets(n)}`,
      notAllowed: (n) => `Sans droit de lecture\u202f: ${secrets(n)}`,
      inactive: (n) => `Sans version active\u202f: ${secrets(n)}`,
      tooLarge: (n) => `Trop grands\u202f: ${secrets(n)}`,
      notExpressible: (n) => `Impossibles à conserver là-bas\u202f: ${secrets(n)}`,
      unreadable: (n) => `Endommagés\u202f: ${secrets(n)}`,
    },
    actions: {
      create: 'Nouveau',
      newVersion: 'Nouvelle version',
      rename: 'À côté',
      identical: 'Identique',
      settings: 'Réglages',
      conflict: 'Autres données',
      notAllowed: 'Lecture interdite',
      inactive: 'Aucune version active',
      tooLarge: 'Trop grand',
      notExpressible: 'Impossible là-bas',
      unreadable: 'Endommagé',
    },
    reasons: {
      path: 'son chemin n’y est pas accepté',
      emptyKey: 'il a une clé vide',
      emptyData: 'il est vide',
      numbers: 'ses nombres changeraient',
      noData: 'il n’a pas de données',
      noVersions: 'l’endroit ne garde pas de versions',
    },
    nothing: 'Il n’y a rien à copier.',
    total: (versions, bytes) =>
      `À écrire\u202f: ${count(versions, { one: 'version', other: 'versions' })}, ${size(bytes)}.`,
    leftBehind: (n) =>
      `Une partie reste ici pour ${secrets(n)}\u202f: des versions anciennes, ou des mots que la cible ne garde pas.`,
    keepsSource: 'Ils sont copiés et restent aussi à leur place.',
    acceptLoss: 'Les supprimer ici quand même',
    deletesForGood:
      'Ce qui est déplacé est supprimé ici définitivement\u202f: cet endroit n’a pas de corbeille.',
    toBin: 'Ce qui est déplacé va ici dans la corbeille, une fois sa copie relue.',
    copy: 'Copier',
    move: 'Déplacer',
    change: 'Modifier',
    copying: 'Copie…',
    moving: 'Déplacement…',
    done: (done, total) => `${done.toLocaleString('fr')} sur ${total.toLocaleString('fr')}`,
    stop: 'Arrêter',
    stopped: 'Arrêté. Ce qui est fait reste\u202f; vous pourrez continuer plus tard.',
    reportTitle: 'Terminé',
    reportTable: 'Ce qui ne s’est pas passé comme prévu',
    outcome: 'Résultat',
    outcomes: {
      copied: (n) => `Copiés et relus\u202f: ${secrets(n)}`,
      moved: (n) => `Déplacés\u202f: ${secrets(n)}`,
      kept: (n) => `Copiés et gardés ici aussi\u202f: ${secrets(n)}`,
      changed: (n) => `Modifiés entre-temps et laissés tels quels\u202f: ${secrets(n)}`,
      skipped: (n) => `Ignorés\u202f: ${secrets(n)}`,
      failed: (n) => `En échec\u202f: ${secrets(n)}`,
    },
    outcomeWords: {
      copied: 'Copié',
      moved: 'Déplacé',
      kept: 'Gardé ici aussi',
      changed: 'Modifié entre-temps',
      skipped: 'Ignoré',
      failed: 'Échec',
    },
    pending: 'Copies inachevées',
    pendingCopy: (from, to, soFar) =>
      `Une copie de ${from} vers ${to} a été interrompue\u202f: ${soFar}.`,
    pendingMove: (from, to, soFar) =>
      `Un déplacement de ${from} vers ${to} a été interrompu\u202f: ${soFar}.`,
    doneSoFar: (done, underWay) => {
      if (underWay === 0) return finished(done)
      if (done === 0) return `jusqu’à ${finished(underWay)}`
      return `de ${done.toLocaleString('fr')} à ${finished(done + underWay)}`
    },
    resume: 'Continuer',
    resumeTitle: 'Suite de la copie',
    discard: 'Abandonner',
    unknownPlace: 'un endroit qui n’est pas ouvert',

    compareTitle: (name) => `Comparer ${name}`,
    compare: 'Comparer',
    comparing: 'Comparaison…',
    relations: {
      same: 'Identique',
      different: 'Différent',
      onlyFirst: 'Seulement ici',
      onlySecond: 'Seulement là-bas',
      unknown: 'Illisible',
    },
    relationCounts: {
      same: (n) => `Identiques\u202f: ${secrets(n)}`,
      different: (n) => `Différents\u202f: ${secrets(n)}`,
      onlyFirst: (n) => `Seulement ici\u202f: ${secrets(n)}`,
      onlySecond: (n) => `Seulement là-bas\u202f: ${secrets(n)}`,
      unknown: (n) => `Illisibles d’un côté\u202f: ${secrets(n)}`,
    },
    keyRelations: {
      same: 'Identique',
      different: 'Différente',
      onlyFirst: 'Seulement ici',
      onlySecond: 'Seulement là-bas',
    },
    allSame: 'Les deux côtés contiennent la même chose.',
    differences: 'Différences',
    keys: (path) => `Clés de ${path}`,
    key: 'Clé',
    here: 'Ici',
    there: 'Là-bas',
    relation: 'Rapport',
    backToList: 'Retour à la liste',
    noKeys: 'L’un des deux n’a pas de données lisibles.',

    takeSnapshot: 'Faire une copie hors ligne…',
    snapshotTitle: (name) => `Copie hors ligne de ${name}`,
    snapshotLead:
      'Lit la version actuelle de chaque secret que vous avez le droit de lire, et la garde scellée dans votre coffre, pour la lire sans réseau. Personne ne peut la modifier.',
    snapshotKeeper: 'Gardée dans',
    snapshotTake: 'Faire la copie',
    snapshotFilling: 'Lecture…',
    snapshotDone: 'La copie hors ligne est complète.',
    snapshotMissing: (n) => `N’ont pas pu être lus et manquent\u202f: ${secrets(n)}.`,
    snapshotRefresh: 'Actualiser la copie hors ligne',
    snapshotErase: 'Effacer la copie hors ligne…',
    snapshotEraseTitle: 'Effacer cette copie hors ligne\u202f?',
    snapshotEraseText: 'Le domaine distant n’est pas touché. La copie est effacée de votre coffre.',
    snapshotErased: 'La copie hors ligne est effacée',
    snapshotAge: (age) => `copie hors ligne, ${age}`,
    snapshotEmpty: 'copie hors ligne, incomplète',
  },
}
