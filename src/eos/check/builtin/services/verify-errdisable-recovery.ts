import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { type Finding, verdictOf } from '../../finding/finding.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { integer } from '../../input/numbers.ts'

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
    const strange = rows.find(({ interval }) => interval === undefined)
    if (strange !== undefined)
      return { status: 'error', reason: `\`show errdisable recovery\` printed: ${strange.reason}` }
    return verdictOf(
      reasons.flatMap((expected) =>
        findingsOf(
          expected,
          rows.find((row) => row.reason === expected.reason),
        ),
      ),
    )
  },
})

interface Row {
  readonly reason: string
  readonly status: string | undefined
  /** In seconds, or `N/A`. Undefined where the line is none of the table. */
  readonly interval: string | undefined
}

/** The table below its two lines of headings: a reason, the status of its timer and the interval on each line. */
function rowsOf(printed: string): readonly Row[] {
  return printed
    .split('\n')
    .slice(2, -1)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, reason = line, status, interval] = /^\s*(\S+)\s+(\S+)\s+(\S.*)$/.exec(line) ?? []
      return { reason: reason.toLowerCase(), status, interval: interval?.trimEnd() }
    })
}

function findingsOf({ reason, status, interval }: Recovery, actual: Row | undefined): readonly Finding[] {
  const whole = `Reason: ${reason} Status: ${status} Interval: ${interval}`
  if (actual?.status === undefined || actual.interval === undefined) return [{ fault: `${whole} - Not found` }]
  if (actual.interval === 'N/A') return [{ fault: `${whole} - Interval is not configurable` }]
  if (!/^\d+$/.test(actual.interval)) {
    return [{ unjudged: `\`show errdisable recovery\` printed the interval ${actual.interval} of ${reason}` }]
  }
  const isSame = Number(actual.interval) === interval
  return [
    ...mismatch(`Reason: ${reason} - Invalid status`, status, actual.status),
    ...(isSame
      ? []
      : [
          `Reason: ${reason} - Incorrect interval - Expected: ${interval} second(s) Actual: ${actual.interval} second(s)`,
        ]),
  ].map((fault) => ({ fault }))
}
