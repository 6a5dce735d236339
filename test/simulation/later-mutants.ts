import type { Alterations } from '../../simulate/controller.ts'
import { CALM, type Fixed, type Planned } from '../../simulate/scenario.ts'
import type { EventBody } from '../../src/change/record/event/event.ts'
import { heardJournal } from '../../src/change/record/store/journal.ts'
import type { Device } from '../../src/eos/device/device.ts'
import { EosflowError } from '../../src/model/error.ts'
import type { AskFence } from '../../src/model/fence.ts'
import { ALICE } from '../change/record/one-of-each-event.ts'
import { devices, judgedOnce, type Mutant, mutant, sessionOf, unlessLost, writing } from './altering.ts'

const behind = (moment: string, what: Planned['what'], draw: number): Planned => ({
  moment: 0,
  behind: moment,
  what,
  which: 0,
  draw,
})

/** A takeover that does not say what the dead process has left. */
const cleaned = (event: EventBody): EventBody =>
  event.type === 'ExecutionResumed' ? { type: 'ExecutionResumed' } : event

/**
 * A mutant of the quarantine, let loose on histories in which a process dies before it has heard of its timed commit, the one that takes over is
 * stopped at once, and somebody else has come for the switch.
 */
export const QUARANTINE_MUTANTS: readonly Mutant[] = [
  mutant(
    'the quarantine is not asked for',
    [18],
    ['I30'],
    () => ({
      journal: (journal) => heardJournal(journal, [({ events }) => ({ events: events.map(cleaned) })]),
    }),
    {
      disturbances: [behind('done arm', 'unclean takeover', 0.3), behind('after ExecutionResumed', 'stop', 0)],
      rivalStore: 'same',
    },
  ),
]

const BROKEN: EventBody = {
  type: 'BreakGlassUsed',
  principal: ALICE,
  needs: 'task.push',
  reason: 'INC-1',
  rules: [],
  policy: '',
}

/** A mutant of freezes, let loose on histories in which somebody freezes between the staging of a change and its first timed commit. */
export const FREEZE_MUTANTS: readonly Mutant[] = [
  mutant(
    'a timed commit goes past a freeze by itself',
    [],
    ['I31'],
    () => ({
      journal: (journal) =>
        heardJournal(journal, [
          ({ events }) => {
            const isCommit = events.some((event) => event.type === 'ActIntended' && event.act === 'arm')
            return isCommit ? { events: [BROKEN, ...events] } : undefined
          },
        ]),
    }),
    {
      disturbances: [{ moment: 0, behind: 'heard stage', what: 'freeze', which: 0, draw: 0.5 }],
      rivalStore: 'same',
    },
  ),
]

const ALWAYS = { isFresh: true, isOver: false, requireFresh: () => undefined } as const

/** Replaces the fences of every connection. */
const fences = (change: (ask: AskFence) => AskFence): Alterations => ({
  transport: (transport) => ({
    connect: (target, credential, fence) => transport.connect(target, credential, change(fence)),
  }),
})

/** Frozen for three quarters of a minute behind a moment; another controller takes the execution over meanwhile. For longer nothing would be asked for any more. */
const frozenBehind = (behind: string): Planned => ({
  moment: 0,
  behind,
  what: 'frozen controller',
  which: 0,
  draw: 0.25,
})

/** Mutants of the fence, let loose on histories in which a controller is frozen before its question, or behind the answer. */
export const FENCE_MUTANTS: readonly Mutant[] = [
  mutant(
    'the fence is not awaited',
    [18],
    ['I13', 'I15', 'I18'],
    () =>
      fences((ask) => async () => {
        ask().catch(() => undefined)
        return ALWAYS
      }),
    { disturbances: [frozenBehind('after ActIntended arm')] },
  ),
  mutant(
    'the age of the fence is not judged',
    [18],
    ['I13', 'I15', 'I18'],
    () =>
      fences((ask) => async () => {
        await ask()
        return ALWAYS
      }),
    { disturbances: [frozenBehind('fenced 3')] },
  ),
]

/** A history of one switch in which only what is named befalls it. */
const QUIET: Fixed = {
  weather: CALM,
  approving: 'at once',
  expires: 3600,
  purpose: 'run',
  atomic: 'change',
  maxFailures: 0,
  cuts: false,
  faultsStop: 1500,
  redrives: false,
  rollsBack: false,
  locks: false,
  waves: [1],
}

/** What befalls a history at a moment of this kind. */
export const striking = (what: Planned['what'], behind: string, draw = 0.3): Planned => ({
  moment: 0,
  behind,
  what,
  which: 0,
  draw,
})

/** A history of one switch which only these befall. */
export function quiet(disturbances: readonly Planned[], besides: Fixed = {}): Fixed {
  return { ...QUIET, switches: [{ name: 'sw1', eos: '4.31.4M' }], disturbances, ...besides }
}

/** A hand that makes the verification fail. */
const FAILS = striking('hand removes the change', 'after ActFinished arm')

