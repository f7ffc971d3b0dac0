import { createHmac } from 'node:crypto'
import * as der from '../../src-main/pki/der-writer'
import { derivePkcs12Now, purpose } from '../../src-main/pki/pkcs12-kdf'

const id = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  scrypt: '1.3.6.1.4.1.11591.4.11',
  pbmac1: '1.2.840.113549.1.5.14',
  hmacWithSha256: '1.2.840.113549.2.9',
  aes256: '2.16.840.1.101.3.4.1.42',
  sha1: '1.3.14.3.2.26',
  tripleDes: '1.2.840.113549.1.12.1.3',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  safeContentsBag: '1.2.840.113549.1.12.10.1.6',
  x509Certificate: '1.2.840.113549.1.9.22.1',
} as const

const salt = Buffer.alloc(8, 1)
const algorithm = (name: string, ...parameters: readonly Uint8Array[]): Uint8Array =>
  der.sequence(der.oid(name), ...parameters)

/** Contents as they are, and a PKCS#12 file around a list of them. */
export const plain = (bags: Uint8Array): Uint8Array =>
  der.sequence(der.oid(id.data), der.explicit(0, der.octets(bags)))
export const pfx = (contents: readonly Uint8Array[], mac: readonly Uint8Array[] = []): Buffer =>
  Buffer.from(der.sequence(der.integer(3), plain(der.sequence(...contents)), ...mac))

/** PBKDF2 or scrypt with parameters of one's own, and an algorithm that asks for them. */
export const pbkdf2 = (iterations: number, ...length: readonly number[]): Uint8Array =>
  algorithm(
    id.pbkdf2,
    der.sequence(
      ...[der.octets(salt), der.integer(iterations), ...length.map(der.integer)],
      algorithm(id.hmacWithSha256, der.nothing()),
    ),
  )
export const scrypt = (cost: number, blockSize: number, passes: number): Uint8Array =>
  algorithm(
    id.scrypt,
    der.sequence(der.octets(salt), ...[cost, blockSize, passes].map(der.integer)),
  )
export const pbes2 = (derivation: Uint8Array): Uint8Array =>
  algorithm(id.pbes2, der.sequence(derivation, algorithm(id.aes256, der.octets(Buffer.alloc(16)))))
export const tripleDes = (iterations: number): Uint8Array =>
  algorithm(id.tripleDes, der.sequence(der.octets(salt), der.integer(iterations)))

/** Contents, or a key, that somebody encrypted. */
export const encrypted = (how: Uint8Array, bytes: Uint8Array = Buffer.alloc(64)): Uint8Array =>
  der.sequence(
    der.oid(id.encryptedData),
    der.explicit(
      0,
      der.sequence(
        der.integer(0),
        der.sequence(der.oid(id.data), how, der.implicitOctets(0, bytes)),
      ),
    ),
  )
const bag = (type: string, value: Uint8Array): Uint8Array =>
  der.sequence(der.oid(type), der.explicit(0, value))
export const shroudedKey = (how: Uint8Array): Uint8Array =>
  bag(id.shroudedKeyBag, der.sequence(how, der.octets(Buffer.alloc(64))))
export const certificateBag = (certificate: Uint8Array): Uint8Array =>
  bag(
    id.certificateBag,
    der.sequence(der.oid(id.x509Certificate), der.explicit(0, der.octets(certificate))),
  )
export const bagOfBags = (bags: Uint8Array): Uint8Array => bag(id.safeContentsBag, bags)

/** MacData that nobody computed. */
export const macData = (iterations: number): Uint8Array =>
  der.sequence(
    der.sequence(algorithm(id.sha1, der.nothing()), der.octets(Buffer.alloc(20))),
    der.octets(salt),
    der.integer(iterations),
  )
export const pbmac1Data = (derivation: Uint8Array): Uint8Array =>
  der.sequence(
    der.sequence(
      algorithm(id.pbmac1, der.sequence(derivation, algorithm(id.hmacWithSha256, der.nothing()))),
      der.octets(Buffer.alloc(32)),
    ),
    der.octets(salt),
    der.integer(1),
  )

/** MacData over contents, with the password that is given or with none. */
export function authenticated(contents: readonly Uint8Array[], password: string | null): Buffer {
  const use = { password, salt, iterations: 2, purpose: purpose.mac } as const
  const key = derivePkcs12Now({ ...use, digest: 'sha1', length: 20 })
  const mac = createHmac('sha1', key)
    .update(der.sequence(...contents))
    .digest()
  const digest = der.sequence(algorithm(id.sha1, der.nothing()), der.octets(mac))
  return pfx(contents, [der.sequence(digest, der.octets(salt), der.integer(2))])
}
