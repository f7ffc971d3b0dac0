import type { Words } from './words-en'

/** Ce qui est dit quand un serveur, ou le chemin qui y mène, refuse\u202f: ce qui s’est passé, et que faire. */
export const frRemote: Pick<Words, 'remote'> = {
  remote: {
    reasons: {
      offline: 'Cet ordinateur n’a pas de réseau. Connectez-le, puis réessayez.',
      no_such_host: 'Aucun serveur ne porte ce nom. Vérifiez l’adresse.',
      refused: 'Le serveur est là, mais rien ne répond à ce port. Vérifiez le port.',
      no_tls:
        'Ce qui répond ne parle pas TLS\u202f: rien n’a été envoyé. Vérifiez l’adresse et le port.',
      proxy: 'Le proxy est injoignable ou ne laisse pas passer. Vérifiez le proxy.',
      slow_connect:
        'Le serveur a mis trop de temps à répondre à l’appel. Réessayez, ou vérifiez le réseau.',
      slow: 'Le serveur a mis trop de temps. Réessayez dans un instant.',
      no_reply: 'La connexion s’est rompue avant la fin de la réponse. Réessayez.',
      server_certificate_unknown:
        'Le certificat du serveur vient d’une autorité à laquelle vous ne faites pas confiance. Rien n’a été envoyé. Si le serveur a sa propre autorité, ajoutez le certificat de celle-ci.',
      server_certificate_name:
        'Le certificat du serveur porte un autre nom. Rien n’a été envoyé. Vérifiez l’adresse.',
      server_certificate_limits:
        'L’autorité du certificat du serveur ne peut signer que pour certains noms et certaines adresses, ce qui ne peut pas être vérifié ici pour une adresse IP. Rien n’a été envoyé. Mettez le nom du serveur dans l’adresse, par exemple https://localhost:PORT.',
      server_certificate_expired:
        'Le certificat du serveur n’est pas valable en ce moment. Vérifiez l’horloge de cet ordinateur\u202f; sinon, c’est au responsable du serveur de le renouveler.',
      certificate_expired:
        'Votre certificat a expiré. Renouvelez-le, puis remplacez l’identifiant ici.',
      certificate_not_yet_valid:
        'Votre certificat n’est pas encore valable. Vérifiez l’horloge de cet ordinateur.',
      certificate_revoked:
        'Votre certificat a été révoqué. Demandez-en un nouveau, puis remplacez l’identifiant ici.',
      certificate_unknown:
        'Le serveur ne connaît pas l’autorité de votre certificat. Choisissez-en un qui a été fait pour ce serveur.',
      certificate_missing:
        'Le serveur demande un certificat client. Choisissez-en un, avec sa clé privée.',
      certificate_refused:
        'Le serveur refuse votre certificat. Choisissez-en un qui a été fait pour ce serveur.',
      not_for_clients:
        'Ce certificat n’est pas fait pour identifier un client. Demandez-en un qui le soit (clientAuth).',
      key_mismatch:
        'La clé privée appartient à un autre certificat. Choisissez la paire qui va ensemble.',
      wrong_domain:
        'Ce certificat est celui d’un autre domaine, ou ce serveur n’a pas ce domaine. Vérifiez l’identifiant du domaine et la région.',
      unauthenticated:
        'Le serveur ne connaît pas, ou plus, cet identifiant. Remplacez l’identifiant.',
      may_not_list:
        'Vous n’avez pas le droit de lister les secrets ici. Demandez ce droit à l’administrateur du domaine.',
      may_not_read_metadata:
        'Vous pouvez lister les secrets, mais pas lire ce qu’on en sait. Demandez ce droit.',
      may_not_read_data:
        'Vous pouvez lister ce secret, mais pas lire ses valeurs. Demandez ce droit à l’administrateur.',
      may_not_write: 'Vous pouvez lire ici, mais pas écrire. Demandez ce droit à l’administrateur.',
      may_not_deactivate:
        'Vous n’avez pas le droit de désactiver ni de réactiver des versions ici. Demandez ce droit.',
      may_not_destroy:
        'Vous n’avez pas le droit de supprimer définitivement ici. Demandez ce droit à l’administrateur.',
      may_not_configure:
        'Vous n’avez pas le droit de changer les réglages ici. Demandez ce droit à l’administrateur.',
      may_not: 'L’identifiant est bon, mais un droit lui manque. Demandez-le à l’administrateur.',
      no_route:
        'Le serveur n’a pas cette adresse\u202f: c’est un autre produit, une version plus ancienne, ou le point de montage n’existe pas. Vérifiez l’adresse.',
      redirected:
        'Le serveur renvoie vers une autre adresse. Coffret ne suit pas, car votre identifiant n’est destiné qu’à celle-ci. Vérifiez l’adresse.',
      not_an_api: 'Ce qui répond est une page, pas une API. Vérifiez l’adresse.',
      wrong_form: 'Le serveur répond autre chose que ce qui a été demandé. Vérifiez l’adresse.',
      too_much: 'Le serveur répond plus que Coffret n’en lit. Limitez-vous à un dossier.',
      rate_limited: 'Trop de demandes pour le moment. Attendez une minute, puis réessayez.',
      overloaded: 'Le serveur est surchargé ou en maintenance. Réessayez dans un instant.',
      server_fault:
        'Le serveur a échoué. À notre connaissance, rien n’est perdu\u202f; réessayez dans un instant.',
      sealed: 'Le serveur lui-même est scellé. Quelqu’un doit d’abord le desceller.',
    },
    steps: {
      credential: 'Certificat et clé, ou jeton',
      name: 'Nom du serveur',
      reach: 'Quelque chose y écoute',
      tls: 'Le serveur est bien celui de confiance',
      accepted: 'Le serveur vous accepte',
      list: 'Droit de lister',
      metadata: 'Droit de lire les métadonnées',
      read: 'Droit de lire les valeurs',
    },
    remedies: {
      use_name: 'Un Coffret sur cet ordinateur s’appelle localhost.',
      choose_other_domain: 'Choisissez le domaine pour lequel le certificat est fait.',
    },
  },
}
