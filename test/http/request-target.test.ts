import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeOnce, parseForm, parseTarget } from '../../src-main/http/request-target'
import { okmsV1Address, okmsV2Address, vaultAddress } from '../../src-main/http/secret-address'

const refusal = (reason: string) => expect.objectContaining({ reason })
const text = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .filter((one) => !/\p{Surrogate}/u.test(one))
const segment = text.filter((one) => one !== '' && one !== '.' && one !== '..')

/** Every byte escaped, so that nothing is left that could mean something. */
const escapeAll = (one: string) =>
  Array.from(Buffer.from(one), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')

describe('decoding', () => {
  test('undoes any escaping, once', () => {
    fc.assert(
      fc.property(text, (one) => {
        expect(decodeOnce(escapeAll(one))).toBe(one)
        expect(decodeOnce(encodeURIComponent(one))).toBe(one)
        expect(decodeOnce(encodeURIComponent(encodeURIComponent(one)))).toBe(
          encodeURIComponent(one),
        )
      }),
    )
  })

  test('takes raw bytes of UTF-8, as a listener hands them out', () => {
    expect(decodeOnce(Buffer.from('café 🔑').toString('latin1'))).toBe('café 🔑')
  })

  test.each(['%', '%4', '%zz', '%ff', '%C3', '%ED%A0%80', '%C0%AF', 'é', '€'])(
    'refuses %s',
    (one) => {
      expect(() => decodeOnce(one)).toThrow(refusal('bad_request'))
    },
  )

  test('never throws anything else, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (one) => {
        try {
          decodeOnce(one)
        } catch (error) {
          expect(error).toMatchObject({ reason: 'bad_request' })
        }
      }),
    )
  })
})

describe('a target', () => {
  test('is a path and a query, split at the first question mark', () => {
    const { rawPath, rawSegments, query } = parseTarget('/a/%2F//b?x=1&y=a+b%2B&x=2&z&=e&&u=?')
    expect(rawPath).toBe('/a/%2F//b')
    expect(rawSegments).toEqual(['a', '%2F', '', 'b'])
    expect(Object.fromEntries(query)).toEqual({
      x: ['1', '2'],
      y: ['a b+'],
      z: [''],
      '': ['e'],
      u: ['?'],
    })
  })

  test.each([
    ['http://x', '/'],
    ['http://x?a=1', '/'],
    ['https://x:8250/a/../b', '/a/../b'],
    ['/a#b', '/a#b'],
    ['/\\a', '/\\a'],
  ])('%s has the path %s', (target, path) => {
    expect(parseTarget(target).rawPath).toBe(path)
  })

  test.each(['/a?b=%', '/a?%ff=1'])('%j has a query that is refused when it is read', (target) => {
    const parsed = parseTarget(target)
    expect(parsed.rawPath).toBe('/a')
    expect(() => parsed.query).toThrow(refusal('bad_request'))
  })

  test.each(['', 'a', '*', 'ftp://x/a'])('%j is refused', (target) => {
    if (target === '') return expect(parseTarget(target).rawPath).toBe('/')
    expect(() => parseTarget(target)).toThrow(refusal('bad_request'))
  })

  test('keeps names of a form that objects know already', () => {
    expect([...parseForm(['__proto__=1', 'constructor=2'])]).toEqual([
      ['__proto__', ['1']],
      ['constructor', ['2']],
    ])
  })
})

describe('an address of the Vault dialect', () => {
  test('is the same with any mixture of raw and encoded slashes', () => {
    const name = fc.stringMatching(/^[\p{L}\p{N} _-]{1,8}$/u)
    const slash = fc.constantFrom('/', '%2F', '%2f', '//')
    fc.assert(
      fc.property(fc.array(fc.tuple(name, slash), { minLength: 1, maxLength: 5 }), (parts) => {
        const raw = parts
          .map(([one, by], at) => escapeAll(one) + (at < parts.length - 1 ? by : ''))
          .join('')
        expect(vaultAddress(raw.split('/')).segments).toEqual(parts.map(([one]) => one))
      }),
    )
  })
})

describe('an address of OKMS v2', () => {
  test.each([
    ['secret', ['secret']],
    ['secret/', ['secret']],
    ['secretConfig', ['secretConfig']],
    ['secret/app%2Fdb', ['secret', 'app/db']],
    ['secret/app/db', ['secret', 'app/db']],
    ['secret/app%2Fdb/version', ['secret', 'app/db', 'version']],
    ['secret/app/db/version', ['secret', 'app/db', 'version']],
    ['secret/app%2Fdb/version/3', ['secret', 'app/db', 'version', '3']],
    ['secret/app/db/version/3', ['secret', 'app/db', 'version', '3']],
    ['secret/app/db/version/x', ['secret', 'app/db', 'version', 'x']],
    ['secret/app%2Fversion', ['secret', 'app/version']],
    ['secret/app%2Fversion/version', ['secret', 'app/version', 'version']],
    ['secret/app%2Fversion%2F3', ['secret', 'app/version/3']],
    ['secret/app/%76ersion', ['secret', 'app/version']],
    ['secret/version', ['secret', 'version']],
    ['secret/version/version', ['secret', 'version', 'version']],
    ['secret/version/3', ['secret', 'version/3']],
  ])('%s is %j', (raw, segments) => {
    expect(okmsV2Address(raw.split('/')).segments).toEqual(segments)
  })

  test('reaches every secret when it is encoded whole', () => {
    fc.assert(
      fc.property(
        fc.array(segment, { minLength: 1, maxLength: 4 }),
        fc.nat(24_000),
        (parts, version) => {
          const path = parts.join('/')
          const one = escapeAll(path)
          expect(okmsV2Address(['secret', one]).segments).toEqual(['secret', path])
          expect(okmsV2Address(['secret', one, 'version', `${version}`]).segments).toEqual([
            ...['secret', path, 'version', `${version}`],
          ])
          expect(okmsV1Address(['secret', 'data', one]).segments).toEqual(['secret', 'data', path])
        },
      ),
    )
  })

  test.each(['secret//a', 'secret/a//b', 'secret/a//version'])('%s is no route', (raw) => {
    expect(() => okmsV2Address(raw.split('/'))).toThrow(refusal('no_route'))
    expect(() => okmsV1Address(['secret', ...raw.split('/')])).toThrow(refusal('no_route'))
  })

  test('tells a slash at the end', () => {
    expect(okmsV2Address(['secret', 'a', '']).hasTrailingSlash).toBe(true)
    expect(okmsV2Address(['secret', 'a']).hasTrailingSlash).toBe(false)
  })
})
