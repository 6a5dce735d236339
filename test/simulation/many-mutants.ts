import type { Alterations } from '../../simulate/controller.ts'
import type { Flaws } from '../../simulate/many/flaws.ts'
import { CALM_MACHINES, type Machines } from '../../simulate/many/machines.ts'
import { CALM, type Planned, type Wanted } from '../../simulate/scenario.ts'
import type { ExecutionState } from '../../src/change/engine/state.ts'
import type { EventBody, JournalEvent } from '../../src/change/record/event/event.ts'
import { OutageError } from '../../src/change/record/store/journal.ts'
import type { DeviceHistory, OwnerSession } from '../../src/eos/device/history.ts'
import { EosflowError } from '../../src/model/error.ts'
import type { AskFence, Fence } from '../../src/model/fence.ts'
import { devices, judgedOnce, type Mutant, mutant, tasks } from './altering.ts'

/** The draw of a freeze that lasts 27 s: longer than an owner may be silent. */
export const HALF_A_MINUTE = 0.6
/** The draw of one that lasts 62 s. */
export const A_MINUTE = 0.8
/** A freeze that lasts 80 s. */
export const EIGHTY_SECONDS = 0.87
/** The draw of somebody else who begins 3 s later. */
export const THREE_SECONDS = 0.99
/** The draw of a store that is away for two minutes. */
export const TWO_MINUTES = 0.9

/** What befalls a history behind the first moment of a kind. */
export const behind = (moment: string, what: Planned['what'], draw: number): Planned => ({
  moment: 0,
  behind: moment,
  what,
  which: 0,
  draw,
})

/** A history of one switch on many machines, in which only what is named befalls them. */
export function manyCalm(disturbances: readonly Planned[], machines: Partial<Machines> = {}): Wanted {
  return {
    many: true,
    switches: [{ name: 'sw1', eos: '4.31.4M' }],
    waves: [1],
    weather: CALM,
    approving: 'at once',
    expires: 3600,
    atomic: 'change',
    maxFailures: 0,
    cuts: false,
    faultsStop: 1500,
    redrives: false,
    rollsBack: false,
    ownerSession: false,
    machines: { ...CALM_MACHINES, ...machines },
    disturbances,
  }
}

/** A history of one switch in which each process keeps an owner session there. */
const owning = (disturbances: readonly Planned[], more: Wanted = {}): Wanted => ({
  ...manyCalm(disturbances),
  ownerSession: true,
  ...more,
})

/** Requests show no owner session, though the record says so. */
const unheld = (): Alterations => devices(() => (device) => ({ heldBy: () => device }))

/** Takes owner sessions out of what a process knows of a switch. */
const forgetting = (
  isKept: (owner: OwnerSession, known: DeviceHistory, state: ExecutionState) => boolean,
): (() => Alterations) => {
  return () => ({
    ledger: (ledger) => ({
      get state() {
        const { state } = ledger
        const devices = state.devices.map(({ owners = [], ...known }) => {
          const kept = owners.filter((owner) => isKept(owner, known, state))
          return kept.length === 0 ? known : { ...known, owners: kept }
        })
        return { ...state, devices }
      },
      append: (...events) => ledger.append(...events),
      appendProvided: (...given) => ledger.appendProvided(...given),
      written: () => ledger.written(),
      get onlyBack() {
        return ledger.onlyBack
      },
    }),
  })
}

/** Mutants of the owner sessions that processes keep on switches. */
export const OWNER_SESSION_MUTANTS: readonly Mutant[] = [
  mutant(
    'owner sessions: a request does not show it',
    [18],
    ['I34'],
    unheld,
    owning([behind('sent save', 'kill', 0)], { late: 'save' }),
  ),
  mutant(
    'owner sessions: that of who was taken over is not ended',
    [18],
    ['I34'],
    forgetting(({ record }, _, { resumed }) => record >= resumed),
    owning([behind('sent save', 'kill', 0)], { late: 'save' }),
  ),
  mutant(
    'owner sessions: a save that its own process has given up does not show it',
    [18],
    ['I42'],
    unheld,
    owning([behind('before ExecutionEnded', 'rival execution', THREE_SECONDS)], {
      late: 'save',
      rivalStore: 'same',
    }),
  ),
  mutant(
    'owner sessions: it is not ended with the change',
    [18],
    ['I41'],
    forgetting((_, { phase }) => phase !== 'saved'),
    owning([]),
  ),
]

const ALWAYS = { isFresh: true, isOver: false, requireFresh: () => undefined } as const

/** Freezes of 11 to 13 s: who is taken for dead says that it lives in the moment in which it is declared dead. */
const NEARLY_DEAD = [
  ['heard stage', 0.437],
  ['sent arm', 0.444],
  ['after ActFinished arm', 0.451],
  ['after VerdictGiven', 0.458],
  ['sent confirm', 0.464],
] as const

const often = (appends: Partial<Machines['appends']>): Partial<Machines> => ({
  appends: { ...CALM_MACHINES.appends, ...appends },
})
const activated = (activations: Partial<Machines['activations']>): Partial<Machines> => ({
  activations: { ...CALM_MACHINES.activations, ...activations },
})

const flawed = (flaws: Flaws): (() => Alterations) => {
  return () => ({ flaws })
}

/** Replaces the fences of every connection. Who was declared dead goes on, so that nothing but the fence is in its way. */
const fences = (change: (ask: AskFence) => AskFence): Alterations => ({
  flaws: { goesOn: true },
  transport: (transport) => ({
    connect: (target, credential, fence) => transport.connect(target, credential, change(fence)),
  }),
})

const notAwaited = (): Alterations =>
  fences((ask) => async () => {
    ask().catch(() => undefined)
    return ALWAYS
  })

