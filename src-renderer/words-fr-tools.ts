import type { Words } from './words-en'

/** Ce que disent les outils, les paramètres et les échecs. */
export const frTools: Pick<
  Words,
  'certificates' | 'settings' | 'shortcuts' | 'failures' | 'failuresHere'
> = {
  certificates: {
    title: 'Certificats',
    lead: 'Des certificats avec leurs clés\u202f: conservés dans le coffre, mis dans les navigateurs, et convertis de toute forme en PKCS#12 ou en PEM.',
    drop: 'Déposez ici un certificat et sa clé',
    dropHint:
      'Autant de fichiers .pem, .crt, .key, .der, .p12 ou .zip que vous voulez\u202f; leur contenu dit ce qu’ils sont.',
    chooseFiles: 'Choisir des fichiers…',
    files: 'Fichiers',
    file: 'Fichier',
    found: 'Trouvé',
    clear: 'Recommencer',
    removeFile: (name) => `Retirer ${name}`,
    foundKinds: {
      archive: 'archive ZIP',
      pkcs12: 'fichier PKCS#12',
      certificate: 'certificat',
      'private-key': 'clé privée',
      'encrypted-private-key': 'clé privée chiffrée',
    },
    fileProblems: {
      empty: 'Le fichier est vide.',
      'not-a-credential': 'Ni certificat ni clé dedans.',
      'too-large': 'Plus grand que 1 Mo.',
      'too-many': 'Avec lui, il y a plus de 64 certificats et clés.',
      damaged: 'Il commence comme un certificat, une clé ou un fichier PKCS#12, et est endommagé.',
      unsupported:
        'Son chiffrement est d’un type ou d’un coût que Coffret n’accepte pas. Exportez-le à nouveau, par exemple en AES-256.',
      'encrypted-archive': 'Cette archive est chiffrée. Décompressez-la d’abord.',
      'nested-archive': 'Une archive dans une archive. Décompressez-la d’abord.',
      'unsafe-archive':
        'Cette archive est endommagée, compressée d’une façon rare, ou se décompresse au-delà du raisonnable. Décompressez-la d’abord.',
      'certificate-request':
        'Une demande de certificat (CSR). Il faut ce que l’autorité y a répondu\u202f: le certificat.',
      'public-key': 'Une clé publique seulement. La clé privée est dans un autre fichier.',
      'java-key-store':
        'Un magasin de clés Java (JKS). Convertissez-le d’abord en PKCS#12\u202f: keytool -importkeystore -deststoretype PKCS12.',
    },
    tooMany: 'Au plus 16 fichiers à la fois.',
    leaf: 'Certificat',
    chain: 'Chaîne',
    validUntil: (day) => `jusqu’au ${day}`,
    unused: 'Hors de la chaîne',
    subject: 'Sujet',
    issuer: 'Émetteur',
    validity: 'Validité',
    validRange: (from, to) => `du ${from} au ${to}`,
    names: 'Noms',
    usage: 'Usage',
    fingerprint1: 'Empreinte SHA-1',
    serialNumber: 'Numéro de série',
    keyType: 'Type de clé',
    fingerprint: 'Empreinte SHA-256',
    okmsDomain: 'Domaine OKMS',
    privateKey: 'Clé privée',
    keyMatches: 'Elle correspond au certificat.',
    keyClosed: 'Chiffrée\u202f: donnez son mot de passe pour continuer.',
    authority: 'autorité',
    problems: {
      'no-certificate': 'Pas encore de certificat. Ajoutez son fichier.',
      'no-key': 'Pas encore de clé privée. Ajoutez son fichier.',
      'several-keys': 'Il y a plus d’une clé privée. Gardez celle qui correspond au certificat.',
      'key-mismatch': 'Cette clé est celle d’un autre certificat.',
      'key-encrypted': 'La clé privée ou le fichier PKCS#12 est chiffré. Donnez son mot de passe.',
      'wrong-password': 'Ce mot de passe n’ouvre ni la clé privée ni le fichier PKCS#12.',
      'unsupported-key':
        'Coffret ne sait pas utiliser ce type de clé. Il accepte RSA de 2048 à 8192 bits, EC P-256, P-384 et P-521, et Ed25519.',
      'unsupported-encryption':
        'La clé privée est chiffrée d’une façon, ou à un coût, que Coffret n’accepte pas.',
      'damaged-key': 'La clé privée est endommagée.',
    },
    mismatch: (certificate, key) =>
      `Clé publique du certificat\u202f: ${certificate}. Clé publique de la clé privée\u202f: ${key}.`,
    warnings: {
      expired: 'Le certificat a expiré. Les serveurs le refuseront.',
      'not-yet-valid': 'Le certificat n’est pas encore valide.',
      'not-for-client-auth': 'Le certificat n’est pas prévu pour identifier un client.',
      'incomplete-chain': 'Il manque un certificat entre celui-ci et son autorité.',
    },
    keyPassword: 'Mot de passe de la clé privée',
    openKey: 'Ouvrir la clé',
    output: 'Fichier PKCS#12',
    profile: 'Profil',
    profiles: { modern: 'Moderne', compatible: 'Compatible' },
    profileHints: {
      modern:
        'AES-256 et SHA-256. Pour Firefox, Chrome et Edge sous Linux, Windows 10 (1709) ou plus récent, et les serveurs.',
      compatible:
        '3DES et SHA-1. Pour le trousseau de macOS et Windows Server 2016 ou plus ancien, qui refusent le fichier moderne. Son chiffrement est faible\u202f: importez-le, puis supprimez-le.',
    },
    friendlyName: 'Nom affiché',
    friendlyNameHint: 'Le nom sous lequel les navigateurs le listent.',
    password: 'Mot de passe du fichier',
    passwordHint: 'L’import le demande. Il n’est jamais vide.',
    generate: 'Générer',
    passwordEmpty: 'Donnez un mot de passe au fichier.',
    copyPassword: 'Copier le mot de passe',
    save: 'Enregistrer le fichier PKCS#12…',
    saved: 'Enregistré',
    savedAt: (file) => `Enregistré comme ${file}. Vous seul pouvez le lire.`,
    next: 'Importez-le dans votre navigateur ou trousseau avec le mot de passe ci-dessus.',
    savePem: 'Enregistrer le fichier PEM…',
    entries: (file) => `Dans ${file}`,
  },

  settings: {
    title: 'Paramètres',
    appearance: 'Apparence',
    language: 'Langue',
    languages: { system: 'Comme le système', en: 'English', fr: 'Français' },
    theme: 'Thème',
    themes: { system: 'Comme le système', light: 'Clair', dark: 'Sombre' },
    security: 'Sécurité',
    lockAfter: 'Verrouiller après',
    lockAfterHint: 'Durée sans utiliser cette application.',
    clearAfter: 'Effacer le presse-papiers après',
    clearAfterHint: 'Compté depuis chaque copie. Seule une valeur encore présente est effacée.',
    clearNever: 'Les valeurs copiées restent dans le presse-papiers jusqu’à une autre copie.',
    vault: 'Coffre',
    about: 'À propos',
    versionLine: (version) => `Coffret ${version}`,
    runtimeLine: (electron, chrome) => `Electron ${electron} · Chromium ${chrome}`,
    saved: 'Enregistré',
  },

  shortcuts: {
    title: 'Raccourcis clavier',
    search: 'Rechercher',
    newSecret: 'Nouveau secret',
    lock: 'Verrouiller',
    edit: 'Modifier le secret',
    save: 'Relire, puis enregistrer',
    rename: 'Renommer ou déplacer',
    remove: 'Mettre le secret à la corbeille',
    undo: 'Annuler la mise à la corbeille',
    escape: 'Fermer, effacer la recherche, quitter l’édition',
    settings: 'Paramètres',
    sheet: 'Cette liste',
    panes: 'Volet suivant, précédent',
    tree: 'Se déplacer dans l’arbre\u202f; une lettre trouve un nom',
    addRow: 'Ajouter une clé pendant l’édition',
    reveal: 'Révéler ou masquer les valeurs',
    history: 'Précédent, suivant',
  },

  failures: {
    invalid: 'Quelque chose dans le formulaire n’est pas accepté.',
    not_found: 'Ce n’est plus là. Quelqu’un l’a peut-être supprimé ou renommé.',
    exists: 'Quelque chose porte déjà ce nom. Choisissez-en un autre.',
    cas_mismatch: 'Cela a changé entre-temps. Relisez l’autre changement avant d’enregistrer.',
    cas_required: 'Ce secret veut savoir quelle version est remplacée. Rouvrez-le et réessayez.',
    too_large: 'C’est trop grand. Un secret fait au plus 64 Ko.',
    locked: 'Le coffre est verrouillé. Déverrouillez-le et réessayez\u202f; rien n’est perdu.',
    wrong_passphrase:
      'Cela n’ouvre pas ce coffre. Vérifiez Verr. Maj et la disposition du clavier.',
    wrong_password: 'Ce mot de passe n’ouvre pas le fichier.',
    corrupt:
      'Le fichier est endommagé\u202f: une partie n’est pas ce qui a été écrit. Rien n’a été changé. Restaurez une copie du fichier.',
    not_a_vault: 'Ce fichier n’est pas un coffre Coffret. Choisissez un fichier .coffret.',
    newer_format:
      'Ce coffre a été écrit par un Coffret plus récent. Mettez Coffret à jour pour l’ouvrir.',
    kdf_bounds:
      'Le fichier demande une dérivation de clé hors des limites sûres. Il a été endommagé, ou fait pour nuire.',
    not_writable:
      'Le fichier ou son dossier ne peut pas être écrit. Vérifiez les droits, ou choisissez un autre endroit.',
    stale:
      'Le fichier du coffre est une copie plus ancienne, ou une autre, que celle que cet ordinateur connaît. Décidez d’abord laquelle garder.',
    busy: 'Un autre programme utilise le fichier du coffre. Fermez-le là-bas, puis réessayez.',
    storage:
      'Le disque a échoué ou est plein. L’état précédent est intact. Libérez de la place et réessayez.',
    unreachable:
      'Le serveur ne répond pas, ou n’est pas celui auquel vous faites confiance. Vérifiez le réseau et l’adresse.',
    key_mismatch:
      'La clé privée ne correspond pas au certificat. Choisissez la paire qui va ensemble.',
    forbidden: 'Vous n’avez pas le droit de faire cela.',
    unsupported: 'Ce type de dépôt ne sait pas faire cela.',
    cancelled: 'C’est abandonné. Rien n’a changé.',
    internal: 'Une erreur de Coffret. Rien n’est perdu\u202f; réessayez.',
  },

  failuresHere: {
    missingFile:
      'Le fichier du coffre n’est pas là. Il a été déplacé ou renommé, ou son disque n’est pas connecté.',
    fileExists: 'Un fichier de ce nom est déjà là. Choisissez un autre nom ou endroit.',
    noFolder: 'Ce dossier n’existe pas. Choisissez un autre endroit.',
    wrongWords: 'Ces mots n’ouvrent pas ce coffre. Vérifiez leur ordre et leur orthographe.',
    wrongCurrent: 'La phrase secrète actuelle n’est pas la bonne.',
    secretExists:
      'Un secret existe à ce chemin. Ouvrez-le pour ajouter une version, ou choisissez un autre chemin.',
    code: (code) => `Code\u202f: ${code}`,
  },
}
