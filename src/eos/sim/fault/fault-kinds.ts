import { z } from 'zod'
import { after, command, device, duration, lasting, pattern, said, seconds } from './fault-fields.ts'
import { networkFaults } from './network-fault-schema.ts'

const nth = z.int().min(1)

const message = z
  .string()
  .min(1)
  .meta(said("The switch's words.", '! Changing the TCAM profile restarts the forwarding agents'))

const typedLines = {
  line: nth
    .optional()
    .meta(said('The kth line typed into a session; without it, and without `command`, every line.', 3)),
  command: pattern.optional().meta(said('A regular expression, tried on each line that is typed.', '^hardware tcam')),
}

const requestTrigger = {
  request: nth.optional().meta(said('The nth request from now on.', 1)),
  write: nth.optional().meta(said('The nth request from now on that can change the switch.', 1)),
  command,
}

const wrongAnswer = z.strictObject({
  device,
  kind: z.literal('wrong-answer'),
  ...requestTrigger,
  error: z.boolean().optional().meta(said('true: an error object in place of the results.', true)),
})

const errorLine = z.strictObject({
  device,
  kind: z.literal('error-line'),
  command: pattern.meta(said('A regular expression, tried on each command.', 'commit timer')),
  message,
})

const lineWarning = z.strictObject({ device, kind: z.literal('line-warning'), ...typedLines, message })
const lineQuestion = z.strictObject({ device, kind: z.literal('line-question'), ...typedLines, message })

// Answers that are wrong or say more than expected, as they stand in `fabric.yaml`.
const answerFaults = [wrongAnswer, errorLine, lineWarning, lineQuestion] as const

const moment = {
  after: seconds.optional().meta(said('Seconds after it is set, or after the point or command.', 30)),
  on: z
    .enum(['session-open', 'before-commit', 'commit', 'armed'])
    .optional()
    .meta(said('The point of a config session; `armed` is behind a timed commit.', 'session-open')),
  command,
  nth: nth.optional().meta(said('Which command that matches; the first without it.', 2)),
  side: z
    .enum(['before', 'behind'])
    .optional()
    .meta(said('On which side of the command; `before` without it.', 'behind')),
}

const handEdit = z.strictObject({
  device,
  kind: z.literal('hand-edit'),
  lines: z
    .array(z.string().min(1))
    .min(1)
    .meta(said('Configuration lines as a person types them.', ['interface Ethernet5', 'description typed by hand'])),
  user: z.string().optional().meta(said('Who the log names.', 'operator')),
  ...moment,
})

const handSave = z.strictObject({ device, kind: z.literal('hand-save'), ...moment })

const blockAppears = z.strictObject({
  device,
  kind: z.literal('block-appears'),
  block: z.string().min(1).meta(said('The line that opens the empty block.', 'interface Ethernet48/2')),
  ...moment,
})

// What others do to a switch at a moment, as it stands in `fabric.yaml`.
const handFaults = [handEdit, handSave, blockAppears] as const

const sessionListLag = z.strictObject({
  device,
  kind: z.literal('session-list-lag'),
  seconds: z.number().min(0).max(5).meta(said('How far the list lies behind.', 2)),
  ...lasting,
})

const replayFails = z.strictObject({
  device,
  kind: z.literal('replay-fails'),
  line: nth.optional().meta(said('The nth line of the text, without comments.', 12)),
  command: pattern.optional().meta(said('A regular expression, tried on each line of the text.', '^no lldp transmit$')),
  leavesOut: z.boolean().optional().meta(said('true: the line is left out in silence.', true)),
})

const noStartupConfig = z.strictObject({ device, kind: z.literal('no-startup-config') })
const slowSave = z.strictObject({
  device,
  kind: z.literal('slow-save'),
  seconds: seconds.meta(said('How long a save takes.', 10)),
})
const noNewLogin = z.strictObject({ device, kind: z.literal('no-new-login'), ...lasting })

const aaaAway = z.strictObject({ device, kind: z.literal('aaa-away'), ...lasting })

