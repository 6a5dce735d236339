import type { FaultRow, Proof } from './rows.ts'

const budget = (...title: readonly string[]): Proof => ({ file: 'test/e2e/budget.test.ts', title })
const judged = (...title: readonly string[]): Proof => ({ file: 'test/policy/carried.test.ts', title })
const carried = (...title: readonly string[]): Proof => ({ file: 'test/e2e/carried.test.ts', title })
const carriedPlans = (...title: readonly string[]): Proof => ({ file: 'test/plan/carries.test.ts', title })
const gathered = (...title: readonly string[]): Proof => ({ file: 'test/app/approval-carried.test.ts', title })
const contract = (...title: readonly string[]): Proof => ({ file: 'test/journal/map-store.test.ts', title })
const patient = (...title: readonly string[]): Proof => ({ file: 'test/engine/patient-append.test.ts', title })
const many = (...title: readonly string[]): Proof => ({ file: 'test/simulation/many-machines.test.ts', title })
const fence = (...title: readonly string[]): Proof => ({ file: 'test/model/fence.test.ts', title })
const lease = (...title: readonly string[]): Proof => ({ file: 'test/journal/lease.test.ts', title })
const abandoned = (...title: readonly string[]): Proof => ({ file: 'test/transport/abandon.test.ts', title })

