import { stringifyJson, type JsonValue } from '../../src-main/contract/json'

/** What stands for a hidden value: eight dots, whatever its length. */
export const mask = '••••••••'

/** A value as people read it: a string as its own text, anything else as JSON. */
export function display(value: JsonValue): string {
  return typeof value === 'string' ? value : stringifyJson(value, 2)
}
