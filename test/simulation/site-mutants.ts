import type { Alterations } from '../../simulate/controller.ts'
import { atTwoSites } from '../../simulate/many/draw-machines.ts'
import { CALM_MACHINES, type Machines } from '../../simulate/many/machines.ts'
import type { Planned, Wanted } from '../../simulate/scenario.ts'
import type { EventBody, JournalEvent } from '../../src/change/record/event/event.ts'
import { noClaims } from '../../src/change/record/store/claims.ts'
import type { Journal } from '../../src/change/record/store/journal.ts'
import type { Store } from '../../src/change/record/store/store.ts'
import type { App } from '../lab/lab.ts'
import { type Mutant, mutant } from './altering.ts'
import { manyCalm } from './many-mutants.ts'

/** A history of one switch in each of two sites, in which only what is named befalls it. */
export function sitesCalm(disturbances: readonly Planned[], machines: Partial<Machines> = {}): Wanted {
  const calm = manyCalm(disturbances, machines)
  return { ...calm, ...atTwoSites({ switches: calm.switches ?? [], approving: 'later' }), cuts: false }
}

const behind = (moment: string, what: Planned['what'], draw = 0.5, which = 0): Planned => ({
  moment: 0,
  behind: moment,
  what,
  which,
  draw,
})

/** Replaces what a process works with. */
const apps = (change: (app: App, own: string) => Partial<App>): Alterations => ({
  app: (app, life) => ({ ...app, ...change(app, life.execution) }),
})

/** What a process reads of executions that are not its own is another thing than is on record. */
const reading = (change: (events: readonly JournalEvent[]) => readonly JournalEvent[]): Alterations =>
  apps(({ store }, own) => {
    const altered = {
      read: async (id: string) => (id === own ? store.read(id) : change(await store.read(id))),
      stopRequest: async (...[id, after]: Parameters<Store['stopRequest']>) =>
        id === own ? store.stopRequest(id, after) : undefined,
    }
    return { store: Object.assign(Object.create(null), store, altered) as Store }
  })

/** A record behind the last, as the reader has it: no newer than that. */
const seenBehind = (events: readonly JournalEvent[], body: EventBody): readonly JournalEvent[] => {
  const last = events.at(-1)
  return last === undefined ? events : [...events, { ...last, ...body } as JournalEvent]
}

/** Whether these are the records of a part, or of a whole. */
const isPart = ([first]: readonly JournalEvent[]): boolean =>
  first?.type === 'ExecutionStarted' && first.part !== undefined
const isWhole = ([first]: readonly JournalEvent[]): boolean =>
  first?.type === 'ExecutionStarted' && first.divided === true

/** The records of a part up to the last barrier that it has reached. */
function asItWaited(events: readonly JournalEvent[]): readonly JournalEvent[] {
  const last = events.findLastIndex(({ type }) => type === 'BarrierReached')
  return isPart(events) && last !== -1 ? events.slice(0, last + 1) : events
}

/** Replaces what a process writes. */
const writing = (append: (inner: Journal, app: App) => Journal['append']): Alterations =>
  apps((app) => ({
    journalAs: (actor) => {
      const inner = app.journalAs(actor)
      return { read: (id) => inner.read(id), append: append(inner, app) }
    },
  }))

const releases = (events: readonly EventBody[], barrier: string): boolean =>
  events.some((event) => event.type === 'BarrierDecided' && event.barrier === barrier && event.decision === 'released')

/** Who would release the confirm does so as late as a part still waits, in milliseconds behind the record that it waits. */
const lateRelease = (milliseconds: number): Alterations =>
  writing((inner, { clock }) => async (execution, events, after, again) => {
    if (releases(events, 'confirm')) await clock.sleep(milliseconds)
    return inner.append(execution, events, after, again)
  })

/** A release asks only whether its own execution is as it was. */
const unconditionedRelease = writing((inner) => (execution, events, after, again) => {
  const isRelease = events.some(({ type }) => type === 'BarrierDecided')
  const own = Array.isArray(after) ? after.filter(({ of }: { readonly of: string }) => of === execution) : after
  return inner.append(execution, events, isRelease ? own : after, again)
})

/** Who asks whether a site is driven hears half a minute later that it is. */
const allDriven = apps(({ clock }, own) => ({
  claims: {
    ...noClaims,
    isClaimed: async (id) => {
      if (id === own) return false
      await clock.sleep(30_000)
      return true
    },
  },
}))

/** From the moment in which both sites wait to confirm until half a second behind that in which they leave, in milliseconds. */
const AT_LEAVING = 275_900

/** Both. */
const with2 = (one: Alterations, other: Alterations): Alterations => ({
  app: (app, life) => other.app?.(one.app?.(app, life) ?? app, life) ?? app,
})

