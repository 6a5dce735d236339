/**
 * What every answer says to a browser: nothing but this server's own files is loaded or run, no other page frames it or reads it, and
 * nothing is kept (Content Security Policy Level 3; Trusted Types; Fetch; Permissions Policy).
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types eosflow',
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not `no-referrer`: a browser then sends `Origin: null` with a form of this server's own pages (Fetch, 3.2).
  'referrer-policy': 'same-origin',
  'permissions-policy': 'publickey-credentials-get=(self)',
  'cache-control': 'no-store',
}

/** The same over TLS: browsers come back over TLS for a year (RFC 6797). */
export const OVER_TLS: Readonly<Record<string, string>> = { 'strict-transport-security': 'max-age=31536000' }
