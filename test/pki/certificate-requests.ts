import { makeKey, openssl, put } from './openssl'

const config = put('[req]\ndistinguished_name = name\nutf8 = yes\n[name]\n')

/** A certificate signing request: PEM. `args` are more options of `openssl req`. */
export function makeRequest({
  key = makeKey(),
  subject = '/CN=app',
  extensions = [],
  args = [],
}: {
  readonly key?: Buffer
  readonly subject?: string
  readonly extensions?: readonly string[]
  readonly args?: readonly string[]
} = {}): Buffer {
  return openssl([
    ...['req', '-new', '-config', config, '-key', put(key), '-subj', subject, ...args],
    ...extensions.flatMap((one) => ['-addext', one]),
  ])
}
