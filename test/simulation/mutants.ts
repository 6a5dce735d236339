import { CANARY } from '../../simulate/device-texts.ts'
import type { ChangePorts } from '../../src/change/engine/ports.ts'
import type { EventBody } from '../../src/change/record/event/event.ts'
import type { Device, SessionTable } from '../../src/eos/device/device.ts'
import { EosflowError } from '../../src/model/error.ts'
import { devices, judgedOnce, type Mutant, mutant, sessionOf, tasks, unlessLost, writing } from './altering.ts'
import { FENCE_MUTANTS, FREEZE_MUTANTS, LATER_MUTANTS, QUARANTINE_MUTANTS } from './later-mutants.ts'

const CONFIRMED: SessionTable = {
  sessions: {},
  mergeOnCommit: false,
  saveToStartupConfigOnCommit: false,
  maxOpenSessions: 5,
}

/** Every mutant of the protocol. */
export const MUTANTS: readonly Mutant[] = [
  ...LATER_MUTANTS,
  ...FENCE_MUTANTS,
  ...QUARANTINE_MUTANTS,
  ...FREEZE_MUTANTS,
  mutant('plain commit without a timer', [6, 7, 13], ['I1'], () =>
    devices(() => (device) => ({
      arm: async (session) => {
        const { running } = await device.readConfig()
        await device.confirm(session)
        return running
      },
    })),
  ),
  mutant('save before the confirm', [14], ['I2'], () =>
    tasks(async ({ state, devices: [name = ''] }, act) => {
      if (state.task === 'verify') await act('save', name, 'early', (device) => device.save())
      return undefined
    }),
  ),
  mutant('confirm before the verification', [8, 9], ['I1'], () => ({
    tasks: (port, ledger, { fleet }) => ({
      ...port,
      run: async (call) => {
        const [name = ''] = call.devices
        if (call.state.task === 'verify') {
          const device = await fleet.renew(name)
          const session = sessionOf(ledger, name)
          await ledger.append({ type: 'ActIntended', device: name, act: 'confirm', session })
          await device.confirm(session)
          await ledger.append({ type: 'ActFinished', device: name, act: 'confirm', session, outcome: 'done' })
        }
        return port.run(call)
      },
    }),
  })),
  mutant(
    'no comparison with the base and the approved diff',
    [20],
    ['I4', 'I23'],
    () => {
      const planned = new Map<string, { running: string; candidate: string }>()
      return {
        ...devices(() => (device) => ({
          stage: async (request) => {
            const staged = await device.stage(request)
            const { running, candidate } = staged
            if (request.checkpoint === undefined) planned.set(device.name, { running, candidate })
            return { ...staged, ...planned.get(device.name) }
          },
          arm: async (session, seconds) => {
            const running = await device.arm(session, seconds)
            return planned.get(device.name)?.running ?? running
          },
        })),
        tasks: (port) => ({
          ...port,
          run: async (call) =>
            call.state.task === 'recheck' ? { answer: 'done', output: { compared: 0 } } : port.run(call),
        }),
      }
    },
    { besides: 'hand edit beside' },
  ),
  mutant('what was not answered is sent again', [5, 10], ['I18'], () =>
    devices(() => (device) => ({
      arm: (session, seconds) =>
        unlessLost(
          () => device.arm(session, seconds),
          () => device.arm(session, seconds),
        ),
      confirm: (session) =>
        unlessLost(
          () => device.confirm(session),
          () => device.confirm(session),
        ),
      save: () =>
        unlessLost(
          () => device.save(),
          () => device.save(),
        ),
      abort: (session) =>
        unlessLost(
          () => device.abort(session),
          () => device.abort(session),
        ),
    })),
  ),
  mutant('a time-out counts as success', [5, 16], ['I20', 'I18', 'I7', 'I8'], () =>
    devices(() => (device) => ({
      arm: (session, seconds) =>
        unlessLost(
          () => device.arm(session, seconds),
          () => '',
        ),
      confirm: (session) =>
        unlessLost(
          () => device.confirm(session),
          () => CONFIRMED,
        ),
      abort: (session) =>
        unlessLost(
          () => device.abort(session),
          () => '',
        ),
    })),
  ),
  mutant('nothing is put back when something fails', [8], ['I8'], () => ({
    tasks: (port, ledger) => ({
      ...port,
      rollBack: (device) => ledger.append({ type: 'UndoFinished', device, end: 'reverted', detail: 'surely' }),
    }),
  })),
  mutant('put back is reported before it was read', [12], ['I8'], () => ({
    tasks: (port, ledger, { fleet }) => ({
      ...port,
      rollBack: async (name) => {
        const device = await fleet.device(name)
        const session = sessionOf(ledger, name)
        await ledger.append({ type: 'ActIntended', device: name, act: 'abort', session })
        const outcome = await device.abort(session).then(
          () => 'done' as const,
          () => 'unknown' as const,
        )
        await ledger.append({ type: 'ActFinished', device: name, act: 'abort', session, outcome })
        await ledger.append({ type: 'UndoFinished', device: name, end: 'reverted', detail: 'surely' })
      },
    }),
  })),
  mutant('done is said before it was read back', [11], ['I20', 'I7'], () => {
    const target = new Map<string, string>()
    return devices(() => (device) => ({
      stage: async (request) => {
        const staged = await device.stage(request)
        target.set(device.name, staged.candidate)
        return staged
      },
      save: async () => {
        device.save().catch(() => undefined)
        return { running: target.get(device.name) ?? '', startupDiff: '' }
      },
    }))
  }),
  mutant('nothing is saved', [11, 15], ['I7', 'I20'], () =>
    devices(() => (device) => ({
      save: async () => ({ running: (await device.readConfig()).running, startupDiff: '' }),
    })),
  ),
  mutant('the armed session of 4.32 is read as committed', [5, 6], ['I10', 'I8', 'I7', 'I13', 'I20'], () =>
    devices(() => (device) => ({
      look: async (commands) => {
        const look = await device.look(commands)
        const { armed, ...table } = look.sessions
        if (armed === undefined || !look.identity.eos.startsWith('4.32')) return look
        return { ...look, sessions: { ...table, sessions: { ...table.sessions, [armed.session]: 'completed' } } }
      },
    })),
  ),
  mutant(
    'the lease is not checked',
    [18],
    ['I15', 'I14', 'I3'],
    () => ({
      journal: (journal) => ({
        append: (execution, events) => journal.append(execution, events),
        read: (execution) => journal.read(execution),
      }),
    }),
    { besides: 'second controller' },
  ),
  mutant('the confirm goes over the old connection', [13], ['I11'], () => ({
    ports: (ports) => {
      const unrenewed = (fleet: ChangePorts['fleet']): ChangePorts['fleet'] => ({
        ...fleet,
        renew: (name) => fleet.device(name),
        logInAnew: async (name) => ({
          device: await fleet.device(name),
          adopt: async () => undefined,
          giveUp: async () => undefined,
        }),
        as: (role) => unrenewed(fleet.as(role)),
      })
      return { ...ports, fleet: unrenewed(ports.fleet) }
    },
  })),
  mutant(
    'sessions of others are aborted',
    [19],
    ['I8'],
    () =>
      tasks(async ({ state, devices: [name = ''] }, act, ask) => {
        if (state.task === 'push') {
          const found = await ask(name)
          const foreign = Object.keys(found).find(
            (session) => session.startsWith('napalm_') && found[session] === 'pending',
          )
          if (foreign !== undefined) await act('abort', name, foreign, (device) => device.abort(foreign))
        }
        return undefined
      }),
    { besides: 'foreign session' },
  ),
  mutant('the approval is not judged again', [27, 28], ['I5', 'I17'], judgedOnce, { besides: 'clock forward' }),
  mutant('every plan counts as approved', [27], ['I5', 'I17'], () => ({
    ports: (ports) => ({
      ...ports,
      approvals: {
        ...ports.approvals,
        judge: async () => ({ status: 'approved', approvals: [], uses: [{ nonce: 'none', use: 1 }] }),
      },
    }),
  })),
  mutant('the intent is written behind the act', [4], ['I13'], () => {
    const held: EventBody[] = []
    return writing(async (ledger, events) => {
      const intents = events.filter(({ type }) => type === 'ActIntended')
      if (intents.length > 0) {
        held.push(...events)
        return
      }
      const before = held.splice(0)
      await ledger.append(...before, ...events)
    })
  }),
  mutant(
    'the identity is not compared',
    [32],
    ['I4', 'I8', 'I21'],
    () => {
      const first = new Map<string, Awaited<ReturnType<Device['look']>>['identity']>()
      return devices(() => (device) => ({
        look: async (commands) => {
          const look = await device.look(commands)
          const identity = first.get(device.name) ?? look.identity
          first.set(device.name, identity)
          return { ...look, identity }
        },
      }))
    },
    { besides: 'impostor' },
  ),
  mutant(
    'a resume starts the timer again',
    [6],
    ['I3', 'I5'],
    () =>
      tasks(async ({ state, devices: [name = ''], recover }, act, ask) => {
        if (state.task !== 'push' || !recover) return undefined
        const found = await ask(name)
        const armed = Object.keys(found).find((session) => session.startsWith('eosflow-') && found[session] === 'armed')
        if (armed !== undefined) await act('arm', name, armed, (device) => device.arm(armed, 300))
        return undefined
      }),
    { besides: 'kill' },
  ),
  mutant('own leftovers are left', [1, 2, 3], ['I20', 'I21', 'I8'], () =>
    devices(() => () => ({ abort: async () => '' })),
  ),
  mutant('the session of a plan is left', [2], ['I21', 'I8', 'I22'], () =>
    devices(() => (device) => ({ stage: (request) => device.stage({ checkpoint: 'eosflow-plan', ...request }) })),
  ),
  mutant(
    'a switch that does not answer is given up at once',
    [12, 13],
    ['I10', 'I8'],
    () => ({
      tasks: (port, ledger, { fleet }) => ({
        ...port,
        rollBack: async (name, signal) => {
          try {
            await (await fleet.device(name)).look([])
          } catch {
            await ledger.append({ type: 'UndoFinished', device: name, end: 'unknown', detail: 'no answer' })
            return
          }
          await port.rollBack(name, signal)
        },
      }),
    }),
    { besides: 'outage' },
  ),
  mutant(
    'what cannot be written is forgotten',
    [23],
    ['I13', 'I14', 'I1'],
    () => ({
      journal: (journal) => {
        let seq = 0
        return {
          append: async (execution, events, after) => {
            const known = typeof after === 'number' ? after : 0
            try {
              const written = await journal.append(execution, events, seq > known ? undefined : after)
              return written
            } catch (error) {
              if (!(error instanceof EosflowError) || error.message !== 'the disk is full') throw error
              seq = known + events.length
              return events.map((event, index) => ({
                v: 1 as const,
                seq: known + index + 1,
                at: new Date(0).toISOString(),
                actor: 'operator',
                ...(execution === undefined ? {} : { execution }),
                ...event,
              }))
            }
          },
          read: (execution) => journal.read(execution),
        }
      },
    }),
    { besides: 'full disk' },
  ),
  mutant('a secret is on record', [], ['I12'], () =>
    writing((ledger, events) =>
      ledger.append(
        ...events.map((event) =>
          event.type === 'DeviceSettled' ? { ...event, detail: `${event.detail}: ${CANARY}` } : event,
        ),
      ),
    ),
  ),
  {
    name: 'a plan goes on to the change',
    rows: [],
    caughtBy: ['I19', 'I22', 'I5'],
    make: () => ({
      journal: (journal) => ({
        append: (...given) => journal.append(...given),
        read: async (execution) =>
          (await journal.read(execution)).map((event) =>
            event.type === 'ExecutionStarted' ? { ...event, purpose: 'run' } : event,
          ),
      }),
    }),
    fixed: { purpose: 'plan' },
  },
]
