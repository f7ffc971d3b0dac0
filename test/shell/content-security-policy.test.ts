import { expect, test } from 'vitest'
import {
  contentSecurityPolicy,
  developmentPolicy,
} from '../../src-main/shell/content-security-policy'

test('the policy allows the page its own files and nothing else', () => {
  expect(contentSecurityPolicy('abc').split('; ')).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'nonce-abc'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'none'",
    "worker-src 'self'",
    "form-action 'none'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types svelte-trusted-html coffret',
  ])
})

test('in development it allows vite, and its socket on the same host', () => {
  const policy = developmentPolicy('http://localhost:5173')
  expect(policy).toContain("connect-src 'self' ws://localhost:5173")
  expect(policy).not.toContain('unsafe-eval')
  expect(policy).not.toContain('*')
})
