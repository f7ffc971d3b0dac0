import {
  configChangeOf,
  creationOf,
  newVersionOf,
  okmsV2ConfigWire,
  updateOf,
} from '../wire/okms-v2'
import type { OkmsRestOperations } from '../wire/okms-v2-operations'
import type { StateSpelling } from '../wire/okms-v2-shapes'
import { done, ok } from './answer'
import type { ApiParts } from './api'
import type { Cursors } from './okms-paging'
import { OkmsV2Answers } from './okms-v2-answers'
import { mount, type Place, type Route } from './route'

/** The REST API of an OKMS domain under one of its two prefixes. Source: okms-api 5 and 11. */
export function okmsV2Routes(
  parts: ApiParts,
  cursors: Cursors,
  operations: OkmsRestOperations,
  states: StateSpelling,
): readonly Route<Place>[] {
  const answers = new OkmsV2Answers(parts, cursors, states)
  return [
    ...secretRoutes(operations, answers),
    ...versionRoutes(operations, answers),
    ...configRoutes(operations),
  ]
}

function secretRoutes(
  operations: OkmsRestOperations,
  answers: OkmsV2Answers,
): readonly Route<Place>[] {
  return [
    mount(operations.list, ({ caller, headers }, place) => answers.list(place, caller, headers)),
    mount(operations.create, async ({ body, demand, arrival }, { store }) => {
      arrival.ticket.describe({ path: body.path })
      demand('write', body.path)
      return answers.write(store, body.path, creationOf(body))
    }),
    mount(operations.read, async ({ params, query, demand }, { store }) => {
      if (query.includeData) demand('readData', params.path)
      return answers.read(store, params.path, query)
    }),
    mount(operations.update, ({ params, query, body }, { store }) =>
      answers.write(store, params.path, updateOf(body, query.cas)),
    ),
    mount(operations.remove, async ({ params }, { store }) => {
      await store.remove(params.path)
      return done()
    }),
  ]
}

function versionRoutes(
  operations: OkmsRestOperations,
  answers: OkmsV2Answers,
): readonly Route<Place>[] {
  return [
    mount(operations.listVersions, ({ params, headers }, { store }) =>
      answers.listVersions(store, params.path, headers),
    ),
    mount(operations.createVersion, ({ params, query, body }, { store }) =>
      answers.addVersion(store, params.path, newVersionOf(body.data, query.cas)),
    ),
    mount(operations.readVersion, async ({ params, query, demand }, { store }) => {
      if (query.includeData) demand('readData', params.path)
      return answers.readVersion(store, params.path, params.version, query)
    }),
    mount(operations.setState, async ({ params, body, demand }, { store }) => {
      demand(body.state === 'deleted' ? 'destroy' : 'deactivate', params.path)
      return answers.setState(store, params.path, params.version, body.state)
    }),
  ]
}

function configRoutes(operations: OkmsRestOperations): readonly Route<Place>[] {
  return [
    mount(operations.readConfig, async (_call, { store }) =>
      ok(okmsV2ConfigWire(await store.readConfig())),
    ),
    mount(operations.writeConfig, async ({ body }, { store }) => {
      const config = await store.writeConfig(configChangeOf(body))
      return ok(okmsV2ConfigWire(config), { warnings: [] })
    }),
  ]
}
