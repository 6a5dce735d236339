import type { DeviceTarget } from '../device/transport.ts'

/** Where a switch in memory is, by its name: nothing is ever connected to the address. */
export function targetNamed(name: string): DeviceTarget {
  return { name, host: '127.0.0.1', port: 443, transport: 'eapi', protocol: 'https', tls: { mode: 'system' } }
}
