import type { JournalEvent } from '../../src/journal/event.ts'
import { transitionsOf } from '../../src/journal/transitions.ts'
import type { State, StateMachine } from '../../src/workflow/machine.ts'
import type { Deed } from './random-machine-outside.ts'
import { isLast, isSettling, statesOf } from './random-machine-settled.ts'

/** A write that is undone by a task, as the journal tells of it. */
interface Begun {
  readonly path: string
  readonly state: string
  /** The position at which the state was entered. */
  readonly visit: number
  undo?: 'done' | 'failed'
}

type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>

/**
 * What a journal tells against the compensation, worked out again from the events alone: a write whose failure is handled
 * (a catcher, a tolerated item) or whose execution ends badly is taken back once, after everything that was begun
 * after it in its scopes; no other write is. What an iteration that settles has written stays. A call that was refused has written nothing; after a lost answer it may have.
 */
export function brokenUndos(
  machine: StateMachine,
  events: readonly JournalEvent[],
  deeds: readonly Deed[],
): readonly string[] {
  const account = openAccount(statesOf(machine))
  for (const event of events) account.take(event)
  const broken = account.close()
  const onRecord = events.filter(({ type }) => type === 'TaskUndoFinished').length
  const happened = deeds.filter(({ deed }) => deed === 'undone').length
  return happened > onRecord ? [...broken, `${happened} were undone, ${onRecord} are on record`] : broken
}

/** What is written and may have to be taken back, event by event. */
interface Account {
  take(event: JournalEvent): void
  /** The laws that were broken. */
  close(): readonly string[]
}

function openAccount(states: ReadonlyMap<string, State>): Account {
  const broken: string[] = []
  const entered = new Map<string, number>()
  let failed: readonly string[] = []
  let live: Begun[] = []
  let redrivenAt = 0
  let isBad = false

  const settle = (gone: readonly Begun[], why: string): void => {
    for (const write of gone) if (write.undo === undefined) broken.push(`${nameOf(write)} is not taken back: ${why}`)
    live = live.filter((write) => !gone.includes(write))
  }
  const visitOf = (path: string, state: string): number => Math.max(entered.get(`${path}/${state}`) ?? 0, redrivenAt)
  const begun = ({ path, state }: Of<'TaskStarted'>): void => {
    const visit = visitOf(path, state)
    const isKnown = live.some((write) => isOf(write, path, state) && write.visit === visit)
    if (isUndoable(states.get(state)) && !isKnown) live.push({ path, state, visit })
  }
  const failedAs = ({ path, state, error }: Of<'TaskFailed'>): void => {
    if (error.kind !== 'state-failed') return
    const visit = visitOf(path, state)
    live = live.filter((write) => write.visit !== visit || !isOf(write, path, state))
  }
  /** What an iteration has written stays when it is done, if its Map says so. */
  const keep = (path: string): void => {
    const [, around = '', map = ''] = /^(?:(.*)\.)?([^.[]+)\[\d+\]$/.exec(path) ?? []
    if (!isSettling(states.get(map))) return
    const since = entered.get(`${around}/${map}`) ?? 0
    live = live.filter((write) => !isWithin(write.path, path) || write.visit <= since)
  }
  const left = (event: Of<'StateExited'>): void => {
    const since = entered.get(`${event.path}/${event.state}`) ?? 0
    const below = live.filter(({ path, visit }) => isBelow(path, event.path, event.state) && visit > since)
    const lost = failed.filter((path) => isBelow(path, event.path, event.state))
    failed = failed.filter((path) => !lost.includes(path))
    if (event.caught !== undefined) {
      const visit = visitOf(event.path, event.state)
      const own = live.filter((write) => isOf(write, event.path, event.state) && write.visit === visit)
      settle([...own, ...below], `${event.state} was caught`)
      return
    }
    const gone = below.filter((write) => lost.some((path) => isWithin(write.path, path)))
    settle(gone, `its item failed, which ${event.state} tolerates`)
    if (isLast(states.get(event.state), event.next)) keep(event.path)
  }
  const undone = ({ path, state, write: visit, error }: Of<'TaskUndoFinished'>): void => {
    const write = live.find((one) => isOf(one, path, state) && one.visit === visit)
    if (write === undefined) {
      broken.push(`${path}/${state} is taken back and need not be`)
      return
    }
    if (write.undo !== undefined) broken.push(`${nameOf(write)} is taken back twice`)
    const later = live.find((one) => one.visit > visit && one.undo === undefined && isRelated(one.path, path))
    if (later !== undefined) broken.push(`${nameOf(write)} is taken back before ${nameOf(later)}`)
    write.undo = error === undefined ? 'done' : 'failed'
  }
  const ended = (event: JournalEvent): void => {
    if (event.type === 'CompensationStarted') isBad = true
    if (event.type === 'ExecutionEnded' && isBad) settle(live, 'the execution ended badly')
    if (event.type !== 'ExecutionRedriven') return
    isBad = false
    failed = []
    redrivenAt = event.seq
  }
  const take = (event: JournalEvent): void => {
    if (event.type === 'StateEntered') entered.set(`${event.path}/${event.state}`, event.seq)
    if (event.type === 'TaskStarted') begun(event)
    if (event.type === 'TaskFailed') failedAs(event)
    if (event.type === 'StateFailed') failed = [...failed, event.path]
    if (event.type === 'TaskUndoFinished') undone(event)
    if (event.type === 'StateExited') left(event)
    ended(event)
  }
  return {
    take: (record) => {
      for (const event of transitionsOf(record)) take(event)
    },
    close: () => {
      for (const write of live) if (write.undo !== undefined) broken.push(`${nameOf(write)} was good and is taken back`)
      return broken
    },
  }
}

function isOf(write: Begun, path: string, state: string): boolean {
  return write.path === path && write.state === state
}

function isUndoable(state: State | undefined): boolean {
  return state?.kind === 'Task' && state.effect !== 'read' && state.undo.by === 'task'
}

function nameOf({ path, state, visit }: Begun): string {
  return `${path}/${state} of ${visit}`
}

function isBelow(path: string, holder: string, state: string): boolean {
  return path.startsWith(`${holder === '' ? '' : `${holder}.`}${state}[`)
}

function isWithin(path: string, scope: string): boolean {
  return scope === '' || path === scope || path.startsWith(`${scope}.`)
}

/** Whether one of two scopes holds the other. */
function isRelated(a: string, b: string): boolean {
  return isWithin(a, b) || isWithin(b, a)
}
