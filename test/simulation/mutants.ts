import { CANARY } from '../../simulate/device-texts.ts'
import type { Device } from '../../src/device/device.ts'
import type { SessionTable } from '../../src/device/session-table.ts'
import type { ChangePorts } from '../../src/engine/ports.ts'
import type { EventBody } from '../../src/journal/event.ts'
import { EosflowError } from '../../src/model/error.ts'
import { devices, judgedOnce, type Mutant, sessionOf, tasks, unlessLost, writing } from './altering.ts'
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
  {
    name: 'plain commit without a timer',
    rows: [6, 7, 13],
    caughtBy: ['I1'],
    make: () =>
      devices(() => (device) => ({
        arm: async (session) => {
          const { running } = await device.readConfig()
          await device.confirm(session)
          return running
        },
      })),
  },
  {
    name: 'save before the confirm',
    rows: [14],
    caughtBy: ['I2'],
    make: () =>
      tasks(async ({ state, devices: [name = ''] }, act) => {
        if (state.task === 'verify') await act('save', name, 'early', (device) => device.save())
        return undefined
      }),
  },
  {
    name: 'confirm before the verification',
    rows: [8, 9],
    caughtBy: ['I1'],
    make: () => ({
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
    }),
  },
  {
    name: 'no comparison with the base and the approved diff',
    rows: [20],
    caughtBy: ['I4'],
    fixed: { besides: 'hand edit beside' },
    make: () => {
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
  },
  {
    name: 'what was not answered is sent again',
    rows: [5, 10],
    caughtBy: ['I18'],
    make: () =>
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
  },
  {
    name: 'a time-out counts as success',
    rows: [5, 16],
    caughtBy: ['I20', 'I18', 'I7', 'I8'],
    make: () =>
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
  },
  {
    name: 'nothing is put back when something fails',
    rows: [8],
    caughtBy: ['I8'],
    make: () => ({
      tasks: (port, ledger) => ({
        ...port,
        rollBack: (device) => ledger.append({ type: 'UndoFinished', device, end: 'reverted', detail: 'surely' }),
      }),
    }),
  },
  {
    name: 'put back is reported before it was read',
    rows: [12],
    caughtBy: ['I8'],
    make: () => ({
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
    }),
  },
  {
    name: 'done is said before it was read back',
    rows: [11],
    caughtBy: ['I20', 'I7'],
    make: () => {
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
    },
  },
  {
    name: 'nothing is saved',
    rows: [11, 15],
    caughtBy: ['I7', 'I20'],
    make: () =>
      devices(() => (device) => ({
        save: async () => ({ running: (await device.readConfig()).running, startupDiff: '' }),
      })),
  },
  {
    name: 'the armed session of 4.32 is read as committed',
    rows: [5, 6],
    caughtBy: ['I10', 'I8', 'I7', 'I13', 'I20'],
    make: () =>
      devices(() => (device) => ({
        look: async (commands) => {
          const look = await device.look(commands)
          const { armed, ...table } = look.sessions
          if (armed === undefined || !look.identity.eos.startsWith('4.32')) return look
          return { ...look, sessions: { ...table, sessions: { ...table.sessions, [armed.session]: 'completed' } } }
        },
      })),
  },
  {
    name: 'the lease is not checked',
    rows: [18],
    caughtBy: ['I15', 'I14', 'I3'],
    fixed: { besides: 'second controller' },
    make: () => ({
      journal: (journal) => ({
        append: (execution, events) => journal.append(execution, events),
        read: (execution) => journal.read(execution),
      }),
    }),
  },
  {
    name: 'the confirm goes over the old connection',
    rows: [13],
    caughtBy: ['I11'],
    make: () => ({
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
    }),
  },
  {
    name: 'sessions of others are aborted',
    rows: [19],
    caughtBy: ['I8'],
    fixed: { besides: 'foreign session' },
    make: () =>
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
  },
  {
    name: 'the approval is not judged again',
    rows: [27, 28],
    caughtBy: ['I5', 'I17'],
    fixed: { besides: 'clock forward' },
    make: judgedOnce,
  },
  {
    name: 'every plan counts as approved',
    rows: [27],
    caughtBy: ['I5', 'I17'],
    make: () => ({
      ports: (ports) => ({
        ...ports,
        approvals: {
          ...ports.approvals,
          judge: async () => ({ status: 'approved', approvals: [], uses: [{ nonce: 'none', use: 1 }] }),
        },
      }),
    }),
  },
  {
    name: 'the intent is written behind the act',
    rows: [4],
    caughtBy: ['I13'],
    make: () => {
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
    },
  },
  {
    name: 'the identity is not compared',
    rows: [32],
    caughtBy: ['I4', 'I8', 'I21'],
    fixed: { besides: 'impostor' },
    make: () => {
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
  },
  {
    name: 'a resume starts the timer again',
    rows: [6],
    caughtBy: ['I3', 'I5'],
    fixed: { besides: 'kill' },
    make: () =>
      tasks(async ({ state, devices: [name = ''], recover }, act, ask) => {
        if (state.task !== 'push' || !recover) return undefined
        const found = await ask(name)
        const armed = Object.keys(found).find((session) => session.startsWith('eosflow-') && found[session] === 'armed')
        if (armed !== undefined) await act('arm', name, armed, (device) => device.arm(armed, 300))
        return undefined
      }),
  },
  {
    name: 'own leftovers are left',
    rows: [1, 2, 3],
    caughtBy: ['I20', 'I21', 'I8'],
    make: () => devices(() => () => ({ abort: async () => '' })),
  },
  {
    name: 'the session of a plan is left',
    rows: [2],
    caughtBy: ['I21', 'I8', 'I22'],
    make: () =>
      devices(() => (device) => ({ stage: (request) => device.stage({ checkpoint: 'eosflow-plan', ...request }) })),
  },
  {
    name: 'a switch that does not answer is given up at once',
    rows: [12, 13],
    caughtBy: ['I10', 'I8'],
    fixed: { besides: 'outage' },
    make: () => ({
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
  },
  {
    name: 'what cannot be written is forgotten',
    rows: [23],
    caughtBy: ['I13', 'I14', 'I1'],
    fixed: { besides: 'full disk' },
    make: () => ({
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
  },
  {
    name: 'a secret is on record',
    rows: [],
    caughtBy: ['I12'],
    make: () =>
      writing((ledger, events) =>
        ledger.append(
          ...events.map((event) =>
            event.type === 'DeviceSettled' ? { ...event, detail: `${event.detail}: ${CANARY}` } : event,
          ),
        ),
      ),
  },
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
