import type { Method, Operation } from '../wire/operation'

/** An operation that an address fits, with the named parts of its path. */
export interface Match<R> {
  readonly route: R
  readonly params: Readonly<Record<string, string>>
}

/** Anything that carries an operation. */
interface Routed {
  readonly operation: Operation
}

/** The path of an operation, taken apart. */
interface Template {
  readonly parts: readonly string[]
  /** Where `{path}` stands; -1 without one. */
  readonly pathAt: number
  /** The parts that are compared as they are, with their places. */
  readonly fixed: readonly (readonly [at: number, part: string])[]
}

const templates = new WeakMap<Operation, Template>()

/**
 * All routes whose path fits, whatever their methods.
 * @param pathSegments whether `{path}` takes `many` segments, or one that may hold slashes itself
 */
export function matchPath<R extends Routed>(
  routes: readonly R[],
  segments: readonly string[],
  pathSegments: 'one' | 'many',
): readonly Match<R>[] {
  const matches: Match<R>[] = []
  for (const route of routes) {
    const template = templateOf(route.operation)
    const greedy = pathSegments === 'many' ? template.pathAt : -1
    if (!fits(template, segments, greedy)) continue
    matches.push({ route, params: paramsOf(template, segments, greedy) })
  }
  return matches
}

/** The one of several matches that has the method. Exact paths come before those with `{path}`. */
export function withMethod<R extends Routed>(
  matches: readonly Match<R>[],
  method: string,
): Match<R> | undefined {
  return matches.find(({ route }) =>
    (route.operation.methods as readonly string[]).includes(method),
  )
}

/** The methods that an address has, for the header `Allow`. LIST is sent as GET too. */
export function allowedMethods(matches: readonly Match<Routed>[]): string {
  const methods = matches.flatMap(({ route }) => route.operation.methods)
  const shown: Method[] = methods.includes('LIST') ? ['GET', ...methods] : methods
  return [...new Set(shown)].sort().join(', ')
}

function templateOf(operation: Operation): Template {
  const known = templates.get(operation)
  if (known !== undefined) return known
  const parts = operation.path.slice(1).split('/')
  const fixed = [...parts.entries()].filter(([, part]) => !part.startsWith('{'))
  const template = { parts, pathAt: parts.indexOf('{path}'), fixed }
  templates.set(operation, template)
  return template
}

/** @param greedy which part takes what the others leave, one segment at least; -1 for none */
function fits({ parts, fixed }: Template, segments: readonly string[], greedy: number): boolean {
  const spare = segments.length - parts.length
  if (spare < 0 || (spare > 0 && greedy < 0)) return false
  return fixed.every(
    ([at, part]) => segments[at > greedy && greedy >= 0 ? at + spare : at] === part,
  )
}

function paramsOf(
  { parts }: Template,
  segments: readonly string[],
  greedy: number,
): Record<string, string> {
  const spare = segments.length - parts.length
  const params: Record<string, string> = {}
  let at = 0
  for (const [index, part] of parts.entries()) {
    const next = at + (index === greedy ? spare + 1 : 1)
    if (part.startsWith('{')) params[part.slice(1, -1)] = segments.slice(at, next).join('/')
    at = next
  }
  return params
}
