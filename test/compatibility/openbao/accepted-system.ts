import { stepsOf, type AcceptedDifference } from './acceptance'

const words = 'People read these words and no client compares them; the status is the same.'
const notAPlugin = 'The engine is a part of Coffret and no plugin.'
const single = [
  'the mount of a secret',
  'the mount of a mount',
  'the mount of a mount with a slash',
  'a mount of version 1',
]
const twice = ['what was made', 'reads as text', 'is of version 1', 'is of version 2']
const versionWhy =
  'A mount of Coffret always tells its version, as text, so that no client has to know what a missing ' +
  'one means.'

/** One row for a part that one step has otherwise. */
function row(
  what: string,
  why: string,
  part: string,
  values: readonly [string, string],
  ...steps: readonly string[]
): AcceptedDifference {
  return { what, why, part, values, steps: stepsOf('system', ...steps) }
}

/** Accepted differences of `sys/` and `auth/`. */
export const acceptedOfSystem: readonly AcceptedDifference[] = [
  {
    what: 'a reply is not wrapped',
    why: 'Who asks for wrapping wants the secret hidden: where that cannot be done, 400 is the safe answer.',
    steps: stepsOf('callers', 'a reply to wrap'),
    part: '',
    statuses: [400, 200],
  },
  {
    what: 'a token has no `issue_time`',
    why: 'The time is in `creation_time`; Vault has the other for tokens that expire.',
    steps: stepsOf('callers', 'itself'),
    part: 'body.data.issue_time',
    values: ['absent', '"<time>"'],
  },
  row(
    'health has `performance_standby`',
    'Vault answers so, and its clients look there.',
    'body.performance_standby',
    ['false', 'absent'],
    'health',
    'health with a status',
  ),
  row(
    'a bad status for health is explained',
    'OpenBao refuses it without a word.',
    'body.errors',
    ['["a status is a number of 200 to 599"]', '[]'],
    'health with a status that is none',
  ),
  row(
    'the seal status has no `commit_date`',
    'There is no commit to tell of: the field is empty.',
    'body.commit_date',
    ['""', '"<time>"'],
    'seal-status',
  ),
  row(
    'the seal status has `build_date`',
    'Vault answers so; it is empty like `commit_date`.',
    'body.build_date',
    ['""', 'absent'],
    'seal-status',
  ),
  row(
    'the storage is a file',
    'It is one; the OpenBao of these tests keeps everything in memory.',
    'body.storage_type',
    ['"file"', '"inmem"'],
    'seal-status',
  ),
  row(
    'the leader has `is_self`',
    'A field more harms nobody: it says that there is no other server.',
    'body.is_self',
    ['false', 'absent'],
    'leader',
  ),
  row(
    'the leader has `leader_address`',
    'A field more harms nobody: it says that there is no other server.',
    'body.leader_address',
    ['""', 'absent'],
    'leader',
  ),
  row(
    'a mount has no `running_plugin_version`',
    notAPlugin,
    'body.data.running_plugin_version',
    ['""', '"<server version>"'],
    ...single,
    ...twice,
  ),
  row(
    'a mount has no `running_plugin_version` beside the wrapper either',
    notAPlugin,
    'body.running_plugin_version',
    ['""', '"<server version>"'],
    ...twice,
  ),
  row(
    'a mount made without a version tells it',
    versionWhy,
    'body.data.options.version',
    ['"1"', 'absent'],
    'is of version 1',
  ),
  row(
    'a mount made without a version tells it beside the wrapper',
    versionWhy,
    'body.options.version',
    ['"1"', 'absent'],
    'is of version 1',
  ),
  row(
    'the tuning of a mount made without a version tells it',
    versionWhy,
    'body.data.options',
    ['{"version":"1"}', 'absent'],
    'is told',
  ),
  row(
    'the tuning of a mount made without a version tells it beside the wrapper',
    versionWhy,
    'body.options',
    ['{"version":"1"}', 'absent'],
    'is told',
  ),
  ...['body', 'body.data'].flatMap((at) => {
    const place = at === 'body' ? 'beside the wrapper' : 'in the wrapper'
    return [
      ...['cubbyhole/', 'identity/', 'sys/'].map((name) => ({
        what: `there is no mount \`${name}\` (${place})`,
        why: 'Coffret serves KV alone.',
        steps: stepsOf('system', 'all mounts'),
        part: `${at}.${name}`,
      })),
      ...['kv1/', 'kv2/', 'secret/'].map((name) => ({
        what: `the mount \`${name}\` has no \`running_plugin_version\` (${place})`,
        why: notAPlugin,
        steps: stepsOf('system', 'all mounts'),
        part: `${at}.${name}.running_plugin_version`,
      })),
      {
        what: `there is a mount \`kv/\` (${place})`,
        why: 'A new vault has one of each version; a new OpenBao has `secret/` alone.',
        steps: stepsOf('system', 'all mounts'),
        part: `${at}.kv/`,
      },
      {
        what: `the mount \`secret/\` is not described (${place})`,
        why: 'Nobody has described it: the words are for people, and theirs to write.',
        steps: stepsOf('system', 'all mounts'),
        part: `${at}.secret/.description`,
      },
    ]
  }),
  ...[
    ['a mount needs a type', 'a mount of no type'],
    ['only KV can be mounted', 'a mount of an unknown type'],
    ['KV has versions 1 and 2', 'a mount of an unknown version'],
    ['a mount has a simple name', 'a mount below sys'],
    ['there is no such mount to tune', 'the tuning of a mount that is not there'],
    ['there is no such address of the system', 'nothing below sys'],
  ].map(([what, step]) => ({
    what: `the words of a refusal: ${what}`,
    why: words,
    steps: stepsOf('system', step ?? ''),
    part: 'body.errors.0',
  })),
]
