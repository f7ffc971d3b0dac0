import fc from 'fast-check'
import { parseJson } from '../../src-main/contract/json'
import { kv1 } from '../../src-main/wire/kv1-operations'
import { kv2 } from '../../src-main/wire/kv2-operations'
import { okmsV1 } from '../../src-main/wire/okms-v1-operations'
import type { ModelSettings } from './kv-model'
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

/** The dialects that speak KV version 2. */
const families = { kv2, 'okms-v1': okmsV1 } as const
const name = fc.constantFrom('kv2' as const, 'okms-v1' as const)
type Name = keyof typeof families

function placeOf(name: Name, session: ModelSession): Record<string, string> {
  return name === 'kv2' ? { mount: 'secret' } : { okmsId: session.okmsId }
}

function at(name: Name, session: ModelSession, path: string) {
  return { ...placeOf(name, session), path: session.at(path) }
}

function fieldsOf({ kept, isCasRequired, life }: Partial<ModelSettings>) {
  return {
    ...field('max_versions', kept),
    ...field('cas_required', isCasRequired),
    ...field('delete_version_after', lifeText(life)),
  }
}

const write = requests('write', fc.record({ name, path, data, offset }), (step, model, session) => {
  const cas = casOf(model, step.path, step.offset)
  const options = cas === undefined ? {} : { options: { cas } }
  return {
    operation: families[step.name].write,
    input: {
      params: at(step.name, session, step.path),
      body: { data: parseJson(step.data), ...options },
    },
    apply: () => writeStatus[model.write(step.path, 'upsert', { data: step.data, cas })],
  }
})

const patches = fc.constantFrom('{"p":1.50}', '{"p":null,"q":"y"}', '{"n":2,"a":null}')
const patch = requests(
  'patch',
  fc.record({ name, path, patch: patches, offset }),
  (step, model, session) => {
    const cas = casOf(model, step.path, step.offset)
    const options = cas === undefined ? {} : { options: { cas } }
    return {
      operation: families[step.name].patch,
      input: {
        params: at(step.name, session, step.path),
        body: { data: parseJson(step.patch), ...options },
      },
      apply: () => writeStatus[model.patch(step.path, step.patch, cas)],
    }
  },
)

const backs = fc.array(back, { minLength: 1, maxLength: 3 })
const setStates = requests(
  'set states',
  fc.record({ name, path, backs, state }),
  (step, model, session) => {
    const { activateVersions, deactivateVersions, destroyVersions } = families[step.name]
    const versions = step.backs.map((back) => versionOf(model, step.path, back))
    return {
      operation: {
        active: activateVersions,
        deactivated: deactivateVersions,
        deleted: destroyVersions,
      }[step.state],
      input: {
        params: at(step.name, session, step.path),
        body: { versions },
      },
      apply: () => {
        for (const number of versions) model.setState(step.path, number, step.state)
        return 204
      },
    }
  },
)

const deactivateCurrent = requests(
  'deactivate the current version',
  fc.record({ name, path }),
  (step, model, session) => ({
    operation: families[step.name].deactivate,
    input: { params: at(step.name, session, step.path) },
    apply: () => {
      const current = model.secrets.get(step.path)?.current
      if (current !== undefined) model.setState(step.path, current, 'deactivated')
      return 204
    },
  }),
)

const configure = requests(
  'configure',
  fc.record({ name, path, settings, words, mode: fc.constantFrom('upsert', 'update') }),
  (step, model, session) => {
    const { writeMetadata, patchMetadata } = families[step.name]
    return {
      operation: step.mode === 'upsert' ? writeMetadata : patchMetadata,
      input: {
        params: at(step.name, session, step.path),
        body: { ...fieldsOf(step.settings), ...field('custom_metadata', step.words) },
      },
      apply: () => {
        const before = model.secrets.get(step.path)?.words ?? {}
        // A patch merges.
        const merged = step.mode === 'update' ? { ...before, ...step.words } : step.words
        const change = { settings: step.settings, ...field('words', merged) }
        const outcome = model.write(step.path, step.mode, change)
        if (outcome !== 'ok') return writeStatus[outcome]
        return isWarned(step.name, step.settings, model.store) ? 200 : 204
      },
    }
  },
)

/** What is asked and not in force is said. */
function isWarned(name: Name, asked: Partial<ModelSettings>, store: ModelSettings): boolean {
  const isLonger = store.life > 0 && (asked.life ?? 0) > store.life
  return (asked.isCasRequired === false && store.isCasRequired) || (name === 'okms-v1' && isLonger)
}

const configureStore = requests(
  'configure the store',
  fc.record({ name, settings, isEndless: fc.boolean() }),
  (step, model, session) => {
    const change = { ...step.settings, ...(step.isEndless ? { life: -1 } : {}) }
    return {
      operation: families[step.name].writeConfig,
      input: { params: placeOf(step.name, session), body: fieldsOf(change) },
      apply: () => {
        model.store = { ...model.store, ...change }
        return 204
      },
    }
  },
)

const remove = requests('remove', fc.record({ name, path }), (step, model, session) => ({
  operation: families[step.name].remove,
  input: { params: at(step.name, session, step.path) },
  apply: () => {
    model.remove(step.path)
    return 204
  },
}))

const full = data.filter((text) => text !== '{}')
const writePlain = requests('write plain', fc.record({ path, full }), (step, model, session) => ({
  operation: kv1.write,
  input: { params: { mount: 'kv', path: session.at(step.path) }, body: parseJson(step.full) },
  apply: () => {
    model.plain.set(step.path, step.full)
    return 204
  },
}))

const removePlain = requests('remove plain', fc.record({ path }), (step, model, session) => ({
  operation: kv1.remove,
  input: { params: { mount: 'kv', path: session.at(step.path) } },
  apply: () => {
    model.plain.delete(step.path)
    return 204
  },
}))

const readPlain = requests('read plain', fc.record({ path }), (step, model, session) => ({
  operation: kv1.read,
  input: { params: { mount: 'kv', path: session.at(step.path) } },
  apply: () => (model.plain.has(step.path) ? 200 : 404),
}))

/** Steps in the dialects of KV; a step that is named twice comes twice as often. */
export const kvSteps = [
  ...[write, write, write, write, write, write, patch, patch, patch, setStates, setStates],
  ...[deactivateCurrent, configure, configure, configureStore, remove],
  ...[writePlain, writePlain, removePlain, readPlain],
]
