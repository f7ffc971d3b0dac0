import type { Words } from './words-en'

/** Le remplacement de la clé de données d’un coffre. */
export const frRotation: Pick<Words, 'rotation'> = {
  rotation: {
    section: 'Clé de données',
    lead: 'Tout le contenu de ce coffre est scellé sous une seule clé de données, que chacune des clés ci-dessus ouvre. Remplacez-la si quelqu’un connaît peut-être une de vos clés, ou a pu avoir une copie du fichier.',
    begin: 'Remplacer la clé de données…',
    title: 'Remplacer la clé de données',
    about: [
      'Tout est scellé à nouveau, sous une nouvelle clé de données, dans un second fichier à côté de celui-ci. Une fois complet et contrôlé, il prend la place du premier.',
      'D’ici là rien ne change\u202f: vous pouvez continuer à travailler, arrêter, ou subir une panne de courant, et reprendre plus tard. Le disque doit avoir la place d’une seconde copie du coffre.',
      'Vous recevez une nouvelle clé de secours. Les clés que vous n’avez pas sous la main prennent fin\u202f: il faudra les ajouter de nouveau.',
    ],
    oldCopies:
      'Les copies et sauvegardes du fichier faites auparavant ne changent pas. Elles s’ouvrent encore avec les anciennes clés et contiennent ce qu’elles contenaient. Quand vous serez sûr de vous, supprimez-les.',
    fates: 'Ce que deviennent les clés',
    fate: {
      stays: 'Reste valable',
      ifUsed: 'Reste valable si vous confirmez avec elle\u202f; sinon elle prend fin',
      newWords: 'Nouvelle\u202f: les mots que vous venez d’écrire. Les anciens n’ouvrent plus rien',
      newKey: 'Reste valable, avec une nouvelle clé dans le trousseau de cet ordinateur',
      needsFile: 'Prend fin, sauf si vous donnez son fichier ici',
      ends: 'Prend fin\u202f: elle n’ouvre plus rien',
    },
    newRecovery: 'Nouvelle\u202f: les mots que vous venez d’écrire',
    pin: 'Le code PIN du déverrouillage rapide est oublié.',
    keepFile: (name) => `Fichier de ${name}, pour la garder`,
    submit: 'Remplacer la clé de données',
    running: 'Tout est scellé à nouveau…',
    closeHint: 'Fermer cette fenêtre arrête aussi le travail. Vous pourrez le reprendre plus tard.',
    done: 'Tout le contenu de ce coffre est scellé sous une nouvelle clé de données.',
    doneHint:
      'Faites une sauvegarde maintenant. Celles d’avant s’ouvrent encore, avec les anciennes clés\u202f; supprimez-les quand vous n’en aurez plus besoin.',
    damaged: (place) => `Endommagé\u202f: ${place}. Rien n’a été remplacé.`,
    somewhere: 'une partie du coffre',
    damagedHint:
      'Le coffre est comme avant. Vérifiez-le sur la page Contrôle, réparez ce qui est endommagé, puis réessayez.',
    keyFileRefused:
      'Un des fichiers-clés n’ouvre pas ce coffre. Retirez-le ou choisissez-en un autre.',
    exists: 'Le remplacement de la clé de données a déjà commencé. Reprenez-le ou abandonnez-le.',
    busy: 'D’autres programmes écrivent sans cesse dans ce coffre. Fermez-les, puis reprenez.',

    interrupted: 'Le remplacement de la clé de données a été interrompu',
    interruptedText:
      'Le coffre est comme avant. Ce qui est déjà fait se trouve dans un second fichier à côté, scellé comme le coffre.',
    interruptedBroken:
      'Le second fichier ne peut pas être lu\u202f: il ne peut qu’être abandonné. Le coffre est comme avant.',
    resume: 'Reprendre…',
    discard: 'Abandonner',
    discarded: 'Abandonné. La clé de données est celle d’avant.',
    resumeTitle: 'Reprendre le remplacement de la clé de données',
    resumeText: 'Il reprend où il en était, avec ce qui a été écrit depuis.',
    resumeSubmit: 'Reprendre',
    changed:
      'Les clés de ce coffre ont changé depuis. Abandonnez ce qui a été commencé, puis recommencez.',
    broken: 'Le second fichier est endommagé, ou déjà complet. Abandonnez-le, puis recommencez.',
  },
}