// What goes wrong with the stored configurations and the logins of a switch, as it stands in `fabric.yaml`.
const storeFaults = [sessionListLag, replayFails, noStartupConfig, slowSave, noNewLogin, aaaAway] as const

const unreachable = z.strictObject({
  device,
  kind: z.literal('unreachable'),
  after,
  for: duration,
})
const slow = z.strictObject({
  device,
  kind: z.literal('slow'),
  before: seconds.optional().meta(said('Seconds before the commands run.', 2)),
  after: seconds.optional().meta(said('Seconds between their effect and the answer.', 2)),
  command,
})
const lostAnswer = z.strictObject({
  device,
  kind: z.literal('lost-answer'),
  ...requestTrigger,
  applied: z.boolean().optional().meta(said('false: the connection dies before the commands run.', true)),
})
const resetAfterCommit = z.strictObject({ device, kind: z.literal('reset-after-commit') })
const reboot = z.strictObject({
  device,
  kind: z.literal('reboot'),
  after,
  on: z.literal('commit').optional().describe('After the next commit.'),
  command,
  seconds: seconds.optional().meta(said('Until it answers again.', 5)),
})
const sessionLimit = z.strictObject({
  device,
  kind: z.literal('session-limit'),
  sessions: z.int().min(1).max(100).optional().meta(said('Foreign pending sessions; as many as fit without it.', 5)),
})
const foreignTimer = z.strictObject({
  device,
  kind: z.literal('foreign-timer'),
  seconds: seconds.meta(said('The length of the commit timer.', 300)),
  session: z.string().min(1).optional().meta(said('The name of the foreign session.', 'cvp-1')),
  user: z.string().min(1).optional().meta(said('Who armed it.', 'cvpadmin')),
})
const timerDoesNotRevert = z.strictObject({ device, kind: z.literal('timer-does-not-revert') })
const refuseLine = z.strictObject({
  device,
  kind: z.literal('refuse-line'),
  line: nth.meta(said('The kth line typed into a session.', 3)),
  message: z.string().meta(said("The switch's words.", 'Invalid VLAN')),
  code: z
    .union([z.literal(1000), z.literal(1002)])
    .optional()
    .meta(said('The eAPI error code.', 1000)),
})
const refuseCommit = z.strictObject({
  device,
  kind: z.literal('refuse-commit'),
  message: z.string().meta(said("The switch's words.", 'Cannot commit')),
})

const refuseCommand = z.strictObject({
  device,
  kind: z.literal('refuse-command'),
  command: pattern.meta(said('A regular expression, tried on each command.', '^show bgp')),
  code: z.literal([1000, 1001, 1002, 1003, 1004, 1005]).meta(said('The eAPI error code.', 1000)),
  errors: z
    .array(z.string())
    .min(1)
    .meta(said("The switch's words.", [''])),
})
const httpStatus = z.strictObject({
  device,
  kind: z.literal('http-status'),
  status: z.literal([401, 404, 500, 502, 503]).meta(said('The HTTP status of the answer.', 401)),
  path: z
    .enum(['/command-api', '/login', '/logout'])
    .optional()
    .meta(said('The path that is asked; any without it.', '/login')),
  times: nth.optional().meta(said('How many requests; one without it.', 3)),
})
const expireCookies = z.strictObject({ device, kind: z.literal('expire-cookies') })

const tlsFailure = z.strictObject({ device, kind: z.literal('tls-failure'), ...lasting })

/** Every kind of fault, as it stands in `fabric.yaml`. */
export const faultKinds = z.discriminatedUnion('kind', [
  unreachable,
  slow,
  lostAnswer,
  resetAfterCommit,
  reboot,
  ...handFaults,
  sessionLimit,
  foreignTimer,
  timerDoesNotRevert,
  refuseLine,
  refuseCommit,
  refuseCommand,
  httpStatus,
  expireCookies,
  tlsFailure,
  ...answerFaults,
  ...storeFaults,
  ...networkFaults,
])