const notJudged = (): Alterations =>
  fences((ask) => async () => {
    await ask()
    return ALWAYS
  })

/** Asks for a fence until one is fresh, however long that takes. */
const askedForEver = (): Alterations => {
  const answerTo = async (ask: AskFence): Promise<Fence> => {
    const answer = await ask().catch((error: unknown) => {
      if (error instanceof OutageError) return undefined
      throw error
    })
    return answer?.isFresh === true ? answer : answerTo(ask)
  }
  return fences((ask) => () => answerTo(ask))
}

/** Replaces what becomes of a write in doubt. */
const doubts = (
  instead: (events: readonly EventBody[], place: { execution: string; after: number }) => readonly JournalEvent[],
): Alterations => ({
  journal: (journal) => ({
    append: async (execution, events, after, again) => {
      try {
        return await journal.append(execution, events, after, again)
      } catch (error) {
        if (!(error instanceof OutageError) || typeof after !== 'number' || execution === undefined) throw error
        return instead(events, { execution, after })
      }
    },
    read: (execution) => journal.read(execution),
  }),
})

/** Mutants of what keeps two machines apart, and of what is done about a store that does not answer. */
export const MANY_MUTANTS: readonly Mutant[] = [
  mutant(
    'many machines: the fence is not awaited',
    [18],
    ['I13', 'I15', 'I32'],
    notAwaited,
    manyCalm([behind('after ActIntended arm', 'frozen owner', HALF_A_MINUTE)]),
  ),
  mutant(
    'many machines: a write is sent while the store cannot be asked for its fence',
    [18],
    ['I36'],
    notJudged,
    manyCalm([behind('fenced 4', 'store away', TWO_MINUTES), behind('fenced 4', 'frozen owner', HALF_A_MINUTE)]),
  ),
  mutant(
    'many machines: the age of the fence is not judged',
    [18],
    ['I13', 'I15', 'I32'],
    notJudged,
    manyCalm([behind('fenced 4', 'frozen owner', A_MINUTE)]),
  ),
  mutant(
    'many machines: a fence may be older than the time after which an owner is taken over',
    [18],
    ['I13', 'I15', 'I32'],
    flawed({ goesOn: true, longestFence: 10 * CALM_MACHINES.ttl }),
    manyCalm([behind('fenced 4', 'frozen owner', A_MINUTE)]),
  ),
  mutant(
    'many machines: the token is not compared in the append',
    [18],
    ['I33'],
    flawed({ goesOn: true, noToken: true }),
    manyCalm([behind('sent arm', 'frozen owner', HALF_A_MINUTE)], activated({ 'activation late': 1 })),
  ),
  mutant(
    'many machines: who is declared dead is not looked at once more',
    [18],
    ['I37'],
    flawed({ provesNoDeath: true }),
    manyCalm(
      NEARLY_DEAD.map(([moment, draw]) => behind(moment, 'frozen owner', draw)),
      { latency: 600 },
    ),
  ),
  mutant(
    'many machines: an execution is taken over without comparing its owner',
    [18],
    ['I37'],
    flawed({ takesFromTheLiving: true }),
    manyCalm([], activated({ 'activation twice': 1 })),
  ),
  mutant(
    'many machines: the quarantine is not kept',
    [18],
    ['I30'],
    flawed({ quarantineSeconds: 0 }),
    manyCalm([behind('done arm', 'unclean takeover', 0.3)]),
  ),
  mutant(
    'many machines: a word to stop is lost on the takeover',
    [18],
    ['I39'],
    flawed({ forgetsStop: true }),
    manyCalm([behind('heard stage', 'stop word', 0.3)]),
  ),
  mutant(
    'many machines: what is sent again has another time',
    [38],
    ['I40'],
    flawed({ restamps: true }),
    manyCalm([], often({ 'commit late': 0.1 })),
  ),
  mutant(
    'many machines: a write in doubt is taken for done',
    [38],
    ['I13', 'I32', 'I40'],
    () =>
      doubts((events, { execution, after }) =>
        events.map((event, index): JournalEvent => {
          const envelope = {
            v: 1,
            seq: after + index + 1,
            at: '2026-01-05T08:00:00.000Z',
            actor: 'local/operator',
          } as const
          return { ...envelope, execution, ...event }
        }),
      ),
    manyCalm([], often({ 'commit lost': 0.1 })),
  ),
  mutant(
    'many machines: a write in doubt is taken for refused',
    [38],
    ['I40'],
    () =>
      doubts(() => {
        throw new EosflowError('store', 'not written')
      }),
    manyCalm([], often({ 'answer of a commit lost': 0.1 })),
  ),
  mutant(
    'many machines: what leads on waits for its fence without a bound',
    [39],
    ['I38'],
    askedForEver,
    manyCalm([behind('fenced 4', 'store away', TWO_MINUTES), behind('fenced 4', 'frozen owner', A_MINUTE)]),
  ),
  mutant('many machines: the approval is not judged again', [27, 28], ['I5'], judgedOnce, {
    ...manyCalm([behind('heard stage', 'frozen owner', EIGHTY_SECONDS)], { ttl: 200_000 }),
    expires: 60,
  }),
  mutant(
    'many machines: what is armed is aborted before it is put back',
    [18],
    ['I43'],
    () =>
      tasks(async ({ state, devices: [name = ''] }, act, ask) => {
        if (state.task !== 'verify') return undefined
        const own = Object.entries(await ask(name)).find(([, is]) => is === 'armed')?.[0]
        if (own !== undefined) await act('abort', name, own, (device) => device.abort(own))
        return undefined
      }),
    manyCalm([]),
  ),
]