/** Who drives one of the sites is frozen, and another one goes on with it: the other site waits for it. */
const LATE_SOUTH = behind('after ActFinished arm', 'frozen owner', 0.6)

/** What must hold of a change over several sites, taken out: a row for each condition of a barrier. */
export const SITE_MUTANTS: readonly Mutant[] = [
  mutant(
    'two sites: a barrier is released before every site has reached it',
    [],
    ['I45', 'I44'],
    () =>
      reading((events) => {
        if (!isPart(events)) return events
        const reached = (['push', 'confirm', 'save'] as const).map(
          (barrier): EventBody => ({ type: 'BarrierReached', barrier, plan: '', until: '2099-01-01T00:00:00.000Z' }),
        )
        return events.some(({ type }) => type === 'PlanMade') ? reached.reduce(seenBehind, events) : events
      }),
    sitesCalm([LATE_SOUTH]),
  ),
  mutant(
    'two sites: a site goes past a barrier that was not released',
    [],
    ['I44'],
    () =>
      reading((events) => {
        if (!isWhole(events)) return events
        const released = (['push', 'confirm', 'save'] as const).map(
          (barrier): EventBody => ({ type: 'BarrierDecided', barrier, decision: 'released' }),
        )
        return events.some(({ type }) => type === 'ApprovalUsed') ? released.reduce(seenBehind, events) : events
      }),
    sitesCalm([]),
  ),
  mutant(
    'two sites: a barrier is released though a site was asked to stop meanwhile',
    [],
    ['I45'],
    () => unconditionedRelease,
    sitesCalm([behind('before BarrierDecided confirm', 'stop of a site')]),
  ),
  {
    name: 'two sites: it is not seen that a site is being put back',
    rows: [],
    // A site that was put back before it waited is waited for without an end.
    caughtBy: ['I45', 'I44', 'I9'],
    fixed: sitesCalm([LATE_SOUTH, behind('after BarrierReached confirm', 'stop of a site')]),
    make: () => with2(with2(reading(asItWaited), unconditionedRelease), allDriven),
  },
  mutant(
    'two sites: the confirm is released while nobody drives a site',
    [],
    ['I46'],
    () => allDriven,
    sitesCalm([behind('after BarrierReached confirm', 'kill')], {
      activations: { ...CALM_MACHINES.activations, 'activation lost': 0.8 },
    }),
  ),
  mutant(
    'two sites: a site waits for longer than its commit timers allow',
    [],
    ['I46', 'I9', 'I45'],
    () =>
      with2(
        lateRelease(284_000),
        apps(({ clock }, own) => ({ clock: { ...clock, now: () => clock.now() - (own === '' ? 0 : 20_000) } })),
      ),
    sitesCalm([]),
  ),
  mutant(
    'two sites: a site that leaves a barrier does not ask whether it was released meanwhile',
    [],
    ['I45'],
    () => {
      let release = (): void => undefined
      const released = new Promise<void>((resolve) => {
        release = resolve
      })
      return writing((inner, { clock }) => async (execution, events, after, again) => {
        // Of a release and a leaving that come at the same moment the release is the first.
        if (releases(events, 'confirm')) {
          await clock.sleep(AT_LEAVING)
          const written = await inner.append(execution, events, after, again)
          release()
          return written
        }
        if (!events.some(({ type }) => type === 'BarrierLeft')) return inner.append(execution, events, after, again)
        await released
        return inner.append(execution, events, undefined, again)
      })
    },
    sitesCalm([]),
  ),
  mutant(
    'two sites: the push is released without using the approval up',
    [],
    ['I48'],
    () =>
      writing(
        (inner) => (execution, events, after, again) =>
          inner.append(
            execution,
            releases(events, 'push') ? events.filter(({ type }) => type !== 'ApprovalUsed') : events,
            after,
            again,
          ),
      ),
    sitesCalm([]),
  ),
  mutant(
    'two sites: the whole has succeeded though a site has not',
    [],
    ['I47', 'I45'],
    () =>
      reading((events) =>
        isPart(events)
          ? events.map((event) =>
              event.type === 'ExecutionEnded' ? { ...event, outcome: 'succeeded' as const } : event,
            )
          : events,
      ),
    sitesCalm([behind('after ActFinished confirm', 'reboot', 0.9)]),
  ),
  mutant(
    'two sites: the whole ends while a site is being put back',
    [],
    ['I47'],
    () =>
      reading((events) =>
        isPart(events) && events.some(({ type }) => type === 'PlanMade')
          ? seenBehind(events, { type: 'ExecutionEnded', outcome: 'cancelled', devices: {} })
          : events,
      ),
    sitesCalm([LATE_SOUTH, behind('after BarrierReached confirm', 'stop of a site')]),
  ),
]
