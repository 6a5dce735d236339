import type { ConfigNode } from '../../../config/text/tree.ts'
import { defineShow, type ShowContext } from '../format/define.ts'

/** `show management ssh`: text only, as it is recorded. */
export const showManagementSsh = defineShow({
  words: 'show management ssh',
  docs: 'The SSH server by VRF and its limits; anta (text).',
  text: (context) => {
    const block = blockOf(context)
    const value = (pattern: RegExp) => block?.children.flatMap(({ line }) => pattern.exec(line)?.[1] ?? [])[0]
    const vrfs = block?.children.filter(({ line }) => line.startsWith('vrf ')) ?? []
    const lines = [
      `SSHD status for Default VRF is ${off(block) ? 'disabled' : 'enabled'}`,
      ...vrfs.map((vrf) => `SSHD status for VRF ${vrf.line.slice(4)} is ${off(vrf) ? 'disabled' : 'enabled'}`),
      `SSH connection limit is ${value(/^connection limit (\d+)$/) ?? 50}`,
      `SSH per host connection limit is ${value(/^connection per-host (\d+)$/) ?? 20}`,
      'FIPS status: disabled',
      '',
    ]
    return lines.map((line) => `${line}\n`).join('')
  },
})

/** `show management telnet`. */
export const showManagementTelnet = defineShow({
  words: 'show management telnet',
  docs: 'The telnet server, off unless configured; the keys that ANTA reads.',
  json: ({ running }) => {
    const block = running.children.find(({ line }) => line === 'management telnet')
    const on = block?.children.some(({ line }) => line === 'no shutdown') === true
    return {
      serverState: on ? 'enabled' : 'disabled',
      vrfName: 'default',
      maxTelnetSessions: 20,
      maxTelnetSessionsPerHost: 20,
    }
  },
})

function blockOf({ running }: ShowContext): ConfigNode | undefined {
  return running.children.find(({ line }) => line === 'management ssh')
}

function off(block: ConfigNode | undefined): boolean {
  return block?.children.some(({ line }) => line === 'shutdown') === true
}
