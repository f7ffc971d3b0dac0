import type { Words } from './words-en'
import { counted } from './words-format'

const count = counted('fr')
const days = (n: number) => count(n, { one: 'jour', other: 'jours' })

/** Les domaines distants. */
export const frDomains: Pick<Words, 'domains'> = {
  domains: {
    group: 'Domaines distants',
    groupOf: (region) => `Domaines distants, ${region}`,
    otherHosts: 'autres serveurs',
    // Short enough for the sidebar.
    add: 'Nouveau domaine',
    state: (name, state) => `${name}, ${state}`,
    states: {
      idle: 'pas encore interrogé',
      connecting: 'connexion en cours',
      ready: 'prêt',
      offline: 'hors ligne',
      refused: 'refusé',
      expired: 'certificat expiré',
      locked: 'scellé',
    },
    endsIn: (n) =>
      n === 0 ? 'le certificat se termine aujourd’hui' : `le certificat se termine dans ${days(n)}`,
    endsInShort: (n) => `${n} j`,
    expiring: (name, n) =>
      n === 0
        ? `Le certificat du domaine ${name} est terminé.`
        : `Le certificat du domaine ${name} se termine dans ${days(n)}.`,
    settingsOf: (name) => `Réglages du domaine ${name}`,

    listOf: (age) => `Liste lue ${age}`,
    listPart: 'La liste n’est pas encore complète',
    listingNames: (n) => `Lecture de la liste… ${n.toLocaleString('fr')}`,
    listingFacts: (done, total) =>
      `Lecture des détails… ${done.toLocaleString('fr')} sur ${total.toLocaleString('fr')}`,
    refresh: 'Relire la liste',
    stopListing: 'Arrêter',
    kept: 'Vous voyez la dernière liste connue.',
    renew: 'Remplacer l’identifiant…',
    emptyTitle: 'Aucun secret ici',
    emptyText: 'Le domaine n’en contient aucun que vous puissiez lister.',
    connecting: 'Connexion…',
    status: (name, state) => `${name}\u202f: ${state}`,

    addTitle: 'Ajouter un domaine distant',
    addLead:
      'Un serveur qui garde des secrets\u202f: un domaine OKMS d’OVHcloud, un serveur Vault ou OpenBao, ou un autre Coffret. Sa clé est gardée scellée dans votre coffre.',
    kind: 'De quoi il s’agit',
    kinds: { okms: 'Domaine OKMS', central: 'API centrale OVHcloud', vault: 'Vault ou OpenBao' },
    auth: 'Comment vous vous identifiez',
    auths: { certificate: 'Certificat', token: 'Jeton' },
    drop: 'Déposez ici le certificat et sa clé',
    dropHint: 'Fichiers PEM, .p12 ou .zip\u202f; ou okms.yaml, la configuration d’okms-cli.',
    found: (n) => `Trouvé\u202f: ${count(n, { one: 'profil', other: 'profils' })}`,
    profile: 'Profil',
    noProfile: 'Aucun',
    profileFiles: (names) => `Déposez aussi ces fichiers\u202f: ${names}`,
    profileProblems: {
      address: 'Il n’a pas d’adresse utilisable.',
      auth: 'Il s’identifie d’une façon que Coffret ne connaît pas.',
      files: 'Il ne dit pas où sont le certificat et la clé.',
      token: 'Il n’a pas de jeton.',
      okmsId: 'Il n’a pas d’identifiant de domaine.',
    },
    active: 'actif',
    endsOn: (day, n) => `Valable jusqu’au ${day} (${days(n)})`,
    endedOn: (day) => `Terminé le ${day}`,
    known: (name) =>
      `Ce domaine est déjà gardé, sous le nom ${name}. Si le certificat a été renouvelé, remplacez-le là.`,
    label: 'Nom',
    region: 'Région',
    ownHost: 'Un serveur à moi',
    address: 'Adresse',
    addressHint: 'https://hôte ou https://hôte:port',
    okmsId: 'Identifiant du domaine',
    api: 'Interface',
    apis: { rest: 'REST', kv2: 'Compatible Vault (KV2)' },
    token: 'Jeton',
    tokenKept: 'Le jeton du profil est utilisé\u202f; il n’est pas affiché.',
    namespace: 'Espace de noms',
    namespaceHint: 'Seulement si le serveur est divisé en espaces de noms.',
    loginMount: 'Point de montage de la connexion par certificat',
    loginMountHint: '«\u202fcert\u202f» sauf indication contraire.',
    mounts: 'Points de montage',
    mountsHint:
      'Des noms séparés par des espaces, avec «\u202f:1\u202f» derrière ceux en KV1. Vide\u202f: on le demande au serveur.',
    advanced: 'Autorités de confiance et proxy',
    trust: 'Autorités de confiance',
    trusts: {
      public: 'Les publiques',
      own: 'Les miennes seulement',
      both: 'Les miennes et les publiques',
    },
    authorityPem: 'Autorités (PEM)',
    authorityHint: 'Le certificat de l’autorité qui a signé celui du serveur.',
    authorityFile: 'Prendre dans un fichier…',
    proxy: 'Proxy',
    proxyHint:
      'http://hôte:port\u202f; vide pour aucun. Le proxy voit le nom du serveur et rien d’autre.',
    keeper: 'Gardé dans',
    wrong: {
      label: 'Donnez-lui un nom.',
      address: 'Une adresse est https://hôte, avec un port et un chemin au besoin.',
      okmsId: 'L’identifiant d’un domaine est un UUID, comme dans l’espace client.',
      proxy: 'Un proxy est http://hôte:port.',
      authorities: 'Donnez les certificats des autorités en texte PEM.',
      namespace: 'Un espace de noms n’a que des lettres, des chiffres et . _ / -.',
      loginMount: 'Un point de montage n’a que des lettres, des chiffres et . _ -.',
      mounts:
        'Les points de montage sont des noms comme «\u202fsecret\u202f» ou «\u202fold:1\u202f».',
      region: 'Une région est comme eu-west-par.',
      token: 'Donnez le jeton.',
      files: 'Donnez le certificat et sa clé.',
    },
    test: 'Tester la connexion',
    testing: 'Test en cours…',
    testSteps: 'Étapes du test',
    stepOf: (step) => `${step}\u202f:`,
    outcomes: { passed: 'réussi', failed: 'échec', skipped: 'pas essayé' },
    testGood: 'La connexion fonctionne.',
    testBad: 'La connexion ne fonctionne pas encore. Vous pouvez ajouter le domaine quand même.',
    useAddress: (address) => `Utiliser ${address}`,
    mountsFound: (names) => `Dépôts\u202f: ${names}`,
    addNow: 'Ajouter le domaine',
    added: (name) => `${name} est ajouté`,
    deleteTitle: 'Supprimer les fichiers\u202f?',
    deleteText:
      'La clé est maintenant scellée dans votre coffre. Tant que les fichiers restent, qui peut les lire a votre accès. Supprimer n’est pas effacer\u202f: les sauvegardes gardent ce qu’elles ont.',
    deleteFiles: 'Supprimer les fichiers',
    keepFiles: 'Les garder',
    removals: {
      removed: 'supprimé',
      changed: 'modifié entre-temps, il reste donc',
      foreign: 'contient autre chose, il reste donc',
      missing: 'n’est plus là',
      failed: 'n’a pas pu être supprimé',
    },

    save: 'Enregistrer',
    saved: 'Enregistré',
    credential: 'Identifiant',
    credentialCertificate: 'Un certificat avec sa clé, scellés dans le coffre',
    credentialToken: 'Un jeton, scellé dans le coffre',
    replace: 'Remplacer…',
    replaceTitle: 'Remplacer l’identifiant',
    replaceNow: 'Remplacer',
    replaced: 'L’identifiant est remplacé',
    removeTitle: (name) => `Retirer ${name}\u202f?`,
    removeText:
      'Le coffre oublie le domaine et sa clé définitivement. Rien ne change sur le serveur. Les copies hors ligne restent.',
    removeOpen: 'Retirer le domaine…',
    removed: (name) => `${name} est retiré`,
    offlineCopy: 'Copie hors ligne',
    offlineCopyLead: 'Pour lire le domaine sans réseau, gardez-en une copie dans votre coffre.',
  },
}
