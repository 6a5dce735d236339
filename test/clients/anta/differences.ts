import type { CheckResult } from '../../../src/trial/judge-check.ts'
import type { Mutant } from './mutated-answers.ts'

/** The release that judges beside our checks. Another one is another judge: its differences are listed anew. */
export const ANTA_VERSION = '1.10.0'

/** What ANTA says: `unset` where it has judged nothing, `error` where it broke off with an exception. */
export interface AntaResult {
  readonly result: string
  readonly messages: readonly string[]
}

/** An answer that both have judged. */
export interface Judged {
  readonly mutant: Mutant
  readonly ours: CheckResult
  readonly theirs: AntaResult
}

/** A kind of difference that is meant, as `docs/anta-differences.md` lists it. */
export interface Difference {
  readonly kind: string
  /** Why eosflow says something else. */
  readonly reason: string
  readonly covers: (judged: Judged) => boolean
}

const NOTHING_TO_JUDGE =
  /` does not tell |` answered in an unknown shape at |[Tt]he answer (?:has no|tells of no)|` printed no (?:address|partition)/

/** A judgement that is stricter: each message that ANTA does not have is of that pattern. */
const stricter =
  (checks: RegExp, pattern: RegExp) =>
  ({ mutant: { check }, ours, theirs }: Judged): boolean => {
    const more = ours.messages.filter((message) => !theirs.messages.includes(message))
    return checks.test(check) && ours.result === 'failure' && more.length > 0 && more.every((one) => pattern.test(one))
  }

const text = (value: unknown): string => JSON.stringify(value)

/** Every kind of difference from ANTA in a verdict. All others are defects. */
export const DIFFERENCES: readonly Difference[] = [
  {
    kind: 'A member of another type',
    reason:
      'It is an error that names the member. ANTA breaks off with an exception, compares it, or takes it for false.',
    covers: ({ mutant: { mutation }, ours }) => mutation === 'type' && ours.result === 'error',
  },
  {
    kind: 'Nothing to judge by',
    reason:
      'A member, a list or a line that the check reads is missing. It is an error that names it. ANTA takes it for good, or reads on.',
    covers: ({ ours }) => ours.result === 'error' && ours.messages.every((message) => NOTHING_TO_JUDGE.test(message)),
  },
  {
    kind: 'BGP queues that are missing',
    reason:
      'EOS 4.21 does not show them. They are a fault where the input asks for them, and not read where they are not; ANTA breaks off with an exception in both cases.',
    covers: ({ mutant: { check }, theirs }) =>
      check.startsWith('VerifyBGP') &&
      theirs.result === 'error' &&
      /peerTcpInfo|putQueueLength|NoneType/.test(theirs.messages.at(-1) ?? ''),
  },
  {
    kind: 'A BFD session that was never down',
    reason: 'EOS gives null for when it was last down. Nothing is wrong with that; ANTA breaks off with an exception.',
    covers: ({ mutant: { check, answers }, theirs }) =>
      check === 'VerifyBFDPeersHealth' && theirs.result === 'error' && text(answers).includes('"lastDown":null'),
  },
  {
    kind: 'A path of an IPsec connection behind the first',
    reason: 'Each path must be established. ANTA looks at the first one.',
    covers: stricter(/IPSecConn/, /Connection down|security connection not established/),
  },
  {
    kind: 'A session of dynamic path selection behind the first',
    reason: 'Each session of a path must be active. ANTA looks at the first one.',
    covers: stricter(/^Verify(?:Paths|Specific)/, /Telemetry state inactive/),
  },
  {
    kind: 'Transceivers of line cards',
    reason: 'Their sensors are listed under the slot of the card, where ANTA does not look.',
    covers: stricter(/^VerifyTransceiversTemperature$/, /^Sensor: /),
  },
  {
    kind: 'PhyAlaska chips',
    reason: 'ANTA passes over all of them, because some give no temperature. Those that give one are judged.',
    covers: stricter(/^VerifyTemperature$/, /Description: .*PhyAlaska/),
  },
  {
    kind: 'MLAG that is not active',
    reason: "The state has to be active, as ANTA's own documentation says. ANTA looks at no state but disabled.",
    covers: stricter(/^VerifyMlagStatus$/, /^MLAG state is not active/),
  },
  {
    kind: 'A BGP session that is down and shows no address family',
    reason: 'It may carry the family that the input names. ANTA passes over it.',
    covers: stricter(/^VerifyBGPPeersHealth$/, /Incorrect session state/),
  },
  {
    kind: 'An IS-IS adjacency segment over another interface',
    reason: 'It is not the segment that is expected. ANTA compares the address alone.',
    covers: stricter(/AdjacencySegments$/, /Adjacency segment not found/),
  },
  {
    kind: 'A certificate on its last day',
    reason: 'It expires within the threshold. ANTA passes it, because 0 days are not more than 0.',
    covers: stricter(/^VerifyAPISSLCertificate$/, /Actual: 0 days$/),
  },
  {
    kind: 'A longer name in a log or in the settings of logs',
    reason: 'The name of a switch or of a VRF has to be the whole word. ANTA finds it in a longer one.',
    covers: stricter(
      /^VerifyLogging(?:Hostname|SourceIntf|Hosts)$/,
      /^Logs are not generated|Not configured|not configured/,
    ),
  },
  {
    kind: 'SSH in the default VRF',
    reason: 'The line of the default VRF counts. ANTA takes the first line, whatever VRF it is of.',
    covers: stricter(/^VerifySSHStatus$/, /^SSHD status for Default VRF/),
  },
  {
    kind: 'The state of a CVX peer under the name that EOS gives it',
    reason: 'A catalog may write `registrationState`. ANTA takes no notice of it, and expects the state by default.',
    covers: ({ mutant: { check, inputs } }) =>
      check === 'VerifyCVXClusterStatus' && text(inputs).includes('registrationState'),
  },
  {
    kind: 'Every port-channel is ignored',
    reason: 'None has an inactive port, which is a success. ANTA leaves the result unset.',
    covers: ({ mutant: { check }, ours, theirs }) =>
      check === 'VerifyPortChannels' && ours.result === 'success' && theirs.result === 'unset',
  },
]
