import type { Script } from '../script'

const five = [1, 2, 3, 4, 5].map(
  (number) => [`write ${number}`, 'POST kv2/data/a', { data: { number } }] as const,
)

/** Soft deletion, undeletion and destruction of versions. */
export const kv2States: Script = {
  name: 'kv2 states',
  steps: [
    ...five,
    ['deletion takes the last version', 'DELETE kv2/data/a'],
    ['which reads as deleted', 'GET kv2/data/a'],
    ['and by its number too', 'GET kv2/data/a?version=5'],
    ['the others are there', 'GET kv2/data/a?version=4'],
    ['deleted again', 'DELETE kv2/data/a'],
    ['the metadata after deletion', 'GET kv2/metadata/a'],
    ['versions as numbers', 'POST kv2/delete/a', { versions: [1, 2] }],
    ['versions as texts, by PUT', 'PUT kv2/delete/a', { versions: ['3'] }],
    ['one version, no array', 'POST kv2/undelete/a', { versions: 1 }],
    ['versions with commas', 'POST kv2/undelete/a', { versions: '2,3' }],
    ['one came back', 'GET kv2/data/a?version=2'],
    ['versions that are not there', 'POST kv2/delete/a', { versions: [77, 0, -1] }],
    ['a deletion without versions', 'POST kv2/delete/a', {}],
    ['an undeletion without versions', 'POST kv2/undelete/a', {}],
    ['a destruction without versions', 'POST kv2/destroy/a', {}],
    ['an empty list of versions', 'POST kv2/delete/a', { versions: [] }],
    ['versions that are null', 'POST kv2/destroy/a', { versions: null }],
    ['versions that are empty text', 'POST kv2/undelete/a', { versions: '' }],
    ['versions that are words', 'POST kv2/delete/a', { versions: ['one'] }],
    ['versions that are fractions', 'POST kv2/delete/a', { versions: [1.5] }],
    ['versions that are an object', 'POST kv2/destroy/a', { versions: { a: 1 } }],
    ['versions with an unknown field', 'POST kv2/delete/a', { versions: [1], foo: 1 }],
    ['destroyed by PUT', 'PUT kv2/destroy/a', { versions: [1, '4'] }],
    ['a destroyed version', 'GET kv2/data/a?version=4'],
    ['a version deleted, then destroyed', 'GET kv2/data/a?version=1'],
    ['what is destroyed does not come back', 'POST kv2/undelete/a', { versions: [1, 4] }],
    ['the metadata after it all', 'GET kv2/metadata/a'],
    ['a secret that is not there, deleted', 'DELETE kv2/data/none'],
    ['versions of no secret, deleted', 'POST kv2/delete/none', { versions: [1] }],
    ['versions of no secret, undeleted', 'POST kv2/undelete/none', { versions: [1] }],
    ['versions of no secret, destroyed', 'POST kv2/destroy/none', { versions: [1] }],
    ['none of them made one', 'GET kv2/metadata/none'],
    ['a read of delete', 'GET kv2/delete/a'],
    ['a list of destroy', 'LIST kv2/destroy/a'],
    ['a deletion of undelete', 'DELETE kv2/undelete/a'],
    ['delete without a path', 'POST kv2/delete', { versions: [1] }],
    ['undelete without a path', 'POST kv2/undelete', { versions: [1] }],
    ['destroy without a path', 'POST kv2/destroy', { versions: [1] }],
    ['deletion ignores a query', 'DELETE kv2/data/a?versions=2'],
    ['the metadata is what it was', 'GET kv2/metadata/a'],
    ['a write after deletion goes on', 'POST kv2/data/a', { data: { number: 6 } }],
    ['all of it removed', 'DELETE kv2/metadata/a'],
    ['nothing is left', 'GET kv2/metadata/a'],
    ['numbers begin again', 'POST kv2/data/a', { data: { number: 1 } }],
    ['removed twice', 'DELETE kv2/metadata/none'],
  ],
}

/** How many versions are kept. */
export const kv2Pruning: Script = {
  name: 'kv2 pruning',
  steps: [
    ['a secret that keeps two', 'POST kv2/metadata/a', { max_versions: 2 }],
    ...five
      .slice(0, 4)
      .flatMap(
        (write, index) =>
          [
            write,
            [`the metadata after write ${index + 1}`, 'GET kv2/metadata/a'] as const,
          ] as const,
      ),
    ['a pruned version', 'GET kv2/data/a?version=2'],
    ['a pruned version does not come back', 'POST kv2/undelete/a', { versions: [1, 2] }],
    ['a limit raised', 'POST kv2/metadata/a', { max_versions: 4 }],
    ['a write under it', 'POST kv2/data/a', { data: { number: 5 } }],
    ['three are kept', 'GET kv2/metadata/a'],
    ['a limit lowered prunes nothing', 'POST kv2/metadata/a', { max_versions: 1 }],
    ['yet', 'GET kv2/metadata/a'],
    ['a patch prunes', 'PATCH kv2/data/a', { data: { number: 6 } }],
    ['all but one', 'GET kv2/metadata/a'],
    ['the mount keeps three', 'POST kv2/config', { max_versions: 3 }],
    ['a write under the larger limit', 'POST kv2/data/a', { data: { number: 7 } }],
    ['the larger one counts', 'GET kv2/metadata/a'],
    ['the mount keeps none', 'POST kv2/config', { max_versions: 0 }],
    ...Array.from(
      { length: 11 },
      (_, index) => [`default write ${index + 1}`, 'POST kv2/data/b', { data: { index } }] as const,
    ),
    ['ten are kept by default', 'GET kv2/metadata/b'],
    ['the eleventh last is gone', 'GET kv2/data/b?version=1'],
  ],
}

/** Versions that end by themselves. */
export const kv2Endings: Script = {
  name: 'kv2 endings',
  steps: [
    ['a secret that ends', 'POST kv2/metadata/a', { delete_version_after: '2m' }],
    ['a write has its end', 'POST kv2/data/a', { data: { a: 1 } }],
    ['a read shows it', 'GET kv2/data/a'],
    ['a mount with a nearer end', 'POST kv2/config', { delete_version_after: '30s' }],
    ['the nearer end counts', 'POST kv2/data/a', { data: { a: 2 } }],
    ['the mount with a later end', 'POST kv2/config', { delete_version_after: '1h' }],
    ['again the nearer counts', 'PATCH kv2/data/a', { data: { a: 3 } }],
    ['a secret without one', 'POST kv2/data/b', { data: { a: 1 } }],
    ['the mount without any', 'POST kv2/config', { delete_version_after: -1 }],
    ['switches all of them off', 'POST kv2/data/a', { data: { a: 4 } }],
    ['which the mount tells', 'GET kv2/config'],
    ['the mount with none of its own', 'POST kv2/config', { delete_version_after: 0 }],
    ['the secret has its own again', 'POST kv2/data/a', { data: { a: 5 } }],
    ['deletion before the end', 'DELETE kv2/data/a'],
    ['undeletion plans another end', 'POST kv2/undelete/a', { versions: [5, 4] }],
    ['for every version it names', 'GET kv2/metadata/a'],
    ['a short life', 'POST kv2/metadata/c', { delete_version_after: '1s' }],
    ['is written', 'POST kv2/data/c', { data: { a: 1 } }],
    ['and ends', 'GET kv2/data/c', undefined, { afterMs: 1_100 }],
    ['what ended takes no patch', 'PATCH kv2/data/c', { data: { a: 2 } }],
    ['cas 0 is still no match', 'POST kv2/data/c', { data: { a: 2 }, options: { cas: 0 } }],
  ],
}
