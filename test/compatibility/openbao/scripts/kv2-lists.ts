import type { Script } from '../script'

/** Lists, pages of them, and the shape of a secret. */
export const kv2Lists: Script = {
  name: 'kv2 lists',
  steps: [
    ['an empty mount', 'LIST kv2/metadata'],
    ...['foo', 'foo/bar', 'foo/baz/qux', 'Zoo', 'é', '🔑', '～', 'a b'].map(
      (path, index) =>
        [
          `secret ${index + 1}`,
          `POST kv2/data/${path.split('/').map(encodeURIComponent).join('/')}`,
          { data: { a: 1 } },
        ] as const,
    ),
    ['the root', 'LIST kv2/metadata'],
    ['the root with a slash', 'LIST kv2/metadata/'],
    ['the root by GET', 'GET kv2/metadata?list=true'],
    ['the root by GET with a slash', 'GET kv2/metadata/?list=1'],
    ['a list that is TRUE', 'GET kv2/metadata?list=TRUE'],
    ['a list that is yes', 'GET kv2/metadata?list=yes'],
    ['a folder', 'LIST kv2/metadata/foo'],
    ['a folder with a slash', 'LIST kv2/metadata/foo/'],
    ['a folder below', 'GET kv2/metadata/foo/baz?list=true'],
    ['a secret', 'LIST kv2/metadata/Zoo'],
    ['nothing', 'LIST kv2/metadata/none'],
    ['the first two', 'LIST kv2/metadata?limit=2'],
    ['the next two', 'LIST kv2/metadata?limit=2&after=a%20b'],
    ['behind a folder', 'LIST kv2/metadata?after=foo/'],
    ['behind what is not there', 'LIST kv2/metadata?after=g'],
    ['behind the end', 'LIST kv2/metadata?after=%F0%9F%94%92'],
    ['a limit of 0', 'LIST kv2/metadata?limit=0'],
    ['a limit below 0', 'LIST kv2/metadata?limit=-1'],
    ['a limit that is no number', 'LIST kv2/metadata?limit=x'],
    ['a limit by GET', 'GET kv2/metadata?list=true&limit=1'],
    ['an unknown parameter', 'LIST kv2/metadata?foo=1'],
    ['of deleted versions', 'DELETE kv2/data/Zoo'],
    ['has them', 'LIST kv2/metadata'],
    ['of removed secrets', 'DELETE kv2/metadata/foo/baz/qux'],
    ['has them not', 'LIST kv2/metadata/foo'],
    ['with metadata alone', 'POST kv2/metadata/alone', { max_versions: 1 }],
    ['has it', 'LIST kv2/metadata'],
  ],
}

/** `subkeys/`. */
export const kv2Subkeys: Script = {
  name: 'kv2 subkeys',
  steps: [
    ['of nothing', 'GET kv2/subkeys/a'],
    [
      'a secret',
      'POST kv2/data/a',
      { data: { s: 1, n: null, l: [1, { x: 1 }], e: {}, o: { p: { q: 1 } } } },
    ],
    ['all', 'GET kv2/subkeys/a'],
    ['one level', 'GET kv2/subkeys/a?depth=1'],
    ['two levels', 'GET kv2/subkeys/a?depth=2'],
    ['a depth of 0', 'GET kv2/subkeys/a?depth=0'],
    ['a depth that is no number', 'GET kv2/subkeys/a?depth=x'],
    ['a negative depth', 'GET kv2/subkeys/a?depth=-1'],
    ['a depth further below 0', 'GET kv2/subkeys/a?depth=-2'],
    ['of a version', 'GET kv2/subkeys/a?version=1'],
    ['of no version', 'GET kv2/subkeys/a?version=7'],
    ['empty data', 'POST kv2/data/e', { data: {} }],
    ['of empty data', 'GET kv2/subkeys/e'],
    ['deleted', 'DELETE kv2/data/a'],
    ['of what is deleted', 'GET kv2/subkeys/a'],
    ['destroyed', 'POST kv2/destroy/e', { versions: [1] }],
    ['of what is destroyed', 'GET kv2/subkeys/e'],
    ['a write', 'POST kv2/subkeys/a', { data: {} }],
    ['a list', 'LIST kv2/subkeys/a'],
    ['without a path', 'GET kv2/subkeys'],
  ],
}

/** `config`. */
export const kv2Config: Script = {
  name: 'kv2 config',
  steps: [
    ['at first', 'GET kv2/config'],
    [
      'all of it',
      'POST kv2/config',
      { max_versions: 5, cas_required: true, delete_version_after: '3h25m19s' },
    ],
    ['is read', 'GET kv2/config'],
    ['by PUT', 'PUT kv2/config', { max_versions: '7' }],
    ['only what is given changes', 'GET kv2/config'],
    ['nothing', 'POST kv2/config', {}],
    ['no body', 'POST kv2/config'],
    ['an unknown field', 'POST kv2/config', { foo: 1 }],
    ['a number that is none', 'POST kv2/config', { max_versions: 'x' }],
    ['a fraction', 'POST kv2/config', { max_versions: 1.5 }],
    ['a boolean that is none', 'POST kv2/config', { cas_required: 'perhaps' }],
    ['a life that is none', 'POST kv2/config', { delete_version_after: 'soon' }],
    ['a life of days', 'POST kv2/config', { delete_version_after: '2d' }],
    ['is told in hours', 'GET kv2/config'],
    ['a life below 0', 'POST kv2/config', { delete_version_after: '-5h' }],
    ['is told as', 'GET kv2/config'],
    [
      'null',
      'POST kv2/config',
      { max_versions: null, cas_required: null, delete_version_after: null },
    ],
    ['resets', 'GET kv2/config'],
    ['JSON that is none', 'POST kv2/config', undefined, { text: 'max_versions=1' }],
    [
      'a form',
      'POST kv2/config',
      undefined,
      {
        text: 'max_versions=9&cas_required=true',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      },
    ],
    ['a form is taken', 'GET kv2/config'],
    ['deleted', 'DELETE kv2/config'],
    ['listed', 'LIST kv2/config'],
    ['with a slash', 'GET kv2/config/'],
    ['an unknown parameter', 'GET kv2/config?foo=1'],
    ['a negative number', 'POST kv2/config', { max_versions: -1 }],
  ],
}
