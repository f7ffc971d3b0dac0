import type { Words } from './words-en'
import { counted } from './words-format'

const count = counted('fr')

/** Ce qui est dit de la suppression, de la restauration et de l’effacement. */
export const frBin: Pick<Words, 'bin'> = {
  bin: {
    title: 'Corbeille',
    open: (n) =>
      n === 0 ? 'Corbeille, vide' : `Corbeille, ${count(n, { one: 'secret', other: 'secrets' })}`,
    lead: 'Les secrets supprimés restent ici 30 jours avec toutes leurs versions. Ensuite, ils sont effacés pour de bon.',
    table: 'Secrets supprimés',
    path: 'Chemin',
    mount: 'Point de montage',
    deleted: 'Supprimé',
    left: 'Temps restant',
    daysLeft: (n) => count(n, { one: 'jour', other: 'jours' }),
    actions: 'Actions',
    emptyTitle: 'La corbeille est vide',
    emptyText: 'Ce que vous supprimez arrive d’abord ici, pour être restauré pendant 30 jours.',
    more: 'Afficher la suite',

    discard: 'Mettre à la corbeille',
    discardFolder: 'Supprimer le dossier…',
    newHere: 'Nouveau secret ici',
    rowMenu: (name) => `Actions pour ${name}`,
    discarded: (path) => `${path} est dans la corbeille`,
    discardedMany: (n) =>
      `${count(n, { one: 'secret est', other: 'secrets sont' })} dans la corbeille`,
    undo: 'Annuler',
    undoTaken: (path) => `${path} reste dans la corbeille\u202f: son chemin a été réutilisé`,
    folderTitle: (folder) => `Supprimer le dossier ${folder}\u202f?`,
    folderText: (n) =>
      n === 1
        ? '1 secret va dans la corbeille, avec toutes ses versions. Vous pouvez le restaurer pendant 30 jours.'
        : `${count(n, { other: 'secrets vont' })} dans la corbeille, avec toutes leurs versions. Vous pouvez les restaurer pendant 30 jours.`,

    restore: 'Restaurer',
    restoreOne: (path) => `Restaurer ${path}`,
    restored: (path) => `${path} restauré`,
    restoredMany: (n) => count(n, { one: 'secret restauré', other: 'secrets restaurés' }),
    restoreTitle: (path) => `Restaurer ${path}`,
    taken: 'Un autre secret a maintenant ce chemin. Donnez un autre chemin à celui-ci.',
    stillTaken: 'Ce chemin est pris aussi. Choisissez-en un autre.',
    newPath: 'Restaurer sous',
    suffix: '-restauré',

    purge: 'Supprimer maintenant…',
    purgeOne: (path) => `Supprimer ${path} maintenant…`,
    purgeText: 'Le secret et toutes ses versions sont effacés du coffre. C’est irréversible.',
    empty: 'Vider la corbeille…',
    emptyBinTitle: 'Vider la corbeille\u202f?',
    emptyBinText: (n) =>
      n === 1
        ? '1 secret est effacé du coffre, avec toutes ses versions. C’est irréversible.'
        : `${count(n, { other: 'secrets sont effacés' })} du coffre, avec toutes leurs versions. C’est irréversible.`,
    emptyBinConfirm: 'Vider la corbeille',
    emptied: 'La corbeille est vidée',
    copies:
      'Les sauvegardes et autres copies du fichier du coffre faites auparavant contiennent encore ce qui est effacé ici, jusqu’à leur remplacement.',
    fromBackups: 'Effacer aussi des sauvegardes',
  },
}
