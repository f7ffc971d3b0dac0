import { guideFor } from '../pki/browsers/steps'
import type { HandlersOf } from './handlers-of'
import type { HandlerPorts } from './ports'
import { wiping } from './wiping'

/** Certificates in browsers. What was given as a password is overwritten after use. */
export function browserHandlers({ browsers }: HandlerPorts) {
  const passwordsOf = (password: Uint8Array | undefined) => (password ? [password] : [])
  return {
    'browser.list': () => browsers.list(),
    'browser.import': ({ store, files, keyPassword, name, databasePassword }) =>
      wiping(passwordsOf(databasePassword), () =>
        browsers.import({ store, files, keyPassword, name, databasePassword }),
      ),
    'browser.cancelImport': ({ store }) => browsers.cancelImport(store),
    'browser.remove': ({ store, sha256Fingerprint, databasePassword }) =>
      wiping(passwordsOf(databasePassword), () =>
        browsers.remove({ store, sha256Fingerprint, databasePassword }),
      ),
    'browser.steps': ({ target }) => guideFor(target),
  } satisfies HandlersOf<'browser'>
}
