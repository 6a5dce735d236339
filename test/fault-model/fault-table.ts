import type { DeviceFault } from '../../src/eos/sim/fault/fault.ts'
import { workflowFor } from '../lab/vlan-change.ts'

/** The requests of a change, each by a command of it. */
export const STAGE = /^configure checkpoint save /
export const TIMED = /^configure session \S+ commit timer /
export const CONFIRM = /^configure session \S+ commit$/
export const ABORT = /^configure session \S+ abort$/
export const LOOK = /^show configuration sessions detail$/
export const SAVE = /^copy running-config startup-config$/

/** A request of a change: the first of a switch with this command, after one with that. */
export interface Request {
  readonly device: string
  readonly command: RegExp
  readonly behind?: RegExp
}

/** Faults, and the request right before which they come; without a request: before the first of all. */
export interface Strike {
  readonly before?: Request
  /** Before each such request, not only before the first. */
  readonly always?: true
  readonly does: readonly (DeviceFault | 'interrupt')[]
}

/** An answer that is not what the switch said: that of one request, or of all. */
export interface Falsified {
  readonly to?: Request
  readonly falsify: (body: string) => string
}

/** One change, what goes wrong in it and when, and how it must end. */
export interface Fault {
  readonly name: string
  readonly workflow?: string
  readonly strikes?: readonly Strike[]
  readonly hears?: Falsified
  readonly exit: number
  readonly switches: Readonly<Record<string, 'BEFORE' | 'AFTER'>>
  /** What the output and the history say, in any order. */
  readonly says: readonly RegExp[]
  /** What standard output says, without the history. */
  readonly prints?: readonly RegExp[]
  readonly saysNot?: RegExp
  /** Of all switches together: commits under a timer, confirms, timers that have run out by themselves, answers that were lost. */
  readonly counts: {
    readonly timed: number
    readonly confirms: number
    readonly expiries?: number
    readonly lost?: number
  }
  /** Switches whose startup-config need not be what they run: the report says so, or a person is told to look. */
  readonly unsaved?: true
  /** What startup-config holds in the end, if that is something else. */
  readonly startup?: 'AFTER'
  /** How many requests save, of all switches together. */
  readonly saves?: number
  /** A line of somebody else that must still be there. */
  readonly keeps?: string
}

const device = 'leaf1'
const FOREIGN = ['vlan 777', 'name SOMEBODY-ELSE']
const verifying = { device, command: LOOK, behind: TIMED }
const committing = { device, command: TIMED }
const confirming = { device, command: CONFIRM }
const saving = { device, command: SAVE }
const staging = { device, command: STAGE }
const confirmOfSecond = { device: 'leaf3', command: CONFIRM }
const before = { leaf1: 'BEFORE' } as const
const after = { leaf1: 'AFTER' } as const
const two = workflowFor('leaf1 or leaf3')
const bothBefore = { leaf1: 'BEFORE', leaf3: 'BEFORE' } as const
const untouched = { switches: before, counts: { timed: 0, confirms: 0 } } as const
const putBack = { exit: 6, switches: before, counts: { timed: 1, confirms: 0 } } as const
const expired = { timed: 1, confirms: 0, expiries: 1 } as const
const foreignTimer = { kind: 'foreign-timer', device, seconds: 120, session: 'other-tool' } as const
const foreignTimerSaid = {
  exit: 9,
  switches: before,
  says: [/leaf1: session other-tool is under a commit timer, 120 s left/],
  // That of the other tool.
  counts: expired,
} as const
const takenLine = { kind: 'refuse-line', device, line: 2, message: 'VLAN name is taken', code: 1000 } as const
const lineRefused = {
  ...untouched,
  exit: 10,
  says: [/leaf1 refused line 2 of the change, 'name TESTED': VLAN name is taken/],
} as const

/** A change whose checks never pass, because they ask for another VLAN than it adds. */
const neverGood = (within: string) =>
  workflowFor('leaf1', {
    verify: `{ within: ${within}, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [997] } }] }`,
  })

