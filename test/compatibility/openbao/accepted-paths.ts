import { stepsOf, type AcceptedDifference } from './acceptance'

const ways = ['written', 'read', 'of version 1, written', 'of version 1, read']
const allWays = (...names: readonly string[]) =>
  stepsOf('paths', ...names.flatMap((name) => ways.map((way) => `${name}: ${way}`)))

const oneForm = 'Every refusal of Coffret has the same form, so that every client can read it.'
const slash =
  'On version 2 a name cannot end in a slash. Vault says so with 404; in OpenBao a read fails with 500, ' +
  'which clients repeat, and a deletion hits the secret without the slash.'

/** Accepted differences of odd paths. */
export const acceptedOfPaths: readonly AcceptedDifference[] = [
  {
    what: '`..` is refused, also where it is not escaped',
    why: 'OpenBao refuses it when it is escaped and redirects when it is not: to another secret or endpoint.',
    steps: allWays('two dots', 'two dots at the end'),
    part: '',
    statuses: [400, 307],
  },
  {
    what: 'two slashes count as one',
    why: 'OpenBao redirects to the path with one, which some clients follow with another method.',
    steps: stepsOf(
      'paths',
      'two slashes: written',
      'two slashes: read',
      'two slashes: of version 1, read',
    ),
    part: '',
    statuses: [200, 307],
  },
  {
    what: 'two slashes count as one in a write of version 1',
    why: 'OpenBao redirects to the path with one, which some clients follow with another method.',
    steps: stepsOf('paths', 'two slashes: of version 1, written'),
    part: '',
    statuses: [204, 307],
  },
  {
    what: 'a path that does not print is refused with a body',
    why: `${oneForm} OpenBao answers 400 with nothing in it.`,
    steps: allWays('a control character', 'a zero', 'a space that does not break'),
    part: 'body',
    values: ['{"errors":[]}', 'null'],
  },
  ...['content-type', 'cache-control'].map((header) => ({
    what: `a path that does not print or decode is refused with \`${header}\``,
    why: `${oneForm} OpenBao refuses it before it sets its headers.`,
    steps: allWays(
      'a control character',
      'a zero',
      'a space that does not break',
      'a percent sign alone',
    ),
    part: header,
  })),
  {
    what: 'a bad percent escape is refused in JSON',
    why: `${oneForm} In OpenBao it is Go's HTTP library that answers, in plain text.`,
    steps: allWays('a percent sign alone'),
    part: 'body',
  },
  {
    what: 'a path that is no UTF-8 is refused in a write',
    why: 'OpenBao fails with 500, which clients repeat.',
    steps: stepsOf(
      'paths',
      'bytes that are no UTF-8: written',
      'bytes that are no UTF-8: of version 1, written',
    ),
    part: '',
    statuses: [400, 500],
  },
  {
    what: 'a path that is no UTF-8 is refused in a read',
    why: 'What can never be written is bad input, and a 404 would invite to write it.',
    steps: stepsOf(
      'paths',
      'bytes that are no UTF-8: read',
      'bytes that are no UTF-8: of version 1, read',
    ),
    part: '',
    statuses: [400, 404],
  },
  {
    what: 'a read with a slash at the end is 404',
    why: slash,
    steps: stepsOf('paths', 'a slash at the end: read'),
    part: '',
    statuses: [404, 500],
  },
  {
    what: 'a deletion with a slash at the end is 404',
    why: slash,
    steps: stepsOf('paths', 'a slash at the end, deleted'),
    part: '',
    statuses: [404, 204],
  },
  {
    what: 'metadata with a slash at the end is 404',
    why: slash,
    steps: stepsOf('paths', 'a slash at the end of metadata, read'),
    part: '',
    statuses: [404, 200],
  },
  {
    what: 'the root with a slash at the end says what is wrong',
    why: 'Both answer 404; with the wrapper and its warning people learn why.',
    steps: [
      ...stepsOf('kv2 data', 'data of the root with a slash, read'),
      ...stepsOf('kv2 metadata', 'metadata with a slash, read'),
    ],
    part: 'body',
  },
]
