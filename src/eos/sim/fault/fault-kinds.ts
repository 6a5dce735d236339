import { z } from 'zod'
import { after, command, device, duration, lasting, pattern, seconds } from './fault-fields.ts'
import { networkFaults } from './network-fault-schema.ts'

const message = z
  .string()
  .min(1)
  .describe("The switch's words.")
  .meta({ examples: ['! Changing the TCAM profile restarts the forwarding agents'] })

const typedLines = {
  line: z
    .int()
    .min(1)
    .optional()
    .describe('The kth line typed into a session; without it, and without `command`, every line.')
    .meta({ examples: [3] }),
  command: pattern
    .optional()
    .describe('A regular expression, tried on each line that is typed.')
    .meta({ examples: ['^hardware tcam'] }),
}

const wrongAnswer = z.strictObject({
  device,
  kind: z.literal('wrong-answer'),
  request: z
    .int()
    .min(1)
    .optional()
    .describe('The nth request from now on.')
    .meta({ examples: [1] }),
  write: z
    .int()
    .min(1)
    .optional()
    .describe('The nth request from now on that can change the switch.')
    .meta({ examples: [1] }),
  command,
  error: z
    .boolean()
    .optional()
    .describe('true: an error object in place of the results.')
    .meta({ examples: [true] }),
})

const errorLine = z.strictObject({
  device,
  kind: z.literal('error-line'),
  command: pattern.describe('A regular expression, tried on each command.').meta({ examples: ['commit timer'] }),
  message,
})

const lineWarning = z.strictObject({ device, kind: z.literal('line-warning'), ...typedLines, message })
const lineQuestion = z.strictObject({ device, kind: z.literal('line-question'), ...typedLines, message })

// Answers that are wrong or say more than expected, as they stand in `fabric.yaml`.
const answerFaults = [wrongAnswer, errorLine, lineWarning, lineQuestion] as const

const moment = {
  after: seconds
    .optional()
    .describe('Seconds after it is set, or after the point or command.')
    .meta({ examples: [30] }),
  on: z
    .enum(['session-open', 'before-commit', 'commit', 'armed'])
    .optional()
    .describe('The point of a config session; `armed` is behind a timed commit.')
    .meta({ examples: ['session-open'] }),
  command,
  nth: z
    .int()
    .min(1)
    .optional()
    .describe('Which command that matches; the first without it.')
    .meta({ examples: [2] }),
  side: z
    .enum(['before', 'behind'])
    .optional()
    .describe('On which side of the command; `before` without it.')
    .meta({ examples: ['behind'] }),
}

const handEdit = z.strictObject({
  device,
  kind: z.literal('hand-edit'),
  lines: z
    .array(z.string().min(1))
    .min(1)
    .describe('Configuration lines as a person types them.')
    .meta({ examples: [['interface Ethernet5', 'description typed by hand']] }),
  user: z
    .string()
    .optional()
    .describe('Who the log names.')
    .meta({ examples: ['operator'] }),
  ...moment,
})

const handSave = z.strictObject({ device, kind: z.literal('hand-save'), ...moment })

const blockAppears = z.strictObject({
  device,
  kind: z.literal('block-appears'),
  block: z
    .string()
    .min(1)
    .describe('The line that opens the empty block.')
    .meta({ examples: ['interface Ethernet48/2'] }),
  ...moment,
})

// What others do to a switch at a moment, as it stands in `fabric.yaml`.
const handFaults = [handEdit, handSave, blockAppears] as const

const sessionListLag = z.strictObject({
  device,
  kind: z.literal('session-list-lag'),
  seconds: z
    .number()
    .min(0)
    .max(5)
    .describe('How far the list lies behind.')
    .meta({ examples: [2] }),
  ...lasting,
})

const replayFails = z.strictObject({
  device,
  kind: z.literal('replay-fails'),
  line: z
    .int()
    .min(1)
    .optional()
    .describe('The nth line of the text, without comments.')
    .meta({ examples: [12] }),
  command: pattern
    .optional()
    .describe('A regular expression, tried on each line of the text.')
    .meta({ examples: ['^no lldp transmit$'] }),
  leavesOut: z
    .boolean()
    .optional()
    .describe('true: the line is left out in silence.')
    .meta({ examples: [true] }),
})