/** What goes wrong at a switch, at one request of a change or for a time. */
const AT_A_SWITCH: readonly Fault[] = [
  {
    name: '[F21] a hand edit while the session is opened',
    strikes: [{ before: staging, does: [{ kind: 'hand-edit', device, on: 'session-open', lines: FOREIGN }] }],
    ...untouched,
    exit: 5,
    says: [/running-config has changed since the plan/, /never committed/],
    unsaved: true,
    keeps: 'vlan 777',
  },
  {
    name: '[F21] a hand edit between the read-back and the commit',
    strikes: [{ before: committing, does: [{ kind: 'hand-edit', device, lines: FOREIGN }] }],
    ...putBack,
    says: [/running-config has changed since the plan/, /remains: \+vlan 777/],
    unsaved: true,
    keeps: 'vlan 777',
  },
  {
    name: '[F21] a hand edit while the timer runs',
    strikes: [{ before: verifying, does: [{ kind: 'hand-edit', device, lines: FOREIGN }] }],
    ...putBack,
    says: [/somebody else has changed: \+vlan 777/, /somebody else's change went with it: \+vlan 777/],
  },
  {
    name: '[F21c] somebody takes the line of the change away while it is armed: told as that, not as a change of his own',
    workflow: workflowFor('leaf1', {
      verify: '{ within: 4s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [998] } }] }',
    }),
    strikes: [{ does: [{ kind: 'hand-edit', device, on: 'armed', lines: ['no vlan 998'] }] }],
    ...putBack,
    says: [/somebody had taken lines of the change away: -vlan 998/],
    saysNot: /went with it/,
  },
  {
    name: '[F21] a hand edit between the confirm and the save',
    strikes: [{ before: saving, does: [{ kind: 'hand-edit', device, lines: FOREIGN }] }],
    ...putBack,
    says: [/not the approved one after the save/, /went with it: \+vlan 777/],
    counts: { timed: 1, confirms: 1 },
  },
  {
    name: '[F21] what somebody configures once a switch has put itself back stays, though a confirm was tried',
    strikes: [
      {
        before: confirming,
        does: [
          { kind: 'unreachable', device, for: 330 },
          { kind: 'hand-edit', device, after: 310, lines: ['vlan 777'] },
        ],
      },
    ],
    ...putBack,
    says: [/leaf1: put back: .*what EOS or somebody else has changed remains: \+vlan 777/],
    counts: expired,
    unsaved: true,
    keeps: 'vlan 777',
  },
  {
    name: 'a commit that the switch refuses',
    strikes: [{ does: [{ kind: 'refuse-commit', device, message: 'Cannot commit session: out of TCAM' }] }],
    ...untouched,
    exit: 10,
    says: [
      /leaf1 refused 'configure session \S+ commit timer 00:05:00': .*Cannot commit session: out of TCAM/,
      /leaf1: untouched: never committed$/m,
    ],
  },
  { name: 'a line that the switch refuses at the plan', strikes: [{ does: [takenLine] }], ...lineRefused },
  {
    name: 'a line that the switch refuses at the push',
    strikes: [{ before: staging, does: [takenLine] }],
    ...lineRefused,
  },
  {
    name: 'a line that each of two switches refuses: both are named',
    workflow: two,
    strikes: [
      {
        does: ['leaf1', 'leaf3'].map(
          (name) => ({ kind: 'refuse-line', device: name, line: 1, message: `% ${name} says no` }) as const,
        ),
      },
    ],
    ...untouched,
    exit: 10,
    switches: bothBefore,
    says: [/leaf1 refused line 1 .*leaf1 says no\n {4}leaf3 refused line 1 .*leaf3 says no\n/],
  },
  {
    name: '[F14] a reboot under the timer',
    strikes: [{ before: verifying, does: [{ kind: 'reboot', device, seconds: 8 }] }],
    ...putBack,
    says: [
      /leaf1: the switch has rebooted: the change is no longer under our commit timer$/m,
      /read back: running-config equals the one before; the switch has rebooted since the commit$/m,
    ],
  },
  {
    name: '[F15] a reboot between the confirm and the save',
    strikes: [{ before: saving, does: [{ kind: 'reboot', device, seconds: 0 }] }],
    ...putBack,
    says: [/not the approved one after the save/],
    counts: { timed: 1, confirms: 1 },
  },
  {
    name: 'an outage from the commit until the timer has run out',
    strikes: [{ before: verifying, does: [{ kind: 'unreachable', device, for: 330 }] }],
    ...putBack,
    says: [/reachable.*no answer/, /read back: running-config equals the one before/],
    counts: expired,
  },
  {
    name: '[F12] an outage from the commit for good',
    strikes: [{ before: verifying, does: [{ kind: 'unreachable', device }] }],
    ...putBack,
    exit: 7,
    says: [/leaf1\s+\? unknown/, /\? leaf1: .*Log in to leaf1 and compare: show configuration sessions detail/],
    counts: expired,
  },
  {
    name: '[F12] a switch that refuses every abort is read until its timer has put it back',
    workflow: neverGood('10s'),
    strikes: [
      {
        before: { device, command: ABORT, behind: TIMED },
        always: true,
        does: [{ kind: 'refuse-command', device, command: ABORT.source, code: 1000, errors: ['locked'] }],
      },
    ],
    ...putBack,
    says: [/leaf1: put back: .*read back: running-config equals the one before/],
    counts: expired,
  },
  {
    name: '[F16] a slow switch, whose good answers come when the timer is nearly over, is put back, not confirmed',
    workflow: workflowFor('leaf1', {
      push: '{ confirmWithin: 2m }',
      verify: '{ within: 20s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [998] } }] }',
    }),
    strikes: [{ before: verifying, does: [{ device, kind: 'slow', before: 105, command: '^show vlan' }] }],
    ...putBack,
    says: [/leaf1: only \d+ s are left of the commit timer/],
  },
  {
    name: 'an unreachable switch at the plan',
    strikes: [{ does: [{ kind: 'unreachable', device }] }],
    ...untouched,
    exit: 10,
    says: [/the connection was refused/],
  },
  { name: 'a foreign timer at the plan', strikes: [{ does: [foreignTimer] }], ...foreignTimerSaid },
  {
    name: '[F19] a foreign timer at the push',
    strikes: [{ before: { device, command: LOOK, behind: ABORT }, does: [foreignTimer] }],
    ...foreignTimerSaid,
  },
  {
    name: 'no room for a session',
    strikes: [{ does: [{ kind: 'session-limit', device }] }],
    ...untouched,
    exit: 10,
    says: [/Maximum number of pending sessions/],
  },
  {
    name: '[F30] an interrupt before the timed commit: the session is aborted, nothing is committed',
    strikes: [{ before: staging, does: ['interrupt'] }],
    ...untouched,
    exit: 11,
    says: [/leaf1 +○ untouched/],
  },
  {
    name: '[F30] an interrupt during verification',
    strikes: [{ before: verifying, does: ['interrupt'] }],
    ...putBack,
    exit: 11,
    says: [/read back: running-config equals the one before/, /cancelled/],
  },
  {
    name: '[F30] an interrupt when the confirm is sent: it is finished, and the switch is put back',
    strikes: [{ before: confirming, does: ['interrupt'] }],
    ...putBack,
    exit: 11,
    counts: { timed: 1, confirms: 1 },
    says: [/read back: running-config equals the one before/, /cancelled/],
  },
  {
    name: '[G3] [F29] a second switch that refuses its confirm',
    workflow: two,
    strikes: [
      {
        before: confirmOfSecond,
        does: [{ kind: 'refuse-commit', device: 'leaf3', message: 'Cannot commit session' }],
      },
    ],
    ...putBack,
    switches: bothBefore,
    says: [/leaf3 refused .*Cannot commit session/, /leaf1: restore done/],
    counts: { timed: 2, confirms: 1 },
  },
  {
    name: '[F29] a second switch that is gone before its confirm, until after its timer',
    workflow: two,
    strikes: [{ before: confirmOfSecond, does: [{ kind: 'unreachable', device: 'leaf3', for: 330 }] }],
    ...putBack,
    switches: bothBefore,
    says: [/leaf1: restore done/, /leaf3\s+↺ put back/],
    counts: { timed: 2, confirms: 1, expiries: 1 },
  },
  {
    name: '[F29] a second switch that is gone for good before its confirm',
    workflow: two,
    strikes: [{ before: confirmOfSecond, does: [{ kind: 'unreachable', device: 'leaf3' }] }],
    ...putBack,
    exit: 7,
    switches: bothBefore,
    says: [
      /leaf1\s+↺ put back/,
      /leaf3\s+\? unknown/,
      /Log in to leaf3 and compare.*configure replace checkpoint:eosflow-/,
    ],
    counts: { timed: 2, confirms: 1, expiries: 1 },
  },
  {
    name: '[F32] a session in a state that nobody knows is never taken for confirmed',
    hears: { falsify: (body) => body.replaceAll('"pendingCommitTimer"', '"heldBack"') },
    ...putBack,
    says: [/the change is no longer under our commit timer/],
  },
  // leaf1 runs EOS 4.31, leaf3 4.32: another shape of the sessions, another dialect, the same verdict.
  ...['leaf1', 'leaf3'].map(
    (name): Fault => ({
      name: `[F13] a change that takes the way into ${name} away`,
      workflow: workflowFor(name, { lines: ['vlan 998', 'interface Management1', 'shutdown'] }),
      ...putBack,
      switches: { [name]: 'BEFORE' },
      says: [
        new RegExp(`${name}: no answer since the timed commit .*may have cut the way in`),
        new RegExp(
          `${name}: management-lost: out of reach until the switch had put itself back; read back: running-config equals the one before`,
        ),
        /rolled back · 1 switch: 1 put back\n/,
      ],
      counts: { ...expired, lost: 1 },
    }),
  ),
  ...['leaf1', 'leaf3'].map(
    (name): Fault => ({
      name: `[F5b] [P2] somebody types a line right before the timed commit of ${name}, and its answer is lost: his line is there again and named`,
      workflow: workflowFor(name),
      strikes: [
        {
          does: [
            { device: name, kind: 'hand-edit', lines: ['vlan 777'], command: ' commit timer ', side: 'before' },
            { device: name, kind: 'lost-answer', command: ' commit timer ' },
          ],
        },
      ],
      ...putBack,
      switches: { [name]: 'BEFORE' },
      counts: { timed: 1, confirms: 0, lost: 1 },
      says: [
        new RegExp(`${name}: put back: .*what EOS or somebody else has changed remains: \\+vlan 777`),
        /the answer to the timed commit was not read/,
      ],
      saysNot: /succeeded/,
      unsaved: true,
      keeps: 'vlan 777',
    }),
  ),
]

const WARNING = '% Warning: the agent answers slowly'
const lateList = (seconds: number, name = device) => ({ kind: 'session-list-lag', device: name, seconds }) as const
const stable = (name: string, stableFor: string) =>
  workflowFor(name, {
    verify: `{ within: 40s, stableFor: ${stableFor}, every: 2s, checks: [{ vlans-present: { vlans: [998] } }] }`,
  })

/** What a switch says beside what it does: it complains, it refuses, its list of sessions is late or of another form. */
const SAID: readonly Fault[] = [
  ...[confirming, saving].map(
    (request): Fault => ({
      name: `a switch complains of ${request.command.source} and has carried it out: the change stays, saved, on all switches`,
      workflow: two,
      strikes: [
        {
          before: request,
          does: [{ kind: 'error-line', device, command: request.command.source, message: WARNING }],
        },
      ],
      exit: 0,
      switches: { leaf1: 'AFTER', leaf3: 'AFTER' },
      says: [/leaf1 refused '.*': .*Warning: the agent answers slowly/],
      counts: { timed: 2, confirms: 2 },
      saves: 2,
    }),
  ),
  ...(
    [
      [confirming, 0],
      [saving, 1],
    ] as const
  ).map(
    ([request, confirms]): Fault => ({
      name: `a switch refuses ${request.command.source}: it is put back, and what it said is the reason`,
      strikes: [
        {
          before: request,
          does: [
            { kind: 'refuse-command', device, command: request.command.source, code: 1000, errors: ['internal error'] },
          ],
        },
      ],
      ...putBack,
      says: [/leaf1 refused '.*': internal error/],
      counts: { timed: 1, confirms },
    }),
  ),
  {
    name: 'somebody has saved under the timer, and the save that mends startup-config is complained of',
    workflow: neverGood('6s'),
    strikes: [
      { does: [{ kind: 'hand-save', device, on: 'armed' }] },
      {
        before: { ...saving, behind: TIMED },
        does: [{ kind: 'error-line', device, command: SAVE.source, message: WARNING }],
      },
    ],
    ...putBack,
    says: [/leaf1: put back/],
    saves: 1,
  },
  {
    name: 'somebody has saved under the timer, and the save that mends startup-config is refused',
    workflow: neverGood('6s'),
    strikes: [
      { does: [{ kind: 'hand-save', device, on: 'armed' }] },
      {
        before: { ...saving, behind: TIMED },
        always: true,
        does: [{ kind: 'refuse-command', device, command: SAVE.source, code: 1000, errors: ['flash is full'] }],
      },
    ],
    ...putBack,
    exit: 7,
    says: [/startup-config holds the change.*flash is full.*copy running-config startup-config/],
    startup: 'AFTER',
    unsaved: true,
  },
  ...[1, 5].map(
    (seconds): Fault => ({
      name: `[F10] a list that lags ${seconds} s behind a good confirm is looked at again, and the change is saved`,
      workflow: stable('leaf1', '8s'),
      strikes: [{ before: confirming, does: [lateList(seconds)] }],
      exit: 0,
      switches: after,
      says: [/succeeded/],
      counts: { timed: 1, confirms: 1 },
    }),
  ),
  {
    name: '[F10] [R4] the same where the answer to the confirm is lost',
    workflow: stable('leaf1', '8s'),
    strikes: [{ before: confirming, does: [lateList(5), { kind: 'lost-answer', device, command: ' commit$' }] }],
    exit: 0,
    switches: after,
    says: [/succeeded/],
    counts: { timed: 1, confirms: 1, lost: 1 },
  },
  ...['leaf1', 'leaf3'].flatMap((name) =>
    [1, 3, 5].map(
      (seconds): Fault => ({
        name: `[F35] [R10] a session list that lags ${seconds} s behind the timed commit of ${name} does not fail a good change`,
        workflow: stable(name, '10s'),
        strikes: [{ before: { device: name, command: TIMED }, does: [{ ...lateList(seconds, name), for: 8 }] }],
        exit: 0,
        switches: { [name]: 'AFTER' },
        says: [/succeeded/],
        counts: { timed: 1, confirms: 1 },
      }),
    ),
  ),
  ...(
    [
      ['leaf1', 'commitBy', 'absent', '"commitUntil":1'],
      ['leaf3', 'commitTimerExpireTime', 'absent', '"commitTimerEnd":1'],
      ['leaf3', 'commitTimerExpireTime', 'as seconds left', '"commitTimerExpireTime":300'],
      ['leaf3', 'commitTimerExpireTime', 'much too late', '"commitTimerExpireTime":999999999'],
    ] as const
  ).map(
    ([name, key, how, instead]): Fault => ({
      name: `[F35] [R10] the timer of ${name} with ${key} ${how}: put back, and the keys are named`,
      workflow: workflowFor(name),
      hears: { falsify: (body) => body.replace(new RegExp(`"${key}":[\\d.]+`, 'g'), instead) },
      ...putBack,
      switches: { [name]: 'BEFORE' },
      says: [
        new RegExp(`${name}: the commit timer cannot be ours, with `),
        /of eosflow-\S+ the switch gave the keys [\w ]*maxOpenSessions[\w ]* sessions, of the session: [\w ]*state/,
      ],
    }),
  ),
]

/** A write of the protocol whose answer is lost, and how the change ends if it was carried out and if it was not. */
interface LostWrite extends Pick<Fault, 'workflow' | 'strikes'> {
  readonly name: string
  readonly to: Request
  readonly carriedOut: Pick<Fault, 'exit' | 'switches' | 'counts'>
  readonly dropped: Pick<Fault, 'exit' | 'switches' | 'counts'>
}

const refused = { ...untouched, exit: 10 }
const confirmed = { exit: 0, switches: after, counts: { timed: 1, confirms: 1 } }
const bothPutBack = { ...putBack, switches: bothBefore, counts: { timed: 2, confirms: 1 } }
const LOST_WRITES: readonly LostWrite[] = [
  {
    name: "the answer to a plan's session is lost",
    to: { device, command: ABORT },
    carriedOut: refused,
    dropped: refused,
  },
  { name: 'the answer to staging is lost', to: staging, carriedOut: refused, dropped: refused },
  // What a timed commit has replaced is in its answer alone: without it nothing is adopted.
  {
    name: '[F5] [F16] the answer to the timed commit is lost',
    to: committing,
    carriedOut: putBack,
    dropped: { ...putBack, counts: { timed: 0, confirms: 0 } },
  },
  { name: '[F10] the answer to the confirm is lost', to: confirming, carriedOut: confirmed, dropped: confirmed },
  { name: 'the answer to the save is lost', to: saving, carriedOut: confirmed, dropped: confirmed },
  {
    name: '[F12] the answer to the abort under the timer is lost',
    to: { device, command: ABORT, behind: TIMED },
    workflow: neverGood('6s'),
    carriedOut: putBack,
    dropped: putBack,
  },
  {
    name: 'the answer to the restore of a checkpoint is lost',
    to: { device, command: /^configure replace checkpoint:/ },
    workflow: two,
    strikes: [
      {
        before: confirmOfSecond,
        does: [{ device: 'leaf3', kind: 'refuse-commit', message: 'Cannot commit session' }],
      },
    ],
    carriedOut: bothPutBack,
    dropped: bothPutBack,
  },
]

const LOST: readonly Fault[] = LOST_WRITES.flatMap(({ name, to, workflow, strikes = [], carriedOut, dropped }) =>
  [true, false].map((applied): Fault => {
    const end = applied ? carriedOut : dropped
    return {
      name: `${name}, carried out: ${applied}`,
      ...(workflow === undefined ? {} : { workflow }),
      strikes: [...strikes, { before: to, does: [{ device: to.device, kind: 'lost-answer', request: 1, applied }] }],
      ...end,
      counts: { ...end.counts, lost: 1 },
      says: [],
      prints: Object.entries(end.switches).map(([one, place]) => new RegExp(`^${one}\\s.*${place}`, 'm')),
    }
  }),
)

const inJson = (falsify: (body: Record<string, unknown>) => object) => (body: string) =>
  JSON.stringify(falsify(JSON.parse(body) as Record<string, unknown>))
const anotherId = inJson((body) => ({ ...body, id: 'EapiExplorer-1' }))
const errorOfAnother = inJson(({ jsonrpc }) => ({
  jsonrpc,
  id: 'EapiExplorer-1',
  error: {
    code: 1002,
    message: "CLI command 2 of 2 'show foo' failed: invalid command",
    data: [{}, { errors: ['Invalid input'] }],
  },
}))
const complaining = inJson((body) => {
  const output = '% Some agents have not answered yet'
  const result = body.result as readonly object[]
  return { ...body, result: [...result.slice(0, -1), { output: `${output}\n`, messages: [output] }] }
})
// What was said to another request is nobody's word on this one.
const ASKED = /leaf1: .*: no answer; asking the switch/
const NEVER_SAID = /untouched|nothing was committed/
const NOT_READ =
  /leaf1: put back: read back: running-config equals the one before; the answer to what put it back was not read: /m

const FALSE_ANSWERS: readonly Fault[] = [
  ...[
    { write: 'the timed commit', answer: 'is of another request', to: committing, falsify: anotherId, ...putBack },
    {
      write: 'the timed commit',
      answer: 'is the error of another request',
      to: committing,
      falsify: errorOfAnother,
      ...putBack,
    },
    {
      write: 'the timed commit',
      answer: 'is done, with a complaint',
      to: committing,
      falsify: complaining,
      ...putBack,
    },
    { write: 'the confirm', answer: 'is of another request', to: confirming, falsify: anotherId, ...confirmed },
    {
      write: 'the confirm',
      answer: 'is the error of another request',
      to: confirming,
      falsify: errorOfAnother,
      ...confirmed,
    },
    {
      write: 'the save',
      answer: 'is the error of another request',
      to: saving,
      falsify: errorOfAnother,
      ...confirmed,
    },
  ].map(
    ({ write, answer, to, falsify, ...end }): Fault => ({
      name: `[G69] [F32b] [P4] the answer to ${write} ${answer}: the switch is asked, and the end is the true one`,
      hears: { to, falsify },
      ...end,
      says: [falsify === complaining ? /leaf1 refused '/ : ASKED],
      saysNot: falsify === complaining ? NEVER_SAID : new RegExp(`${NEVER_SAID.source}|refused '`),
    }),
  ),
  ...(
    [
      ['is of another request', anotherId],
      ['is the error of another request', errorOfAnother],
      ['is done, with a complaint', complaining],
    ] as const
  ).map(
    ([answer, falsify]): Fault => ({
      name: `[F32b] [P4] the answer to the abort under the timer ${answer}: asked, and read back`,
      workflow: neverGood('1s'),
      hears: { to: { device, command: ABORT, behind: TIMED }, falsify },
      ...putBack,
      says: [NOT_READ],
    }),
  ),
]

/** Every fault of a change: what goes wrong, before which request, the exit code, what is said and what is read back. */
export const FAULTS: readonly Fault[] = [...AT_A_SWITCH, ...SAID, ...LOST, ...FALSE_ANSWERS]
