import fc from 'fast-check'
import { parseJson } from '../../src-main/contract/json'
import { okmsCentral, okmsV2 } from '../../src-main/wire/okms-v2-operations'
import type { ModelChange, ModelSettings } from './kv-model'
import type { ModelSession } from './model-session'
import {
  casOf,
  data,
  field,
  lifeText,
  back,
  offset,
  path,
  requests,
  settings,
  state,
  versionOf,
  words,
  writeStatus,
} from './model-step'

/** The REST API lies under two prefixes. */
const prefixes = { 'okms-v2': okmsV2, 'okms-central': okmsCentral } as const
const name = fc.constantFrom('okms-v2' as const, 'okms-central' as const)

function at(session: ModelSession, path: string) {
  return { okmsId: session.okmsId, path: session.at(path) }
}

function fieldsOf({ kept, isCasRequired, life }: Partial<ModelSettings>) {
  return {
    ...field('maxVersions', kept),
    ...field('casRequired', isCasRequired),
    ...field('deactivateVersionAfter', lifeText(life)),
  }
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

/** The two parts of a change, on the wire and for the model. */
function partsOf(change: {
  readonly data?: string | undefined
  readonly settings?: Partial<ModelSettings> | undefined
  readonly words?: Readonly<Record<string, string>> | undefined
}): { body: Record<string, unknown>; change: ModelChange } {
  const metadata = { ...fieldsOf(change.settings ?? {}), ...field('customMetadata', change.words) }
  const hasMetadata = Object.keys(metadata).length > 0
  return {
    body: {
      ...(hasMetadata ? { metadata } : {}),
      ...(change.data === undefined ? {} : { version: { data: parseJson(change.data) } }),
    },
    change: {
      ...field('data', change.data),
      ...field('settings', change.settings),
      ...field('words', change.words),
    },
  }
}

const create = requests(
  'create',
  fc.record({ name, path, data, settings: maybe(settings), words }),
  (step, model, session) => {
    const { body, change } = partsOf(step)
    return {
      operation: prefixes[step.name].create,
      input: {
        params: { okmsId: session.okmsId },
        body: { path: session.at(step.path), ...body },
      },
      apply: () => writeStatus[model.write(step.path, 'create', change)],
    }
  },
)

const update = requests(
  'update',
  fc
    .record({ name, path, data: maybe(data), settings: maybe(settings), words, offset })
    .filter((step) => (step.data ?? step.settings ?? step.words) !== undefined),
  (step, model, session) => {
    const cas = casOf(model, step.path, step.offset)
    const { body, change } = partsOf(step)
    return {
      operation: prefixes[step.name].update,
      input: { params: at(session, step.path), query: { cas }, body },
      apply: () => writeStatus[model.write(step.path, 'update', { ...change, cas }, 'all')],
    }
  },
)

const addVersion = requests(
  'add a version',
  fc.record({ name, path, data, offset }),
  (step, model, session) => {
    const cas = casOf(model, step.path, step.offset)
    return {
      operation: prefixes[step.name].createVersion,
      input: {
        params: at(session, step.path),
        query: { cas },
        body: { data: parseJson(step.data) },
      },
      apply: () => writeStatus[model.write(step.path, 'update', { data: step.data, cas })],
    }
  },
)

const setState = requests(
  'set a state',
  fc.record({ name, path, back, state }),
  (step, model, session) => {
    const number = versionOf(model, step.path, step.back)
    return {
      operation: prefixes[step.name].setState,
      input: {
        params: { ...at(session, step.path), version: String(number) },
        body: { state: step.name === 'okms-central' ? step.state.toUpperCase() : step.state },
      },
      apply: () => writeStatus[model.setState(step.path, number, step.state)],
    }
  },
)

const read = requests('read', fc.record({ name, path, back }), (step, model, session) => {
  const number = versionOf(model, step.path, step.back)
  return {
    operation: prefixes[step.name].readVersion,
    input: {
      params: { ...at(session, step.path), version: String(number) },
      query: { includeData: true },
    },
    apply: () => (model.version(step.path, number) === undefined ? 404 : 200),
  }
})

const configureStore = requests(
  'configure the domain',
  fc.record({ name, settings }),
  (step, model, session) => ({
    operation: prefixes[step.name].writeConfig,
    input: { params: { okmsId: session.okmsId }, body: fieldsOf(step.settings) },
    apply: () => {
      model.store = { ...model.store, ...step.settings }
      return 200
    },
  }),
)

const remove = requests('remove over REST', fc.record({ name, path }), (step, model, session) => ({
  operation: prefixes[step.name].remove,
  input: { params: at(session, step.path) },
  apply: () => (model.remove(step.path) === 'ok' ? 204 : 404),
}))

/** Steps in the REST dialects; a step that is named twice comes twice as often. */
export const restSteps = [
  ...[create, create, update, update, update, addVersion, addVersion, addVersion],
  ...[setState, setState, setState, read, configureStore, remove],
]
