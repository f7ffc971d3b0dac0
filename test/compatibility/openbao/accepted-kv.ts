import { stepsOf, type AcceptedDifference } from './acceptance'

/** Where a difference follows Vault. */
const asVault = 'Vault answers so, and Coffret follows Vault where the two differ'

/** Accepted differences of the KV engines. */
export const acceptedOfKv: readonly AcceptedDifference[] = [
  {
    what: 'replies have `mount_type`',
    why: `${asVault}: the key is new in its wrapper, and OpenBao has no such key.`,
    steps: 'every',
    part: 'body.mount_type',
  },
  {
    what: 'metadata has no `current_metadata_version`',
    why: 'Only OpenBao knows check-and-set for metadata; Vault has neither the field nor the rule.',
    steps: 'every',
    part: 'body.data.current_metadata_version',
  },
  {
    what: 'settings have no `metadata_cas_required`',
    why: 'Only OpenBao knows check-and-set for metadata; Vault has neither the field nor the rule.',
    steps: 'every',
    part: 'body.data.metadata_cas_required',
    values: ['absent', 'false'],
  },
  {
    what: 'the warning names the `vault` command',
    why: 'The words are those of Vault; OpenBao names its own command in the same sentence.',
    steps: [
      ...stepsOf(
        'kv2 data',
        'a version 1 address, read',
        'a version 1 address, written',
        'a version 1 address, patched',
        'a version 1 address, deleted',
        'a version 1 address, listed',
        'the mount itself, read',
        'the mount itself, listed',
      ),
      ...stepsOf('kv2 subkeys', 'without a path'),
      ...stepsOf('kv2 config', 'listed', 'with a slash'),
    ],
    part: 'body.warnings.0',
  },
  {
    what: 'keys keep their order',
    why: 'JSON objects have none, so that either is right: Coffret shows a secret as it was written.',
    steps: [...stepsOf('kv2 numbers', 'the order of keys')],
    part: 'body.data.data.<order>',
  },
  {
    what: 'keys keep their order on version 1',
    why: 'JSON objects have none, so that either is right: Coffret shows a secret as it was written.',
    steps: [...stepsOf('kv1', 'the order of keys')],
    part: 'body.data.<order>',
  },
  {
    what: 'a write of `"data": null` is refused',
    why: 'OpenBao stores it, and then fails with 500 when it is patched.',
    steps: stepsOf('kv2 data', 'data that is null'),
    part: '',
    statuses: [400, 200],
  },
  {
    what: 'a patch with `"data": null` is refused as one without data',
    why: 'In OpenBao it replaces the secret by null; here null is no data, in writes and patches alike.',
    steps: stepsOf('kv2 patches', 'of data that is null'),
    part: '',
    statuses: [400, 404],
  },
  {
    what: 'a negative `max_versions` is refused',
    why: 'OpenBao makes it 4294967295, which nobody means.',
    steps: [
      ...stepsOf('kv2 metadata', 'a negative number of versions'),
      ...stepsOf('kv2 config', 'a negative number'),
    ],
    part: '',
    statuses: [400, 204],
  },
  {
    what: 'a refused `max_versions` makes no secret',
    why: 'It follows from the refusal: OpenBao made one that keeps 4294967295 versions.',
    steps: stepsOf('kv2 metadata', 'which made'),
    part: '',
    statuses: [404, 200],
  },
  {
    what: 'a patch sets `delete_version_after` back to 0',
    why: `${asVault}; in OpenBao a patch to 0s changes nothing.`,
    steps: stepsOf('kv2 patches', 'ends it'),
    part: 'body.data.delete_version_after',
    values: ['"0s"', '"1h0m0s"'],
  },
  {
    what: 'a patch takes a number as custom metadata',
    why: 'A write makes it text. OpenBao fails with 500 in a patch alone, and clients repeat a 500.',
    steps: stepsOf('kv2 patches', 'a number as custom value'),
    part: '',
    statuses: [204, 500],
  },
  {
    what: 'custom metadata of another type is named by its key',
    why: 'OpenBao tells the Go type that came and not where it was. Both refuse with 400.',
    steps: [
      ...stepsOf('kv2 custom metadata', 'a value that is an object', 'a value that is an array'),
      ...stepsOf('kv2 patches', 'an object as custom value'),
    ],
    part: 'body.errors.0',
  },
  {
    what: 'a number outside float64 is called so',
    why: 'OpenBao says that the body is no JSON, which it is. Both refuse with 400.',
    steps: stepsOf('kv2 numbers', 'a number too large is written'),
    part: 'body.errors.0',
    values: ['"a number is outside float64"', '"<not JSON>"'],
  },
  {
    what: '`list=false` brings no warning',
    why: 'It is a plain read, and the parameter is known: okms-cli sends it.',
    steps: stepsOf('kv2 data', 'a list=false is a read'),
    part: 'body.warnings',
  },
  {
    what: 'OPTIONS is no method',
    why: 'It is 405 like every method that KV has not; OpenBao takes it for a call from inside.',
    steps: stepsOf('kv2 data', 'OPTIONS'),
    part: '',
    statuses: [405, 400],
  },
  {
    what: 'the root of a version 1 mount cannot be removed',
    why: 'A 204 would say that something was: a typing error in a script shows sooner.',
    steps: stepsOf('kv1', 'the mount itself, deleted'),
    part: '',
    statuses: [404, 204],
  },
]
