/**
 * How the other side of a handshake may sign, for the `sigalgs` of TLS: the client certificates of every
 * kind of key that we issue and convert, and the servers of remote domains. Told nothing, Electron's
 * BoringSSL asks for no Ed25519, and in TLS 1.3 for no P-521: such a client is then a stranger to the app
 * and known to `coffret serve`, and such a server cannot be reached at all.
 * Source: RFC 8446 §4.2.3, in the names that both runtimes take.
 */
export const signatureAlgorithms = [
  'ecdsa_secp256r1_sha256',
  'ecdsa_secp384r1_sha384',
  'ecdsa_secp521r1_sha512',
  'ed25519',
  'rsa_pss_rsae_sha256',
  'rsa_pss_rsae_sha384',
  'rsa_pss_rsae_sha512',
  'rsa_pkcs1_sha256',
  'rsa_pkcs1_sha384',
  'rsa_pkcs1_sha512',
].join(':')
