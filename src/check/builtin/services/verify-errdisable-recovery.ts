import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { defineVerify } from '../../define-verify.ts'
import { integer } from '../../input/numbers.ts'
import { mismatch } from '../../mismatch.ts'
import { once } from '../../once.ts'

/** Why EOS disables an interface by itself (ANTA documentation, input types). */
const REASONS = [
  'acl',
  'arp-inspection',
  'bgp-session-tracking',
  'bpduguard',
  'dot1x',
  'dot1x-coa',
  'dot1x-session-replace',
  'evpn-sa-mh',
  'fabric-link-failure',
  'fabric-link-flap',
  'hitless-reload-down',
  'lacp-no-portid',
  'lacp-rate-limit',
  'license-enforce',
  'link-flap',
  'mlagasu',
  'mlagdualprimary',
  'mlagissu',
  'mlagmaintdown',
  'no-internal-vlan',
  'out-of-voqs',
  'portchannelguard',
  'portgroup-disabled',
  'portsec',
  'speed-misconfigured',
  'storm-control',
  'stp-no-portid',
  'stuck-queue',
  'tapagg',
  'uplink-failure-detection',
  'xcvr-misconfigured',
  'xcvr-overheat',
  'xcvr-power-unsupported',
  'xcvr-unsupported',
] as const

const expectedRecovery = once(() =>
  z.strictObject({
    reason: z.enum(REASONS).describe('Why an interface was disabled, for example `bpduguard`.'),
    status: z.enum(['Enabled', 'Disabled']).default('Enabled').describe('Whether the switch enables it again.'),
    interval: integer(30, 86_400).describe('After how many seconds.'),
  }),
)

type Recovery = z.output<ReturnType<typeof expectedRecovery>>

/** The switch enables interfaces again that it disabled for given reasons. */
export const verifyErrdisableRecovery = defineVerify({
  name: 'VerifyErrdisableRecovery',
  summary: 'Verifies for which reasons, and after how long, the switch enables again an interface that it disabled.',
  docs: 'Passes when the recovery of each reason has the expected status and interval.',
  example: { reasons: [{ reason: 'bpduguard', interval: 30, status: 'Enabled' }] },
  input: () => z.strictObject({ reasons: z.array(expectedRecovery()).min(1).describe('The reasons to verify.') }),
  commands: () => [{ cmd: 'show errdisable recovery', format: 'text' }],
  answers: () => [z.string()],
  judge: ({ reasons }, [printed]) => {
    const rows = rowsOf(printed)
    return passUnless(reasons.flatMap((expected) => faultsOf(expected, rows.get(expected.reason))))
  },
})

interface Row {
  readonly status: string
  readonly interval: string
}

/** The table: a reason, the status of its timer and the interval in seconds on each line. */
function rowsOf(printed: string): ReadonlyMap<string, Row> {
  return new Map(
    printed.split('\n').flatMap((line) => {
      const [reason, status, interval, ...more] = line.trim().split(/\s+/)
      if (reason === undefined || status === undefined || interval === undefined || more.length > 0) return []
      return [[reason, { status, interval }]]
    }),
  )
}

function faultsOf({ reason, status, interval }: Recovery, actual: Row | undefined): readonly string[] {
  if (actual === undefined) return [`Reason: ${reason} Status: ${status} Interval: ${interval} - Not found`]
  const subject = `Reason: ${reason}`
  return [
    ...mismatch(`${subject} - Invalid status`, status, actual.status),
    ...mismatch(`${subject} - Incorrect interval`, `${interval} second(s)`, `${actual.interval} second(s)`),
  ]
}
