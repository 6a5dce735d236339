import { isIP } from 'node:net'

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

export function isOrigin(text: string): boolean {
  if (!/^https?:\/\/[^\s\\*]+$/i.test(text) || !URL.canParse(text)) return false
  const { username, password, pathname, search, hash, href, origin } = new URL(text)
  return username === '' && password === '' && pathname === '/' && search === '' && hash === '' && href === `${origin}/`
}

export function isClear(text: string): boolean {
  const { protocol, hostname } = new URL(text)
  return protocol === 'http:' && !isLoopback(hostname.replace(/^\[|\]$/g, ''))
}

/** An origin as `URL.origin` writes it; a text that is none as it stands. */
export const originOf = (text: string): string => (URL.canParse(text) ? new URL(text).origin : text)
