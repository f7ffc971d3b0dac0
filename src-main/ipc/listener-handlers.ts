import type { HandlersOf } from './handlers-of'
import type { HandlerPorts } from './ports'

/** The local API for programs: its switch, and its description. */
export function listenerHandlers({ localApi }: HandlerPorts) {
  return {
    'localApi.status': () => localApi.status(),
    'localApi.start': (request) => localApi.start(request),
    'localApi.stop': () => localApi.stop(),
    'localApi.openDocumentation': () => localApi.openDocumentation(),
  } satisfies HandlersOf<'localApi'>
}
