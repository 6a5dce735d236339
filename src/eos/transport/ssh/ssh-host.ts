import type { SshTarget } from '../../device/transport.ts'

export interface SshHost extends Pick<SshTarget, 'name' | 'host' | 'port' | 'hostKey'> {
  readonly isHop?: true
}

interface HostWords {
  readonly who: 'the switch' | 'the jump host'
  readonly gives: string
  readonly compareWith: string
  readonly reach: string
  readonly login: string
  readonly handshake: string
  readonly certificate: string
}

const SWITCH: HostWords = {
  who: 'the switch',
  gives: 'shell',
  compareWith: 'show management ssh hostkey',
  reach: 'Check the address, the route, and that SSH is enabled there (show management ssh).',
  login: 'Check the credentials of this switch in the inventory, and what it accepts (management ssh, authentication).',
  handshake:
    'The switch must offer a key exchange, a cipher and a host key that are still held to be safe (management ssh).',
  certificate:
    'Let the switch show its host certificate (management ssh, hostkey server cert), add its host key to the file, or pin it: ssh: { hostKey: SHA256:... }.',
}

const HOP: HostWords = {
  who: 'the jump host',
  gives: 'connection',
  compareWith: 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
  reach: 'Check its address under `jumps` in the inventory, the route, and that its sshd runs.',
  login: 'Check the credentials of this jump host in the inventory, and what its sshd accepts.',
  handshake: 'Its sshd must offer a key exchange, a cipher and a host key that are still held to be safe.',
  certificate:
    'Let the jump host show its host certificate (HostCertificate in sshd_config), add its host key to the file, or pin it: ssh: { hostKey: SHA256:... }.',
}

export function wordsOf({ isHop }: SshHost): HostWords {
  return isHop === true ? HOP : SWITCH
}
