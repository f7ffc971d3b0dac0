import type { ConnectionStep } from '../src-main/contract/connection-test'
import type { RemoteReason } from '../src-main/contract/remote-failure'
import type { RemedyBeside } from './state/remedy-beside'

/** What is said when a server, or the way to it, says no: what happened, and what helps. */
export const enRemote = {
  remote: {
    reasons: {
      offline: 'This computer has no network. Connect it, then try again.',
      no_such_host: 'There is no server of this name. Check the address for a typing error.',
      refused: 'The server is there, and nothing answers at this port. Check the port.',
      no_tls: 'What answers there speaks no TLS, so nothing was sent. Check address and port.',
      proxy: 'The proxy cannot be reached or does not let through. Check the proxy.',
      slow_connect: 'The server took too long to answer the call. Try again, or check the network.',
      slow: 'The server took too long. Try again in a moment.',
      no_reply: 'The connection broke before the answer was complete. Try again.',
      server_certificate_unknown:
        'The certificate of the server is by an authority that you do not trust. Nothing was sent. If the server has its own authority, add that authority’s certificate.',
      server_certificate_name:
        'The certificate of the server is for another name. Nothing was sent. Check the address.',
      server_certificate_limits:
        'The authority of the server’s certificate may sign for certain names and addresses only, and that cannot be checked here for an IP address. Nothing was sent. Put the name of the server into the address, such as https://localhost:PORT.',
      server_certificate_expired:
        'The certificate of the server is not valid now. Check the clock of this computer; otherwise whoever runs the server must renew it.',
      certificate_expired:
        'Your certificate has expired. Renew it, then replace the credential here.',
      certificate_not_yet_valid:
        'Your certificate is not valid yet. Check the clock of this computer.',
      certificate_revoked:
        'Your certificate was revoked. Ask for a new one, then replace the credential here.',
      certificate_unknown:
        'The server does not know the authority of your certificate. Choose one that was made for this server.',
      certificate_missing:
        'The server asks for a client certificate. Choose one, with its private key.',
      certificate_refused:
        'The server refuses your certificate. Choose one that was made for this server.',
      not_for_clients:
        'This certificate is not meant to identify a client. Ask for one that is (clientAuth).',
      key_mismatch: 'The private key belongs to another certificate. Choose the matching pair.',
      wrong_domain:
        'This certificate is for another domain, or this server has no such domain. Check domain id and region.',
      unauthenticated:
        'The server does not know this credential, or not any more. Replace the credential.',
      may_not_list:
        'You may not list the secrets here. Ask the administrator of the domain for that right.',
      may_not_read_metadata:
        'You may list secrets here but not read what is known of them. Ask for that right.',
      may_not_read_data:
        'You may list this secret but not read its values. Ask the administrator for that right.',
      may_not_write: 'You may read here but not write. Ask the administrator for that right.',
      may_not_deactivate: 'You may not deactivate or reactivate versions here. Ask for that right.',
      may_not_destroy: 'You may not delete here for good. Ask the administrator for that right.',
      may_not_configure: 'You may not change settings here. Ask the administrator for that right.',
      may_not: 'The credential is good and lacks a right for this. Ask the administrator for it.',
      no_route:
        'The server has no such address: it is another product, an older version, or the mount is not there. Check the address.',
      redirected:
        'The server sends to another address. Coffret does not follow, since your credential is for this one only. Check the address.',
      not_an_api: 'What answers there is a page and no API. Check the address.',
      wrong_form: 'The server answers with something else than was asked for. Check the address.',
      too_much: 'The server answers with more than Coffret reads. Narrow it down to a folder.',
      rate_limited: 'Too many requests for now. Wait a minute, then try again.',
      overloaded: 'The server is overloaded or under maintenance. Try again in a moment.',
      server_fault: 'The server failed. Nothing is known to be lost; try again in a moment.',
      sealed: 'The server itself is sealed. Somebody has to unseal it first.',
    } satisfies Record<RemoteReason, string>,
    steps: {
      credential: 'Certificate and key, or token',
      name: 'Name of the server',
      reach: 'Something listens there',
      tls: 'The server is the trusted one',
      accepted: 'The server accepts you',
      list: 'Right to list',
      metadata: 'Right to read metadata',
      read: 'Right to read values',
    } satisfies Record<ConnectionStep, string>,
    remedies: {
      use_name: 'A Coffret on this computer is called localhost.',
      choose_other_domain: 'Choose the domain that the certificate is for.',
    } satisfies Record<RemedyBeside, string>,
  },
}
