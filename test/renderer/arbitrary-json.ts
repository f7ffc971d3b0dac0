import fc from 'fast-check'
import { JsonNumber, type JsonObject, type JsonValue } from '../../src-main/contract/json'

/** Text that UTF-8 can carry, with the names that plain objects treat in their own way. */
export const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/\p{Surrogate}/u.test(text)),
  fc.constantFrom('__proto__', 'constructor', '1', '0', ' ', 'true', '{"a":1}', 'a\nb'),
)

/** Numbers as text, also those that a double cannot hold. */
export const anyNumber = fc
  .constantFrom('0', '-0', '1.0', '1e400', '-0.5E-7', '12345678901234567890', '0.10')
  .map((text) => new JsonNumber(text))

const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom<JsonValue>(null, true, false),
    anyText,
    anyNumber,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(anyText, tie('value')), { maxLength: 4 }).map((pairs) => new Map(pairs)),
  ),
}))

/** Any JSON value. */
export const anyValue: fc.Arbitrary<JsonValue> = value

/** The data of a secret: no key is empty. */
export const anyData: fc.Arbitrary<JsonObject> = fc
  .array(
    fc.tuple(
      anyText.filter((key) => key !== ''),
      anyValue,
    ),
    { maxLength: 6 },
  )
  .map((pairs) => new Map(pairs))
