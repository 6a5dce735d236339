import type { DeviceTarget, SshTarget } from '../../eos/device/transport.ts'

/** Where a switch in memory is, by its name: nothing is ever connected to the address. */
export function targetNamed(name: string): DeviceTarget {
  return { name, host: '127.0.0.1', port: 443, transport: 'eapi', protocol: 'https', tls: { mode: 'system' } }
}

/** The same over its terminals. */
export function shellNamed(name: string): SshTarget {
  return { name, host: '127.0.0.1', port: 22, transport: 'ssh', hostKey: { mode: 'pin', fingerprint: '' } }
}
