import { defineShow } from '../format/define.ts'

/** Why EOS disables a port by itself, in the order of its table (EOS manual, "show errdisable recovery"; ANTA documentation). */
const REASONS = [
  'acl',
  'arp-inspection',
  'bpduguard',
  'dot1x',
  'hitless-reload-down',
  'lacp-no-portid',
  'lacp-rate-limit',
  'link-flap',
  'no-internal-vlan',
  'portchannelguard',
  'portsec',
  'speed-misconfigured',
  'storm-control',
  'stp-no-portid',
  'tapagg',
  'uplink-failure-detection',
  'xcvr-misconfigured',
  'xcvr-overheat',
  'xcvr-power-unsupported',
  'xcvr-unsupported',
] as const

/** Seconds after which a port is enabled again, unless configured. */
const DEFAULT_INTERVAL = 300

/** `show errdisable recovery`: off for every reason that `errdisable recovery cause` does not name. */
export const showErrdisableRecovery = defineShow({
  words: 'show errdisable recovery',
  docs: 'After how long, and why, a disabled port is enabled again; ANTA recordings (text).',
  text: ({ running }) => {
    const lines = running.children.map(({ line }) => line)
    const [seconds = DEFAULT_INTERVAL] = lines.flatMap(
      (line) => /^errdisable recovery interval (\d+)$/.exec(line)?.[1] ?? [],
    )
    const rows = REASONS.map((reason) => {
      const enabled = lines.includes(`errdisable recovery cause ${reason}`)
      return `${reason.padEnd(30)} ${(enabled ? 'Enabled' : 'Disabled').padEnd(15)} ${String(seconds).padStart(12)}`
    })
    const head = [
      'Errdisable Reason              Timer Status   Timer Interval',
      `${'-'.repeat(30)} ${'-'.repeat(17)} ${'-'.repeat(14)}`,
    ]
    return [...head, ...rows].map((line) => `${line}\n`).join('')
  },
})
