import { isIP } from 'node:net'

/** Whether a host is this machine: nothing on the way reads or answers. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true
  return isIP(host) === 4 && host.startsWith('127.')
}
