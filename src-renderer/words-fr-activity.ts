import { counted } from './words-format'
import type { enActivity } from './words-en-activity'

const count = counted('fr')
const lines = (n: number) => count(n, { one: 'ligne', other: 'lignes' })

/** Ce qui est dit du journal d’audit. */
export const frActivity: typeof enActivity = {
  activity: {
    title: 'Activité',
    lead: 'Qui a fait quoi dans ce coffre, et quand\u202f: cette fenêtre, et chaque programme passé par l’API locale. Jamais une valeur. Conservé scellé dans le coffre, 90\u00a0jours ou 50\u202f000\u00a0lignes.',
    table: 'Activité',
    filters: 'Filtres',
    when: 'Quand',
    who: 'Qui',
    what: 'Quoi',
    where: 'Où',
    result: 'Résultat',
    everyone: 'Tout le monde',
    window: 'Cette fenêtre',
    nobody: 'Sans identifiant',
    program: 'Un programme de cet ordinateur',
    peer: (address, uid) => (uid === undefined ? address : `${address}, utilisateur ${uid}`),
    process: (pid) => `processus ${pid}`,
    outcomes: { ok: 'Fait', refused: 'Refusé', failed: 'Échec' },
    anyOutcome: 'Tous les résultats',
    from: (path: string) => `depuis ${path}`,
    path: 'Le chemin commence par',
    times: (n) => `× ${n}`,
    timesHint: (n) => `Cette ligne représente ${n} appels`,
    emptyTitle: 'Rien pour l’instant',
    empty: 'Ce que font cette fenêtre et les programmes apparaît ici aussitôt.',
    noneTitle: 'Rien ne correspond',
    none: 'Aucune ligne du journal ne correspond à ces filtres.',
    clear: 'Effacer les filtres',
    more: 'Afficher les lignes plus anciennes',
    live: 'En direct',
    liveHint: 'Les nouvelles lignes apparaissent d’elles-mêmes',
    verify: 'Vérifier le journal',
    whole: (n, first) =>
      first === 1
        ? `Rien n’a été retiré ni changé\u202f: ${lines(n)}.`
        : `Rien n’a été retiré ni changé\u202f: ${lines(n)}, la plus ancienne porte le numéro ${first}.`,
    broken: (at) =>
      `À la ligne ${at}, quelque chose a été retiré, remplacé ou déplacé par un autre programme. La suite a été écrite après et est intacte.`,
    export: 'Exporter…',
    exportCsv: 'En CSV, pour un tableur',
    exportJson: 'En JSON Lines, pour des programmes',
    exportName: (vault) => `${vault} activité`,
    exported: (n) => `${lines(n)} écrites.`,
  },
}
