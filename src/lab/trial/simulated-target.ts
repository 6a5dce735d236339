import type { DeviceTarget, SshTarget } from '../../eos/device/device.ts'

export function targetNamed(name: string): DeviceTarget {
  return { name, host: '127.0.0.1', port: 443, transport: 'eapi', protocol: 'https', tls: { mode: 'system' } }
}

export function shellNamed(name: string): SshTarget {
  return { name, host: '127.0.0.1', port: 22, transport: 'ssh', hostKey: { mode: 'pin', fingerprint: '' } }
}