/** The draws of a hand that types in the request of the timed commit: before its reading, and behind it. */
const BEFORE_READING = 0.01
const BEFORE_COMMIT = 0.51

const refusal = (error: unknown): never => {
  throw error instanceof EosflowError && (error.kind === 'protocol' || error.kind === 'lost-answer')
    ? new EosflowError('refused', error.message)
    : error
}

const WITHOUT_TAKEN_AWAY = /(interface Ethernet2\n {3}description SPARE\n)(?! {3}mtu)/

/** Whether a life is not of the first execution of its history: of the one that takes its change back. */
function takesBack(): (life: { readonly execution: string }) => boolean {
  let first: string | undefined
  return ({ execution }) => {
    first ??= execution
    return execution !== first
  }
}

/** Mutants that histories with hands, wrong answers, redrives and rollbacks catch. */
export const LATER_MUTANTS: readonly Mutant[] = [
  mutant(
    'startup-config that somebody saved under the timer is not mended',
    [14, 21],
    ['I2'],
    () =>
      devices(() => (device) => ({
        readConfig: async () => ({ ...(await device.readConfig()), startupDiff: '' }),
        print: async () => [{ ok: true, text: (await device.readConfig()).running }],
      })),
    quiet([striking('hand save', 'heard arm'), FAILS]),
  ),
  mutant(
    'startup-config is mended before the change is put back',
    [14],
    ['I2'],
    () => ({
      tasks: (port, ledger, { fleet }) => ({
        ...port,
        rollBack: async (name, signal) => {
          const device = await fleet.device(name)
          const session = sessionOf(ledger, name)
          await ledger.append({ type: 'ActIntended', device: name, act: 'save', session })
          await device.save()
          await ledger.append({ type: 'ActFinished', device: name, act: 'save', session, outcome: 'done' })
          await port.rollBack(name, signal)
        },
      }),
    }),
    quiet([FAILS]),
  ),
  mutant(
    "verify accepts anybody's commit timer",
    [8, 19],
    ['I25'],
    () => {
      let own: string | undefined
      return devices(() => (device) => ({
        arm: (session, ...rest) => {
          own = session
          return device.arm(session, ...rest)
        },
        look: async (commands) => {
          const look = await device.look(commands)
          return own === undefined
            ? look
            : { ...look, sessions: { ...look.sessions, armed: { session: own, secondsLeft: 200 } } }
        },
      }))
    },
    quiet([striking('hand save', 'heard arm'), striking('reboot', 'after VerdictGiven', 0)]),
  ),
  mutant(
    'verify is passed without a look',
    [8],
    ['I25'],
    () => ({
      tasks: (port) => ({
        ...port,
        run: async (call) =>
          call.state.task === 'verify' ? { answer: 'done', output: { rounds: 1 } } : port.run(call),
      }),
    }),
    quiet([]),
  ),
  mutant(
    'the network behind a put-back is called as before without a look',
    [],
    ['I53'],
    () => ({
      tasks: (port, ledger) => ({
        ...port,
        readNetwork: (device) =>
          ledger.append({
            type: 'NetworkRead',
            device,
            network: 'same',
            areas: ['vlan'],
            differences: [],
            latched: [],
            after: 0,
          }),
      }),
    }),
    quiet([striking('hand edit beside', 'heard abort'), FAILS]),
  ),
  mutant(
    'a redrive uses the names of sessions again',
    [3],
    ['I21'],
    () => ({
      ledger: (ledger) => ({
        get state() {
          const { state } = ledger
          return state.redriven === 0
            ? state
            : { ...state, devices: state.devices.map((one) => ({ ...one, sessions: 0 })) }
        },
        append: (...events) => ledger.append(...events),
        appendProvided: (provided, ...events) => ledger.appendProvided(provided, ...events),
        written: () => ledger.written(),
        get onlyBack() {
          return ledger.onlyBack
        },
      }),
    }),
    quiet([FAILS], { redrives: true }),
  ),
  mutant(
    'a redrive takes the old approval for granted',
    [27],
    ['I5'],
    judgedOnce,
    quiet([FAILS], { redrives: true, expires: 60 }),
  ),
  mutant(
    'removed lines are not looked for when put back is judged',
    [12],
    ['I8', 'I2'],
    () =>
      devices(() => (device) => ({
        readConfig: async () => {
          const reading = await device.readConfig()
          return { ...reading, running: reading.running.replace(WITHOUT_TAKEN_AWAY, '$1   mtu 9000\n') }
        },
      })),
    quiet([striking('replay leaves out', 'heard arm'), FAILS]),
  ),
  mutant(
    'what is read within the timed commit is not compared',
    [20, 21],
    ['I23'],
    () => {
      let base = ''
      return devices(() => (device) => ({
        stage: async (request) => {
          const staged = await device.stage(request)
          base = staged.running
          return staged
        },
        arm: async (...given) => {
          await device.arm(...given)
          return base
        },
      }))
    },
    quiet([striking('hand edit in a request', 'before ActIntended arm', BEFORE_READING)]),
  ),
  mutant(
    'a timed commit whose answer was lost is adopted without its base',
    [5, 20],
    ['I23', 'I20'],
    () => {
      let base = ''
      return devices(() => (device) => ({
        stage: async (request) => {
          const staged = await device.stage(request)
          base = staged.running
          return staged
        },
        arm: (...given) =>
          device.arm(...given).catch(async (error: unknown) => {
            await device.look([])
            if (error instanceof EosflowError && error.kind !== 'refused') return base
            throw error
          }),
      }))
    },
    quiet([
      striking('hand edit in a request', 'before ActIntended arm', BEFORE_READING),
      striking('wrong answer', 'before ActIntended arm'),
    ]),
  ),
  mutant(
    'the lock of the timed commit is on record and not taken',
    [21],
    ['I23'],
    () => devices(() => (device) => ({ arm: (session, seconds) => device.arm(session, seconds) })),
    quiet([striking('hand edit in a request', 'before ActIntended arm', BEFORE_COMMIT)], { locks: true }),
  ),
  mutant(
    'what goes with an abort is not named',
    [21],
    ['I23'],
    () =>
      writing((ledger, events) =>
        ledger.append(
          ...events.map((event) => JSON.parse(JSON.stringify(event).replace(/vlan 7\d\d/g, 'a line')) as EventBody),
        ),
      ),
    quiet([striking('hand edit beside', 'heard arm'), FAILS]),
  ),
  mutant(
    'an answer of another request is taken for a refusal',
    [5],
    ['I24'],
    () => ({
      ...devices(() => (device) => ({ arm: (...given) => device.arm(...given).catch(refusal) })),
      tasks: (port, ledger) => ({
        ...port,
        rollBack: (device) => ledger.append({ type: 'UndoFinished', device, end: 'untouched', detail: 'refused' }),
      }),
    }),
    quiet([striking('wrong error', 'before ActIntended arm', 0)]),
  ),
  mutant(
    'untouched is said before it was read',
    [12],
    ['I24'],
    () => ({
      tasks: (port, ledger) => ({
        ...port,
        rollBack: (device) => ledger.append({ type: 'UndoFinished', device, end: 'untouched', detail: 'surely' }),
      }),
    }),
    quiet([FAILS]),
  ),
  mutant(
    'an exec command goes into the session',
    [],
    ['I26'],
    () =>
      devices(() => (device) => ({
        stage: (request) => device.stage({ ...request, commands: [...request.commands, { cmd: 'do write' }] }),
      })),
    quiet([]),
  ),
  mutant(
    'the replay is not checked',
    [6, 7],
    ['I27'],
    () =>
      devices(() => (device) => ({
        replay: async (...given) => {
          await device.replay(...given)
          return { replays: 'yes' }
        },
      })),
    quiet([{ ...striking('replay fails', ''), behind: 'before TaskScheduled' }]),
  ),
  mutant(
    'a switch is saved while another one is to be confirmed',
    [14],
    ['I28'],
    () => ({
      tasks: (port, ledger, { fleet }) => ({
        ...port,
        run: async (call) => {
          const answer = await port.run(call)
          const [name = ''] = call.devices
          if (call.state.task !== 'confirm') return answer
          const device = await fleet.device(name)
          const session = sessionOf(ledger, name)
          await ledger.append({ type: 'ActIntended', device: name, act: 'save', session })
          await device.save()
          await ledger.append({ type: 'ActFinished', device: name, act: 'save', session, outcome: 'done' })
          return answer
        },
      }),
    }),
    {
      ...QUIET,
      disturbances: [],
      switches: [
        { name: 'sw1', eos: '4.31.4M' },
        { name: 'sw2', eos: '4.32.2F' },
      ],
    },
  ),
  mutant(
    'a rollback is committed without a timer',
    [6],
    ['I1'],
    () => {
      const isOfRollback = takesBack()
      return devices((life) => (device) => ({
        arm: async (...given) => {
          if (!isOfRollback(life)) return device.arm(...given)
          const { running } = await device.readConfig()
          await device.confirm(given[0])
          return running
        },
      }))
    },
    quiet([], { rollsBack: true }),
  ),
  mutant(
    'a rollback is saved before it is confirmed',
    [14],
    ['I2'],
    () => {
      const isOfRollback = takesBack()
      return {
        tasks: (port, ledger, { fleet }, life) => ({
          ...port,
          run: async (call) => {
            const [name = ''] = call.devices
            if (isOfRollback(life) && call.state.task === 'verify') {
              const device: Device = await fleet.device(name)
              await ledger.append({ type: 'ActIntended', device: name, act: 'save', session: 'early' })
              await unlessLost(
                () => device.save(),
                () => undefined,
              )
              await ledger.append({ type: 'ActFinished', device: name, act: 'save', session: 'early', outcome: 'done' })
            }
            return port.run(call)
          },
        }),
      }
    },
    quiet([], { rollsBack: true }),
  ),
]