const noStartupConfig = z.strictObject({ device, kind: z.literal('no-startup-config') })
const slowSave = z.strictObject({
  device,
  kind: z.literal('slow-save'),
  seconds: seconds.describe('How long a save takes.').meta({ examples: [10] }),
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
  before: seconds
    .optional()
    .describe('Seconds before the commands run.')
    .meta({ examples: [2] }),
  after: seconds
    .optional()
    .describe('Seconds between their effect and the answer.')
    .meta({ examples: [2] }),
  command,
})
const lostAnswer = z.strictObject({
  device,
  kind: z.literal('lost-answer'),
  request: z
    .int()
    .min(1)
    .optional()
    .describe('The nth request from now on.')
    .meta({ examples: [1] }),
  write: z
    .int()
    .min(1)
    .optional()
    .describe('The nth request from now on that can change the switch.')
    .meta({ examples: [1] }),
  command,
  applied: z
    .boolean()
    .optional()
    .describe('false: the connection dies before the commands run.')
    .meta({ examples: [true] }),
})
const resetAfterCommit = z.strictObject({ device, kind: z.literal('reset-after-commit') })
const reboot = z.strictObject({
  device,
  kind: z.literal('reboot'),
  after,
  on: z.literal('commit').optional().describe('After the next commit.'),
  command,
  seconds: seconds
    .optional()
    .describe('Until it answers again.')
    .meta({ examples: [5] }),
})
const sessionLimit = z.strictObject({
  device,
  kind: z.literal('session-limit'),
  sessions: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('Foreign pending sessions; as many as fit without it.')
    .meta({ examples: [5] }),
})
const foreignTimer = z.strictObject({
  device,
  kind: z.literal('foreign-timer'),
  seconds: seconds.describe('The length of the commit timer.').meta({ examples: [300] }),
  session: z
    .string()
    .min(1)
    .optional()
    .describe('The name of the foreign session.')
    .meta({ examples: ['cvp-1'] }),
  user: z
    .string()
    .min(1)
    .optional()
    .describe('Who armed it.')
    .meta({ examples: ['cvpadmin'] }),
})
const timerDoesNotRevert = z.strictObject({ device, kind: z.literal('timer-does-not-revert') })
const refuseLine = z.strictObject({
  device,
  kind: z.literal('refuse-line'),
  line: z
    .int()
    .min(1)
    .describe('The kth line typed into a session.')
    .meta({ examples: [3] }),
  message: z
    .string()
    .describe("The switch's words.")
    .meta({ examples: ['Invalid VLAN'] }),
  code: z
    .union([z.literal(1000), z.literal(1002)])
    .optional()
    .describe('The eAPI error code.')
    .meta({ examples: [1000] }),
})
const refuseCommit = z.strictObject({
  device,
  kind: z.literal('refuse-commit'),
  message: z
    .string()
    .describe("The switch's words.")
    .meta({ examples: ['Cannot commit'] }),
})

const refuseCommand = z.strictObject({
  device,
  kind: z.literal('refuse-command'),
  command: pattern.describe('A regular expression, tried on each command.').meta({ examples: ['^show bgp'] }),
  code: z
    .literal([1000, 1001, 1002, 1003, 1004, 1005])
    .describe('The eAPI error code.')
    .meta({ examples: [1000] }),
  errors: z
    .array(z.string())
    .min(1)
    .describe("The switch's words.")
    .meta({ examples: [['']] }),
})
const httpStatus = z.strictObject({
  device,
  kind: z.literal('http-status'),
  status: z
    .literal([401, 404, 500, 502, 503])
    .describe('The HTTP status of the answer.')
    .meta({ examples: [401] }),
  path: z
    .enum(['/command-api', '/login', '/logout'])
    .optional()
    .describe('The path that is asked; any without it.')
    .meta({ examples: ['/login'] }),
  times: z
    .int()
    .min(1)
    .optional()
    .describe('How many requests; one without it.')
    .meta({ examples: [3] }),
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
