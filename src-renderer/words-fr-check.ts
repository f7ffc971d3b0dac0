import { counted } from './words-format'
import type { Words } from './words-en'

const count = counted('fr')
const secrets = (n: number) => count(n, { one: 'secret', other: 'secrets' })
const versions = (n: number) => count(n, { one: 'version', other: 'versions' })

/** La vérification d’un coffre, le sauvetage de ce qu’il en reste, la fusion d’une autre copie. */
export const frCheck: Pick<Words, 'check'> = {
  check: {
    tab: 'Contrôle',
    verifyTitle: 'Vérifier ce coffre',
    verifyLead:
      'Lit et contrôle tout\u202f: pages, noms, chaque version de chaque secret. Rien n’est modifié et aucune valeur n’est affichée.',
    verify: 'Vérifier',
    verifying: 'Vérification…',
    percent: (n) => `${n}\u00a0%`,
    cancelled: 'Arrêté. Rien n’a été modifié.',
    whole: 'Tout est en ordre.',
    read: (n, v) => `Lus et contrôlés\u202f: ${secrets(n)} et ${versions(v)}.`,
    checked: (n, v) => `Contrôlés\u202f: ${secrets(n)} et ${versions(v)}.`,
    problems: (n) => count(n, { one: 'problème trouvé', other: 'problèmes trouvés' }),
    problemsHint:
      'Ce qui n’est pas dans la liste a été lu et contrôlé. La réparation l’enregistre dans un nouveau fichier.',
    harmless:
      'Ce qui est dans la liste est sans danger. La réparation en fait un nouveau fichier sans ces restes.',
    problemTable: 'Problèmes',
    what: 'Quoi',
    where: 'Où',
    somewhere: 'inconnu',
    andMore: (n) => `et ${count(n, { one: 'autre', other: 'autres' })}`,
    kinds: {
      pages: 'Une partie du fichier est endommagée',
      tables: 'Les tables du fichier sont endommagées',
      header: 'L’en-tête est endommagé',
      state: 'L’état est endommagé',
      mounts: 'La liste des montages est endommagée',
      keySlots: 'Les noms des clés sont endommagés',
      credential: 'Un identifiant de l’API locale est endommagé',
      authority: 'L’autorité de certification de l’API locale est endommagée',
      audit: 'Des lignes du journal d’audit ont été supprimées, remplacées ou déplacées',
      copy: 'Le journal d’une copie inachevée est endommagé',
      domain: 'Un domaine distant, avec sa clé ou son jeton, est endommagé',
      listing:
        'La dernière liste connue d’un domaine distant est endommagée\u202f; elle sera relue',
      keptCertificate: 'Un certificat conservé, avec sa clé, est endommagé',
      tree: 'Le relevé de ce qui est le plus récent est endommagé',
      name: 'Un nom est endommagé, absent ou périmé',
      lostName: 'Un nom a perdu son dossier',
      metadata: 'Des métadonnées sont endommagées ou périmées',
      version: 'La valeur d’une version est endommagée',
      draft: 'Une modification non enregistrée est endommagée',
      orphan: 'Des données n’appartiennent à aucun secret',
    },

    repair: 'Réparer dans un nouveau fichier…',
    repairing: 'Enregistrement de ce qui est lisible…',
    repairName: (vault) => `${vault} réparé.coffret`,
    repaired: 'Le nouveau fichier est écrit et vérifié.',
    saved: (n, v) => `Enregistrés\u202f: ${secrets(n)} et ${versions(v)}.`,
    lost: (n) =>
      `${count(n, { one: 'élément n’a', other: 'éléments n’ont' })} pas pu être repris tel quel\u202f:`,
    repairedHint:
      'Il s’ouvre avec la même phrase secrète. Ce fichier-ci n’a pas été modifié\u202f: pour utiliser le nouveau, retirez ce coffre de la liste et ouvrez le nouveau fichier.',
    repairExists:
      'Un fichier de ce nom existe. La réparation n’écrase rien\u202f: choisissez un autre nom.',

    replaced: (vault) => `Un autre programme a remplacé le fichier de ${vault}`,
    replacedText:
      'Sans doute un outil de synchronisation, ou une sauvegarde restaurée. Rien ne peut être lu ni enregistré avant de l’ouvrir à nouveau. Copiez d’abord une modification non enregistrée\u202f: elle ne peut pas être gardée.',
    reopen: 'Ouvrir à nouveau',

    mergeTitle: 'Fusionner une autre copie',
    mergeLead:
      'Quand un outil de synchronisation a créé un second fichier, comme «\u202fprod (copie en conflit)\u202f», la fusion reprend tout son contenu dans ce coffre. L’autre fichier n’est pas modifié.',
    choose: 'Choisir l’autre copie…',
    otherCopy: 'L’autre copie\u202f:',
    passphrase: 'Phrase secrète de l’autre copie',
    passphraseHint:
      'Sa clé de données a été remplacée\u202f: elle ne s’ouvre qu’avec sa propre phrase secrète.',
    wrongPassphrase: 'Cette phrase secrète n’ouvre pas l’autre copie.',
    notThis: 'C’est le coffre lui-même, ou le fichier d’un autre coffre.',
    look: 'Comparer',
    looking: 'Comparaison des deux copies…',
    plan: 'Ce qu’apporte la fusion',
    nothing: 'L’autre copie n’a rien qui manque à ce coffre.',
    counts: {
      added: (n) => `${secrets(n)} que seule l’autre copie contient`,
      changed: (n) => `${secrets(n)} avec des changements de l’autre copie`,
      conflicts: (n) => `dont ${secrets(n)} avec des changements des deux côtés`,
      versions: (n) => `${versions(n)} en plus`,
      moved: (n) => `${secrets(n)} à une autre place`,
      beside: (n) =>
        `${count(n, { one: 'valeur conservée', other: 'valeurs conservées' })} à côté de la plus récente`,
      mounts: (n) => count(n, { one: 'nouveau montage', other: 'nouveaux montages' }),
      drafts: (n) =>
        count(n, { one: 'modification non enregistrée', other: 'modifications non enregistrées' }),
      unchanged: (n) => `${secrets(n)} sans changement`,
      unreadable: (n) => `${secrets(n)} illisibles, laissés de côté`,
    },
    addedHint:
      'Rien ne distingue un secret créé là-bas d’un secret supprimé ici\u202f: les deux sont repris. Ce qui est dans la corbeille y reste.',
    conflictHint:
      'Quand les deux copies ont changé un secret, toutes les versions restent, dans l’ordre de leurs dates, et la dernière est la version actuelle. Des versions peuvent recevoir un numéro plus élevé.',
    placeTable: 'Secrets concernés',
    places: {
      added: 'Ajouté',
      changed: 'Changé là-bas',
      conflict: 'Changé des deux côtés',
      moved: 'Déplacé',
      beside: 'Seconde valeur',
      unreadable: 'Illisible',
    },
    merge: 'Fusionner',
    merging: 'Fusion…',
    merged: 'L’autre copie est fusionnée.',
    mergedHint:
      'Rien n’en manque ici, sauf ce qui n’a pas pu être lu. Une fois le résultat contrôlé, vous pouvez supprimer vous-même l’autre fichier.',
    mergedCancelled:
      'Arrêté. Ce qui est déjà fusionné reste\u202f; une nouvelle fusion termine le reste.',
    another: 'Fusionner une autre copie…',
    otherFile:
      'Ce coffre est déjà dans la liste, avec un autre fichier. Déverrouillez-le\u202f: la copie choisie pourra y être fusionnée.',
  },
}