/** What can go wrong where several machines share a store behind a network. */
export const MANY_ROWS: readonly FaultRow[] = [
  {
    row: '38',
    happens: 'the connection to a store behind a network breaks off in the middle of a write',
    ends: 'before anything else is written, the store is asked: what is there counts, what is not there is sent again byte for byte, and where another process has written this one ends',
    mutants: [
      {
        name: 'a write in doubt is thrown like any other error',
        within: 'attempt',
        from: 'if (error instanceof OutageError) return error',
        to: 'if (error instanceof OutageError && error.doubt === undefined) return error',
        seenBy: patient('is asked for before anything else is written'),
      },
      {
        name: 'what is written anew is not what was sent',
        within: 'attempt',
        from: 'journal.append(state.id, events, after, again)',
        to: 'journal.append(state.id, events, state.seq)',
        seenBy: patient('is asked for before anything else is written'),
      },
      {
        name: 'what is given up is sent again',
        within: 'patientAppend',
        from: "isLeft || isLast ? 'leave' : 'send'",
        to: "isLeft && isLast ? 'leave' : 'send'",
        seenBy: patient('and that leads on is given up after a minute'),
      },
    ],
  },
  {
    row: '39',
    happens: 'a store behind a network is away for a time',
    ends: 'the execution waits, and goes on when it is back; what leads on waits for a minute at most, and no longer than 30 s before the first own commit timer; meanwhile nothing is sent that changes a switch',
    mutants: [
      {
        name: 'what leads on waits without a bound',
        within: 'patientAppend',
        from: 'leadsOn && awaySince !== undefined && patienceLeft(state, awaySince, clock) <= 0',
        to: 'leadsOn && awaySince === -1 && patienceLeft(state, awaySince, clock) <= 0',
        seenBy: many('what leads on waits for no longer than a minute'),
      },
      {
        name: 'the commit timers are not looked at',
        within: 'patienceLeft',
        from: 'timer === undefined ? left :',
        to: 'timer !== null ? left :',
        seenBy: patient('is waited for: %s'),
      },
      {
        name: 'what waits behind another record waits without a bound',
        within: 'openLedger',
        from: 'events.some(isForward) ? writing.overdue',
        to: 'events.length === -1 ? writing.overdue',
        seenBy: patient('and has returned too late'),
      },
      {
        name: 'the way back is given up too',
        within: 'patientAppend',
        from: 'leadsOn && awaySince !== undefined && patienceLeft',
        to: 'awaySince !== undefined && patienceLeft',
        seenBy: patient('is waited for without an end'),
      },
    ],
  },
  {
    row: '40',
    happens:
      'a process on another machine is killed, frozen or cut off from the store, and is taken over while it may still live',
    ends: 'its token is refused, its fence is too old before anybody can have taken over, what it has sent last is thrown away with its connection, and others are kept from its switches for three minutes',
    mutants: [
      {
        name: 'a fence may be as old as three seconds, however soon an owner is taken over',
        within: 'longestAge',
        from: 'Math.min(LONGEST, 0.3 * ttl)',
        to: 'Math.max(LONGEST, 0.3 * ttl)',
        seenBy: fence('how old a fence may be'),
      },
      {
        name: 'others are kept from its switches for ten seconds',
        within: 'QUARANTINE_WITH_WORKERS',
        from: 'export const QUARANTINE_WITH_WORKERS = 180',
        to: 'export const QUARANTINE_WITH_WORKERS = 10',
        seenBy: lease('lasts three minutes'),
      },
      {
        name: 'a connection that is closed under a request delivers it',
        within: 'SwitchAgent',
        from: 'if (socket !== undefined) abandon(socket)',
        to: 'if (socket === null) abandon(socket)',
        seenBy: abandoned('is never delivered'),
      },
    ],
  },
  {
    row: '41',
    happens:
      'two executions change switches of which a budget lets one be under change at once, and one of them may be killed',
    ends: 'one has its share before anything is staged, the other waits and says for whom; a share lasts as long as the lease of its switch, and an act whose share somebody else has by then is refused',
    mutants: [
      {
        name: 'a budget that is full is not waited for',
        within: 'lackedBy',
        from: 'Math.max(0, held.size + unshared.length + devices.length - max)',
        to: 'Math.max(0, held.size - held.size)',
        seenBy: budget('of two changes one waits'),
      },
      {
        name: 'a share ends before the switch that it is for',
        within: 'leasedActs',
        from: 'return [act, ...(event.shares ?? []).map((share) => ({ device: share, seconds: act.seconds }))]',
        to: 'return [act]',
        seenBy: contract('maps'),
      },
      {
        name: 'what is beside the shares that are taken is not compared',
        within: 'stillHeld',
        from: 'if (present?.execution === holder && isLiveAt(present, at)) return { ...present }',
        to: 'if (present !== undefined) return { ...present }',
        seenBy: contract('maps'),
      },
      {
        name: 'what was put back counts as under change',
        within: 'foldShares',
        from: "event.end !== 'unknown' && event.end !== 'changed'",
        to: "event.end === 'changed'",
        seenBy: budget('what is put back while others go on gives its share back'),
      },
    ],
  },
  {
    row: '42',
    happens: 'somebody changes a switch after its plan was approved, and the same change is wanted on what it runs now',
    ends: '`run --rebase` plans again; the approvals carry only if every line that differs is of a kind that a rule lists, and in no block that the change is in, else exit 5; it is judged again before each commit, from both plans, and the first plan has no approval any more',
    mutants: [
      {
        name: 'a line of any kind may differ',
        within: 'judgedBase',
        from: 'return QUIET_KINDS.includes(one.kind) ?',
        to: 'return one.kind ?',
        seenBy: carriedPlans('an approval does not carry'),
      },
      {
        name: 'a rule that lets none carry is not asked',
        within: 'missingCarry',
        from: "if (carry === undefined) return 'it was given for the plan",
        to: "if (carry?.kinds.length === 0) return 'it was given for the plan",
        seenBy: judged('an approval that has carried'),
      },
      {
        name: 'whether the one plan carries to the other is believed from the record',
        within: 'otherPlanFlaw',
        from: 'if (plan === own.digest || carry?.because === undefined) return undefined',
        to: 'if (plan === own.digest || carry !== undefined) return undefined',
        seenBy: judged('an approval that has carried'),
      },
      {
        name: 'it stays good for the first plan, too',
        within: 'spentOn',
        from: 'carriedAway !== undefined && given.record < carriedAway.seq && !isOwn',
        to: 'carriedAway !== undefined && given.record > carriedAway.seq && !isOwn',
        seenBy: judged('an approval that has carried'),
      },
      {
        name: 'a rejection of the first plan is not looked at',
        within: 'decisionsAbout',
        from: 'if (of === plan.digest || of === carry?.plan) return true',
        to: "if (of === plan.digest || (of === carry?.plan && decision === 'approve')) return true",
        seenBy: judged('an approval that has carried'),
      },
      {
        name: 'who made the first plan may approve the second',
        within: 'readingOf',
        from: 'requesters: [...plan.content.requesters, ...(approved?.content.requesters ?? [])]',
        to: 'requesters: plan.content.requesters',
        seenBy: gathered('asks who used the approvals'),
      },
      {
        name: 'it carries a fourth time',
        within: 'MOST_CARRIES',
        from: 'export const MOST_CARRIES = 3',
        to: 'export const MOST_CARRIES = 4',
        seenBy: carried('carries three times at most'),
      },
    ],
  },
]
