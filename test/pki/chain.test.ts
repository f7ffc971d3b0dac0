import { createPrivateKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { belongsTo, orderChain } from '../../src-main/pki/chain'
import { parseCertificate } from '../../src-main/pki/certificate-info'
import { type Pair, derOf, makeAuthority, makeCertificate } from './openssl'

const root = makeAuthority('root')
const middle = makeAuthority('middle', root)
const lower = makeAuthority('lower', middle)
const leaf = makeCertificate({ issuer: lower })
const other = makeCertificate({ subject: '/CN=other' })

const parsed = ({ certificate }: Pair) => parseCertificate(derOf(certificate))
const subjects = (...pairs: Pair[]): string[] => pairs.map((one) => parsed(one).info.subject)

function order(pairs: readonly Pair[], key?: Pair) {
  const { path, others } = orderChain(pairs.map(parsed), key && createPrivateKey(key.key))
  const subject = ({ info }: { info: { subject: string } }): string => info.subject
  return { path: path.map(subject), others: others.map(subject) }
}

function permutations<T>(items: readonly T[]): T[][] {
  return items.length < 2
    ? [[...items]]
    : items.flatMap((one) =>
        permutations(items.filter((x) => x !== one)).map((rest) => [one, ...rest]),
      )
}

describe('a chain', () => {
  test.each(permutations([0, 1, 2, 3]))('given as %d %d %d %d is put in order', (...places) => {
    const pairs = places.map((place) => [leaf, lower, middle, root][place]!)
    const inOrder = { path: subjects(leaf, lower, middle, root), others: [] }
    expect(order(pairs, leaf)).toEqual(inOrder)
    expect(order(pairs)).toEqual(inOrder)
  })

  test('begins with the certificate of the key, whatever it may be', () => {
    expect(order([leaf, lower, middle, root], middle)).toEqual({
      path: subjects(middle, root),
      others: subjects(leaf, lower),
    })
  })

  test('ends where the next certificate is missing', () => {
    expect(order([root, leaf, lower], leaf)).toEqual({
      path: subjects(leaf, lower),
      others: subjects(root),
    })
  })

  test('leaves out what does not belong to it', () => {
    expect(order([other, leaf, lower], leaf)).toEqual({
      path: subjects(leaf, lower),
      others: subjects(other),
    })
  })

  test('is not taken in by an authority that only has the right name', () => {
    const impostor = makeAuthority('lower')
    expect(order([impostor, leaf], leaf)).toEqual({ path: subjects(leaf), others: ['CN=lower'] })
  })

  test('takes the renewed certificate among two of one key', () => {
    const renewed = makeCertificate({
      key: leaf.key,
      subject: '/CN=renewed',
      days: 60,
      issuer: lower,
    })
    expect(order([leaf, renewed], leaf)).toEqual({ path: ['CN=renewed'], others: ['CN=app'] })
  })

  test('ends between two authorities that have issued each other', () => {
    const one = makeAuthority('one')
    const two = makeAuthority('two', one)
    const loop = makeCertificate({ key: one.key, subject: '/CN=one', issuer: two })
    const end = makeCertificate({ issuer: loop })
    expect(order([loop, two, end], end).path).toEqual(['CN=app', 'CN=one', 'CN=two'])
  })

  test('of nothing is empty', () => {
    expect(order([])).toEqual({ path: [], others: [] })
  })
})

test('a key belongs to its own certificate only', () => {
  const key = createPrivateKey(leaf.key)
  expect(belongsTo(parsed(leaf), key)).toBe(true)
  expect(belongsTo(parsed(other), key)).toBe(false)
})
