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

const templates = new WeakMap<Operation, readonly string[]>()

/**
 * All routes whose path fits, whatever their methods.
 * @param pathSegments whether `{path}` takes `many` segments, or one that may hold slashes itself
 */
export function matchPath<R extends Routed>(
  routes: readonly R[],
  segments: readonly string[],
  pathSegments: 'one' | 'many',
): readonly Match<R>[] {
  return routes.flatMap((route) => {
    const params = fitTemplate(templateOf(route.operation), segments, pathSegments)
    return params === undefined ? [] : [{ route, params }]
  })
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

function templateOf(operation: Operation): readonly string[] {
  const known = templates.get(operation)
  if (known !== undefined) return known
  const parts = operation.path.slice(1).split('/')
  templates.set(operation, parts)
  return parts
}

/** `{path}` takes what the other parts leave, one segment at least. */
function fitTemplate(
  template: readonly string[],
  segments: readonly string[],
  pathSegments: 'one' | 'many',
): Record<string, string> | undefined {
  const spare = segments.length - template.length
  const greedy = pathSegments === 'many' ? template.indexOf('{path}') : -1
  if (spare < 0 || (spare > 0 && greedy < 0)) return undefined
  const params: Record<string, string> = {}
  let at = 0
  for (const [index, part] of template.entries()) {
    const taken = segments.slice(at, at + (index === greedy ? spare + 1 : 1)).join('/')
    at += index === greedy ? spare + 1 : 1
    if (part.startsWith('{')) params[part.slice(1, -1)] = taken
    else if (part !== taken) return undefined
  }
  return params
}
