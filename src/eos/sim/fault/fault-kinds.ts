import { z } from 'zod'

/** What a field means, with an example of it. */
export const said = (description: string, example: unknown) => ({ description, examples: [example] })

// A time in seconds, at most a day.
const seconds = z.number().min(0).max(86_400)
const pattern = z.string().min(1).refine(isExpression, 'is not a regular expression')
const after = seconds.optional().meta(said('Seconds after it is set.', 30))
const device = z.string().meta(said('The switch, by its name in the fabric.', 'leaf1'))
const command = pattern
  .optional()
  .meta(said('A regular expression, tried on each command of a request.', 'commit timer'))

const lasting = { after, for: seconds.optional().meta(said('Seconds; without it, for good.', 20)) }

const port = z.string().min(1).meta(said('The port, by its full EOS name.', 'Ethernet1'))

function isExpression(text: string) {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}

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

const ofSession = {
  peer: z.string().min(1).meta(said('The address of the neighbour.', '10.0.0.1')),
  vrf: z.string().min(1).optional().meta(said('The VRF of the session.', 'default')),
}

function fault<K extends string, S extends z.ZodRawShape>(kind: K, shape: S) {
  return z.strictObject({ device, kind: z.literal(kind), ...shape })
}

/** Every kind of fault, as it stands in `fabric.yaml`. */
export const faultKinds = z.discriminatedUnion('kind', [
  fault('unreachable', { ...lasting }),
  fault('slow', {
    before: seconds.optional().meta(said('Seconds before the commands run.', 2)),
    after: seconds.optional().meta(said('Seconds between their effect and the answer.', 2)),
    command,
  }),
  fault('lost-answer', {
    ...requestTrigger,
    applied: z.boolean().optional().meta(said('false: the connection dies before the commands run.', true)),
  }),
  fault('reset-after-commit', {}),
  fault('reboot', {
    after,
    on: z.literal('commit').optional().describe('After the next commit.'),
    command,
    seconds: seconds.optional().meta(said('Until it answers again.', 5)),
  }),
  fault('hand-edit', {
    lines: z
      .array(z.string().min(1))
      .min(1)
      .meta(said('Configuration lines as a person types them.', ['interface Ethernet5', 'description typed by hand'])),
    user: z.string().optional().meta(said('Who the log names.', 'operator')),
    ...moment,
  }),
  fault('hand-save', { ...moment }),
  fault('block-appears', {
    block: z.string().min(1).meta(said('The line that opens the empty block.', 'interface Ethernet48/2')),
    ...moment,
  }),
  fault('session-limit', {
    sessions: z.int().min(1).max(100).optional().meta(said('Foreign pending sessions; as many as fit without it.', 5)),
  }),
  fault('foreign-timer', {
    seconds: seconds.meta(said('The length of the commit timer.', 300)),
    session: z.string().min(1).optional().meta(said('The name of the foreign session.', 'cvp-1')),
    user: z.string().min(1).optional().meta(said('Who armed it.', 'cvpadmin')),
  }),
  fault('timer-does-not-revert', {}),
  fault('refuse-line', {
    line: nth.meta(said('The kth line typed into a session.', 3)),
    message: z.string().meta(said("The switch's words.", 'Invalid VLAN')),
    code: z
      .union([z.literal(1000), z.literal(1002)])
      .optional()
      .meta(said('The eAPI error code.', 1000)),
  }),
  fault('refuse-commit', { message: z.string().meta(said("The switch's words.", 'Cannot commit')) }),
  fault('refuse-command', {
    command: pattern.meta(said('A regular expression, tried on each command.', '^show bgp')),
    code: z.literal([1000, 1001, 1002, 1003, 1004, 1005]).meta(said('The eAPI error code.', 1000)),
    errors: z
      .array(z.string())
      .min(1)
      .meta(said("The switch's words.", [''])),
  }),
  fault('http-status', {
    status: z.literal([401, 404, 500, 502, 503]).meta(said('The HTTP status of the answer.', 401)),
    path: z
      .enum(['/command-api', '/login', '/logout'])
      .optional()
      .meta(said('The path that is asked; any without it.', '/login')),
    times: nth.optional().meta(said('How many requests; one without it.', 3)),
  }),
  fault('expire-cookies', {}),
  fault('tls-failure', { ...lasting }),
  fault('wrong-answer', {
    ...requestTrigger,
    error: z.boolean().optional().meta(said('true: an error object in place of the results.', true)),
  }),
  fault('error-line', {
    command: pattern.meta(said('A regular expression, tried on each command.', 'commit timer')),
    message,
  }),
  fault('line-warning', { ...typedLines, message }),
  fault('line-question', { ...typedLines, message }),
  fault('session-list-lag', {
    seconds: z.number().min(0).max(5).meta(said('How far the list lies behind.', 2)),
    ...lasting,
  }),
  fault('replay-fails', {
    line: nth.optional().meta(said('The nth line of the text, without comments.', 12)),
    command: pattern
      .optional()
      .meta(said('A regular expression, tried on each line of the text.', '^no lldp transmit$')),
    leavesOut: z.boolean().optional().meta(said('true: the line is left out in silence.', true)),
  }),
  fault('no-startup-config', {}),
  fault('slow-save', { seconds: seconds.meta(said('How long a save takes.', 10)) }),
  fault('no-new-login', { ...lasting }),
  fault('aaa-away', { ...lasting }),
  fault('link-down', { port, ...lasting }),
  fault('link-flap', {
    port,
    period: z.number().min(1).max(86_400).meta(said('Seconds; down for the first half.', 10)),
    ...lasting,
  }),
  fault('bgp-peer-down', { ...ofSession, ...lasting }),
  fault('port-errdisabled', {
    port,
    cause: z
      .string()
      .min(1)
      .optional()
      .meta(said('Why the switch took it down, in the words of EOS; `bpduguard` without it.', 'bpduguard')),
    after,
  }),
  fault('mlag-inactive', { ...lasting }),
  fault('neighbor-swapped', {
    port,
    heard: z.string().min(1).meta(said('The switch that is heard instead.', 'leaf2')),
    heardPort: port.describe('The port it is heard from.'),
    ...lasting,
  }),
  fault('routes-withdrawn', {
    ...ofSession,
    prefixes: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .meta(said('Only these; all that the peer announces without it.', ['10.0.0.1/32'])),
    ...lasting,
  }),
  fault('member-inactive', { port, ...lasting }),
  fault('flood-entry-lost', {
    vtep: z.string().min(1).meta(said('The address of the remote VTEP.', '10.0.255.13')),
    vlan: z.int().min(1).max(4094).optional().meta(said('One VLAN; all without it.', 110)),
    ...lasting,
  }),
  fault('errors-rising', {
    port,
    counter: z
      .enum([
        'fcsErrors',
        'alignmentErrors',
        'symbolErrors',
        'runtFrames',
        'giantFrames',
        'inDiscards',
        'outDiscards',
        'outErrors',
      ])
      .meta(said('The counter that rises.', 'fcsErrors')),
    perSecond: z.number().min(0).max(1_000_000).meta(said('So much a second.', 10)),
    ...lasting,
  }),
  fault('clock-adrift', { ...lasting }),
  fault('supply-failed', { supply: z.enum(['1', '2']).meta(said('The slot of the supply.', '2')), ...lasting }),
  fault('agent-crashed', {
    agent: z
      .string()
      .regex(/^[A-Z][A-Za-z]{1,30}$/, 'the name of an agent: letters, a capital first')
      .meta(said('The agent, by the name that its logs have.', 'Bgp')),
    after,
  }),
])
