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

/** One line of the protocol, taken out or put wrong. No path names it, so that a source can be moved, split or renamed. */
export interface Mutant {
  readonly name: string
  /** The function, constant or class of `src` that has the line. */
  readonly within: string
  /** Stands exactly once in what has that name, with blanks and line breaks of any length. */
  readonly from: string
  readonly to: string
  /** The tests of the row that must see it; default: all whose titles have its id. */
  readonly seenBy?: Proof
}

/** Tests of one file: the parts of their titles, in order, as they stand in the file. */
export interface Proof {
  readonly file: string
  readonly title: readonly string[]
  /** The table of the file that has the titles. */
  readonly table?: string
}

/** One fault point of the fault model. The tests that show how it ends have its id in their titles: `[F5b]` for row 5b. */
export interface FaultRow {
  readonly row: string
  readonly happens: string
  /** Where it must end. */
  readonly ends: string
  readonly mutants: readonly Mutant[]
  /** Why the row has no mutant of its own, or which part of it is not proven. */
  readonly without?: string
}

const killed = (...title: readonly string[]): Proof => ({ file: 'test/fault-model/killed.test.ts', title })
const struck = (...title: readonly string[]): Proof => ({ file: 'test/fault-model/faults.test.ts', title })
const inTable = (...title: readonly string[]): Proof => ({
  file: 'test/fault-model/faults.test.ts',
  table: 'test/fault-model/fault-table.ts',
  title,
})
const startupHeld = (...title: readonly string[]): Proof => ({ file: 'test/e2e/startup-held.test.ts', title })
const unreadableStartup = (...title: readonly string[]): Proof => ({
  file: 'test/e2e/unreadable-startup.test.ts',
  title,
})
const approval = (...title: readonly string[]): Proof => ({ file: 'test/e2e/approval.test.ts', title })
const recover = (...title: readonly string[]): Proof => ({ file: 'test/cli/recover.test.ts', title })
const onceByKey = (...title: readonly string[]): Proof => ({ file: 'test/e2e/run-key.test.ts', title })
const locked = (...title: readonly string[]): Proof => ({ file: 'test/e2e/commit-lock.test.ts', title })
const own = (...title: readonly string[]): Proof => ({ file: 'test/e2e/own-checkpoints.test.ts', title })
const login = (...title: readonly string[]): Proof => ({ file: 'test/e2e/new-login.test.ts', title })
const slowSave = (...title: readonly string[]): Proof => ({ file: 'test/e2e/slow-save.test.ts', title })
const fenceOfRows = (over: 'eapi' | 'ssh', ...title: readonly string[]): Proof => ({
  file: `test/transport/${over}/device-contract.test.ts`,
  title,
})
const leaseOfRows = (...title: readonly string[]): Proof => ({ file: 'test/journal/sqlite/lease-table.test.ts', title })

const interrupts = (...title: readonly string[]): Proof => ({ file: 'test/cli/terminal-words.test.ts', title })
const interrupted = (...title: readonly string[]): Proof => ({ file: 'test/e2e/interrupted.test.ts', title })

/** The 41 fault points of the fault model, in its order. */
export const ROWS: readonly FaultRow[] = [
  {
    row: '1',
    happens: 'eosflow is killed before it opens the session',
    ends: 'resume: eosflow aborts its own session by name, if there is one, and checks base and approval again; the approval is not used up',
    mutants: [
      {
        name: 'the approval is used up by the staging',
        within: 'actLog',
        from: "if (act === 'arm') return withUses(intent)",
        to: "if (act === 'stage') return withUses(intent)",
        seenBy: killed('the approval is not used up, and lapses with the execution that a person stops'),
      },
    ],
  },
  {
    row: '2',
    happens: 'killed while the session is open, before or between the lines',
    ends: 'resume: the session is aborted, and all lines go into a new one',
    mutants: [
      {
        name: 'own leftovers are not looked for',
        within: 'ownSessions',
        from: 'name.startsWith(prefix) && !isOwnerSession(name) && isOpen(state)',
        to: 'name === prefix && !isOwnerSession(name) && isOpen(state)',
      },
    ],
  },
  {
    row: '3',
    happens: 'killed after the diff was compared',
    ends: 'resume: base and diff are compared again; exit 5 when the base has changed; no session is left',
    mutants: [
      {
        name: 'the staged session is not compared with the base',
        within: 'staleness',
        from: 'if (base.planned !== base.found)',
        to: 'if (base.planned === null)',
      },
    ],
  },
  {
    row: '4',
    happens: 'killed after the intent of the commit is on record and before the request is sent',
    ends: 'resume: the switch shows that nothing was committed; the session is aborted, BEFORE; the approval counts as used',
    mutants: [
      {
        name: 'what may have been sent is sent again',
        within: 'push',
        from: 'if (!wasCommitted(context.history(name))) {',
        to: "if (context.history(name).reached !== 'confirm') {",
      },
    ],
  },
  {
    row: '5',
    happens: 'the timed commit is sent, and its answer is lost',
    ends: 'the next request is a read, and the switch is put back, because only the lost answer showed what the commit has replaced; the commit is never sent again before the switch was asked',
    mutants: [
      {
        name: 'a timed commit that was not answered is sent again',
        within: 'push',
        from: "if (armed.outcome === 'unknown') await requireArmed(context, name)",
        to: "if (armed.outcome === 'unknown') await (await context.fleet.device(name)).arm(session, timerSeconds)",
        seenBy: inTable('the answer to the timed commit is lost'),
      },
    ],
  },
  {
    row: '5b',
    happens:
      'somebody types a line right before a timed commit, and the answer of the commit is lost, or eosflow is killed before it records the answer',
    ends: 'put back, exit 6: the abort brings the line of the other person back, and the report names it',
    mutants: [
      {
        name: 'a change under our timer is ours to confirm',
        within: 'requireArmed',
        from: 'if (replaced === undefined) {',
        to: 'if (replaced === undefined) return\n  if (replaced === null) {',
        seenBy: inTable('somebody types a line right before the timed commit'),
      },
      {
        name: 'what the commit has replaced is not compared at the resume',
        within: 'requireArmed',
        from: 'requireBase(await context.texts.get(replaced))',
        to: 'await context.texts.get(replaced)',
        seenBy: killed('row 5b: somebody types a line', 'and the controller is killed'),
      },
    ],
  },
  {
    row: '6',
    happens: 'killed while the change runs under its commit timer',
    ends: 'resume in time: if the answer of the commit is on record and its base was the planned one, the change is verified and confirmed, else put back; resume too late: the switch has put itself back, read back, exit 6',
    mutants: [
      {
        name: 'the armed session of EOS 4.32 is read as committed',
        within: 'readSessionTable',
        from: "if (typeof owner === 'string' && owner !== '') {",
        to: 'if (owner === null) {',
      },
    ],
  },
  {
    row: '7',
    happens: 'killed during the verification',
    ends: 'as row 6: verified again under the same timer, or found put back',
    mutants: [
      {
        name: 'the verification does not ask for the timer',
        within: 'verify',
        from: 'withRound(course, round, look && timerEnd(context, name, look))',
        to: 'withRound(course, round)',
      },
    ],
  },
  {
    row: '8',
    happens: 'the verification fails or takes too long',
    ends: 'aborted at once, read back, exit 6; if running-config is not the base and still has lines of the change: unknown, exit 7',
    mutants: [
      {
        name: 'what is not verified is left to its timer',
        within: 'putBack',
        from: 'await abortOwn(context, name, now.own, found?.foreign)',
        to: '',
        seenBy: killed('row 8: what is not verified', 'is aborted at once, and read back'),
      },
      {
        name: "whatever differs is called somebody else's",
        within: 'onlyForeignLines',
        from: 'return found.some(isAmong(changesOf(base, target))) ? undefined : shownLines(found)',
        to: 'return found.some(isAmong(changesOf(target, base))) ? undefined : shownLines(found)',
        seenBy: killed('row 8: what is not verified', 'and leaves something else behind'),
      },
    ],
  },
  {
    row: '9',
    happens: 'killed after the verification, before the confirm',
    ends: 'resume: confirmed if enough time is left on the timer, else put back and read back',
    mutants: [
      {
        name: 'a confirm is sent however little time is left',
        within: 'isSettled',
        from: 'if (left <= TIMER_MARGIN && !answered) throw notConfirmed(name, `only ${left} s are left of the commit timer`)\n    if (look === LOOKS) return left <= TIMER_MARGIN && (await isConfirmedBehind(context, name, left))\n',
        to: 'if (look === 1) return left < 0',
      },
      {
        name: 'a resume confirms on a timer that it has not looked at',
        within: 'confirm',
        from: 'if (context.isHeldOver(name)) await requireTimeLeft(context, name)',
        to: '',
      },
    ],
  },
  {
    row: '10',
    happens: 'the confirm is sent, and its answer is lost',
    ends: 'the next request is a read, and the state of the switch decides: it is saved, or confirmed again in time; a list of sessions that lags is read again, and nothing is restored after a good confirm',
    mutants: [
      {
        name: 'a confirm that was not answered counts as confirmed',
        within: 'confirm',
        from: 'if (!answered || !isConfirmed(confirmed.result, session)) await settle',
        to: 'if (answered && !isConfirmed(confirmed.result, session)) await settle',
        seenBy: inTable('the answer to the confirm is lost'),
      },
      {
        name: 'a list of sessions is read once',
        within: 'isSettled',
        from: 'look === LOOKS',
        to: 'look === 1',
        seenBy: inTable('behind a good confirm is looked at again, and the change is saved'),
      },
    ],
  },
  {
    row: '11',
    happens: 'killed after the confirm, before startup-config is saved',
    ends: 'resume: saved, read back, exit 0; nothing is confirmed twice',
    mutants: [
      {
        name: 'a resume takes what is confirmed for saved',
        within: 'save',
        from: "return { do: 'again' }",
        to: "return { do: 'done', output: {} }",
      },
    ],
  },
  {
    row: '12',
    happens: 'killed, or the connection is cut, while a switch is put back',
    ends: 'eosflow asks and aborts until it has read the base; it never reports put back without having read it',
    mutants: [
      {
        name: 'put back is reported without having read it',
        within: 'attempt',
        from: "return { answered, isRefused, end: 'unknown', detail",
        to: "return { answered, isRefused, end: 'reverted', detail",
        seenBy: killed('row 12: during the rollback', 'the switch cannot be reached'),
      },
    ],
  },
  {
    row: '13',
    happens: 'the change cuts its own management access',
    ends: 'eosflow waits until the timer and one more minute are over, then reads: put back, with the lost management access as the reason',
    mutants: [
      {
        name: 'a silent switch is given up before its timer has run out',
        within: 'patience',
        from: '(armedAt === undefined || timer === undefined ? 0 : timer * 1000) + GRACE',
        to: '(armedAt === undefined || timer === undefined ? 0 : 0) + GRACE',
        seenBy: inTable('a change that takes the way into'),
      },
      {
        name: 'the confirm goes over the connection of before the commit',
        within: 'over',
        from: 'await login.adopt()',
        to: 'await login.giveUp()',
        seenBy: login('a single switch is confirmed and saved over the connection that its last round has proven'),
      },
      {
        name: 'the last round rides on the connection of the first',
        within: 'verify',
        from: '|| mayDecide(course, terms, clock.monotonic())',
        to: '|| number === 0',
        seenBy: login('a single switch is confirmed and saved over the connection that its last round has proven'),
      },
      {
        name: 'the old connection is given up before the new login is proven',
        within: 'over',
        from: 'const login = await fleet.logInAnew(name, as)',
        to: 'await fleet.renew(name)\n  const login = await fleet.logInAnew(name, as)\n',
        seenBy: login('one that ends them with its commit'),
      },
      {
        name: 'nobody logs in anew before the first confirm',
        within: 'lookOverNewLogin',
        from: "const { look } = await patiently(context, () => lookAnew(context, name, context.checks.commands, 'proof'))",
        to: 'const look = await (await context.fleet.device(name)).look(context.checks.commands)',
        seenBy: login('before several switches are confirmed each is logged in to anew'),
      },
    ],
  },
  {
    row: '14',
    happens: 'the switch reboots while the timer runs',
    ends: 'it boots the configuration that was saved before: put back, read back; a switch that saves with every commit is refused',
    mutants: [
      {
        name: 'a switch that saves with every commit is changed',
        within: 'readOne',
        from: 'if (saveToStartupConfigOnCommit) {',
        to: 'if (saveToStartupConfigOnCommit === undefined) {',
        seenBy: struck('row 14: a switch that saves with every commit'),
      },
      {
        name: 'saved under the timer',
        within: 'push',
        from: 'else requireBase(armed.result)',
        to: 'else await (await context.fleet.device(name)).save()',
        seenBy: inTable('a reboot under the timer'),
      },
    ],
  },
  {
    row: '14b',
    happens: 'somebody saves while the change runs under the timer, and it is put back',
    ends: 'startup-config is read, and running-config is saved again; if that would also save lines that somebody has left unsaved: unknown, exit 7, with the lines and the command',
    mutants: [
      {
        name: 'what startup-config holds is not looked for',
        within: 'mendStartup',
        from: 'if (found.held.length === 0) return',
        to: 'if (found.held.length >= 0) return',
        seenBy: startupHeld('and nothing else was unsaved'),
      },
      {
        name: 'what somebody has left unsaved is saved with it',
        within: 'mendStartup',
        from: 'found.unsaved === undefined || found.unsaved.length > 0',
        to: 'found.unsaved === undefined',
        seenBy: startupHeld('somebody types a line, resume'),
      },
      {
        name: 'what was unsaved before counts as saved by who saved the change',
        within: 'heldStartup',
        from: 'savedKeys.has(keyOf(one)) && !unsavedBefore.has(keyOf(one))',
        to: 'savedKeys.has(keyOf(one))',
        seenBy: startupHeld('and a line was unsaved before the plan'),
      },
    ],
  },
  {
    row: '14c',
    happens: 'the switch does not show its startup-config, or how it differs',
    ends: 'the switch can be planned, changed and put back, with a warning; after a save the startup-config must be readable',
    mutants: [
      {
        name: 'what cannot be read counts as saved',
        within: 'savedState',
        from: "if (startupDiff === undefined) return 'unknown'",
        to: "if (startupDiff === undefined) return 'saved'",
        seenBy: unreadableStartup('is planned with a warning'),
      },
    ],
  },
  {
    row: '15',
    happens: 'the switch reboots after the confirm and before the save',
    ends: 'the change is lost: read back, put back, exit 6; never reported as confirmed',
    mutants: [
      {
        name: 'what was saved is not read back',
        within: 'save',
        from: "await requireTarget(context, name, reading.running, 'after the save')",
        to: '',
        seenBy: inTable('a reboot between the confirm and the save'),
      },
    ],
  },
  {
    row: '16',
    happens: 'a slow switch: its answer comes after our time-out, or when the timer is nearly over',
    ends: 'without an answer eosflow asks the switch; a session name is used only once; if too little time is left, the switch is put back',
    mutants: [
      {
        name: 'a session name is used again',
        within: 'push',
        from: 'sessionName(context.execution, sessions + 1)',
        to: 'sessionName(context.execution, 1)',
        seenBy: struck('row 16: a slow switch', 'is never shown a session name twice'),
      },
      {
        name: 'no margin on the timer',
        within: 'TIMER_MARGIN',
        from: 'TIMER_MARGIN = 20',
        to: 'TIMER_MARGIN = 0',
        seenBy: inTable('a slow switch, whose good answers come'),
      },
      {
        name: 'what a plan has left open is forgotten',
        within: 'isTouched',
        from: "reached !== 'nothing' || planning !== undefined || owners",
        to: "reached !== 'nothing' || owners",
        seenBy: struck("a plan's session stays open at a refused line"),
      },
    ],
  },
  {
    row: '17',
    happens: 'the same change is started twice',
    ends: 'with the same key the second caller gets the first execution and its exit code; without a key, exit 9 names the execution that holds the switch, and nothing is sent',
    mutants: [
      {
        name: 'a switch that is held is free',
        within: 'requireFree',
        from: 'if (held.length > 0) {',
        to: 'if (held.length < 0) {',
        seenBy: { file: 'test/e2e/one-at-a-time.test.ts', title: ['a second change of a switch'] },
      },
      {
        name: 'a key may be used twice',
        within: 'usesIn',
        from: 'return [{ key: `key ${event.request.key}`, refusal }]',
        to: 'return [{ key: `key ${event.request.key} ${Math.random()}`, refusal }]',
        seenBy: onceByKey('begun twice in one moment'),
      },
      {
        name: 'a key is good for any change',
        within: 'begunUnder',
        from: 'found.request?.of === of &&',
        to: 'found.request?.key === key &&',
        seenBy: onceByKey('another change under the same key'),
      },
    ],
  },
  {
    row: '18',
    happens: 'two processes of eosflow use one store',
    ends: 'the lease with its token, and the fence of each write: a process that was delayed is refused before it sends anything',
    mutants: [
      {
        name: 'an old token is as good as the newest',
        within: 'requireToken',
        from: 'if (present?.token === held && present.execution === execution) return',
        to: 'if (present?.token !== -1) return',
        seenBy: leaseOfRows('passes on when its time is over'),
      },
      {
        name: 'who takes an execution over leaves its leases as they are',
        within: 'takesOver',
        from: "return type === 'ExecutionResumed' || type === 'ExecutionRedriven'",
        to: "return type === 'ExecutionEnded' && type !== 'ExecutionEnded'",
        seenBy: leaseOfRows('changes hands with the execution'),
      },
    ],
  },
  {
    row: '19',
    happens: 'two installations of eosflow, each with its store, change one switch',
    ends: 'if a commit timer runs, or the other one has a session open: exit 9, nothing is sent; who goes on with a change, or puts it back, waits for the timer to end',
    mutants: [
      {
        name: 'a timer of somebody else does not matter',
        within: 'requireNoTimer',
        from: 'if (armed === undefined) return',
        to: 'if (armed !== null) return',
        seenBy: struck('does not touch a switch on which the first one runs a timer'),
      },
      {
        name: 'a session of another controller does not matter',
        within: 'awaitNoController',
        from: 'if (foreign === undefined) return look',
        to: 'if (foreign !== null) return look',
        seenBy: struck(
          'does not push to a switch on which the first one has a session open, and the first one goes on',
        ),
      },
    ],
  },
  {
    row: '20',
    happens: 'somebody changes the switch between plan and push',
    ends: 'exit 5, the session is aborted, nothing is committed; with several switches, none is touched',
    mutants: [
      {
        name: 'the other switches are not compared before the first is touched',
        within: 'recheck',
        from: 'planned.requireBase(reading.running)',
        to: '',
        seenBy: approval('the second was edited by hand'),
      },
    ],
  },
  {
    row: '21',
    happens: 'somebody changes the switch between opening and commit, or while the timer runs',
    ends: 'noticed in the answer of the commit or before the confirm: put back, and the lines of others that were lost with it are named',
    mutants: [
      {
        name: 'the base is not compared when the commit strikes',
        within: 'push',
        from: 'else requireBase(armed.result)',
        to: 'else context.history(name)',
        seenBy: inTable('a hand edit between the read-back and the commit'),
      },
      {
        name: 'what went with the rollback is not told',
        within: 'withMeanwhile',
        from: '...(overwritten.length === 0 ? [] :',
        to: '...(overwritten.length >= 0 ? [] :',
        seenBy: inTable('a hand edit while the timer runs'),
      },
    ],
  },
  {
    row: '21b',
    happens: 'somebody types between the reading of the base and the commit, two commands of one request',
    ends: '`configure lock` prevents it where that is proven for the EOS version; elsewhere the report warns of this moment',
    mutants: [
      {
        name: 'the lock is left out where it is proven',
        within: 'locksOn',
        from: 'return configureLock || proven[eos]?.lock === true',
        to: 'return configureLock && proven[eos] !== undefined',
        seenBy: locked('is sent under the lock'),
      },
      {
        name: 'the moment is not told',
        within: 'foldUnproven',
        from: 'if (locked === false)',
        to: 'if (locked === undefined)',
        seenBy: locked('is sent without the lock where'),
      },
    ],
    without:
      'Where the lock is not proven, a line that is typed in that moment is lost, and the report can only name the moment.',
  },
  {
    row: '21c',
    happens:
      'after the commit EOS adds an empty interface block, as for a port that was split; or somebody removes a line of the change',
    ends: 'the block does not count as a difference; the removed line is named as removed',
    mutants: [
      {
        name: 'an empty interface block is a change of somebody',
        within: 'changesBehindCommit',
        from: '!isInterface(one) || ours.has(one.line)',
        to: '!isInterface(one) || isInterface(one)',
        seenBy: unreadableStartup('an empty interface block appears behind the commit'),
      },
    ],
  },
  {
    row: '22',
    happens: 'the clock of the machine that runs eosflow jumps',
    ends: 'waiting times use the monotonic clock; an expired approval stays expired; a command whose clock is behind the record, or differs from most of its switches, writes nothing',
    mutants: [
      {
        name: 'a clock that is set back revives an approval',
        within: 'timeFlaw',
        from: 'const now = Math.max(facts.now, facts.highestWallTimeSeen)',
        to: 'const now = facts.now',
      },
      {
        name: 'the verification is timed by the wall clock',
        within: 'verify',
        from: 'const terms = await termsOf(context, name)',
        to: `    const terms = await termsOf(context, name)
    const { clock } = context
    context = { ...context, clock: { now: () => clock.now(), monotonic: () => clock.now(), sleep: clock.sleep } }
`,
      },
    ],
  },
  {
    row: '23',
    happens: 'the disk is full',
    ends: 'before the push: refused, exit 10; after it: the ballast gives enough space to put back and read back, exit 6; without the ballast nothing more is sent, and the timer puts the switch back',
    mutants: [
      {
        name: 'a journal that could not be written is written again',
        within: 'newWriting',
        from: 'if (isFinal(error) && !isRefusedAlone) broken = error',
        to: 'isFinal(error)',
        seenBy: struck('row 23: the disk is full', 'no ballast is there'),
      },
      {
        name: 'no room is asked for before a switch is changed',
        within: 'actLog',
        from: 'if (leadsOn) room.require()',
        to: '',
        seenBy: struck('row 23: the disk is full', 'nearly, before the push'),
      },
      {
        name: 'the ballast is not given up',
        within: 'newWriting',
        from: '|| !room.release(error)) throw error',
        to: '|| room !== undefined) throw error',
        seenBy: struck('row 23: the disk is full', 'the ballast is given up'),
      },
      {
        name: 'on the ballast the change goes on',
        within: 'newWriting',
        from: "if (leadsOn && onlyBack !== undefined && state.status === 'running') throw onlyBack",
        to: '',
        seenBy: { file: 'test/engine/execution-writer.test.ts', title: ['is given its reserve for what was done'] },
      },
      {
        name: 'any free byte is room enough',
        within: 'diskRoom',
        from: 'if (left < minFree) throw tooLittle(folder, left, minFree)',
        to: 'if (left < 0) throw tooLittle(folder, left, minFree)',
        seenBy: { file: 'test/system/disk-room.test.ts', title: ['before a switch is changed'] },
      },
    ],
  },
  {
    row: '24',
    happens: 'the store is altered or damaged on the disk',
    ends: 'the chain names the record, and nothing is sent',
    mutants: [
      {
        name: 'the content of a record is not hashed again',
        within: 'requireUnaltered',
        from: "typeof row.body !== 'string' || !isHashed(row)",
        to: 'row.n < 0',
        seenBy: { file: 'test/journal/sqlite/decisions.test.ts', title: ['are not believed after %s'] },
      },
    ],
  },
  {
    row: '24b',
    happens: 'kill -9 while the journal is written',
    ends: 'no acknowledged record is lost, no record is incomplete, and the chain verifies',
    mutants: [
      {
        name: 'the records of one append are written one by one',
        within: 'Connection',
        from: 'this.#transaction.immediate(work) as T',
        to: 'work()',
        seenBy: { file: 'test/journal/sqlite/processes.test.ts', title: ['thirty kills during bursts'] },
      },
    ],
    without: 'The tests kill a process; they do not cut the power.',
  },
  {
    row: '25',
    happens: 'the store is locked, or lies on a network file system',
    ends: 'the write-ahead log is synced for each record; eosflow waits five seconds for a lock, then the state fails; a network file system is refused, unless a setting allows it: then it is on record',
    mutants: [
      {
        name: 'what is written is not synced',
        within: 'writer',
        from: "database.pragma('synchronous = FULL')",
        to: "database.pragma('synchronous = OFF')",
        seenBy: struck('row 25: the store syncs each write'),
      },
      {
        name: 'a lock is not waited for',
        within: 'writer',
        from: 'return opened(path, { timeout: BUSY_MILLISECONDS }, (database) => {',
        to: 'return opened(path, { timeout: 0 }, (database) => {',
        seenBy: struck('row 25: the store is locked', 'for five seconds'),
      },
      {
        name: 'a lock breaks the journal for good',
        within: 'newWriting',
        from: 'const isRefusedAlone = error === onlyBack || isUnmet || (isLocked(error) && events.some(isForward))',
        to: 'const isRefusedAlone = error === onlyBack || isUnmet',
        seenBy: struck('row 25: the store is locked', 'before the timed commit'),
      },
      {
        name: 'a store may lie anywhere',
        within: 'openProjectFile',
        from: 'if (!project.settings.disk.allowNetwork) requireLocalDisk(project.store, disk)',
        to: '',
        seenBy: struck('row 25: the store lies on a network file system', 'refused'),
      },
    ],
  },
  {
    row: '26',
    happens: 'the store is lost',
    ends: '`recover --scan` finds and reports what eosflow left on the switches, and aborts it only when a person says so',
    mutants: [
      {
        name: 'what is found is ended unasked',
        within: 'recover',
        from: 'names.length > 0 ? await wantedOf(app, found, names) : await choose(found)',
        to: "names.length > 0 ? await wantedOf(app, found, names) : found.flatMap((one) => ('failure' in one ? [] : one.sessions.map((session) => ({ device: one.device, session }))))",
        seenBy: recover('finds open sessions, timers and checkpoints'),
      },
    ],
  },
  {
    row: '26b',
    happens: 'the store is deleted, moved away, emptied or replaced while a change runs',
    ends: 'noticed before the next record and the next write: the change goes no further, every touched switch is put back and read back, never exit 0; if another store may be at the path, only aborts are sent, and a confirmed switch is unknown',
    mutants: [
      {
        name: 'a record is written to whatever file is open',
        within: 'StoreFile',
        from: 'this.requireThere()\n    const outcomes = toFile()',
        to: 'const outcomes = toFile()',
      },
      {
        name: 'a restore is sent although somebody else may hold the switch',
        within: 'StoreFile',
        from: "else if (this.#fate() !== 'gone') this.#refuse(device)",
        to: "else if (this.#fate() === 'there') this.#refuse(device)",
      },
    ],
  },
  {
    row: '27',
    happens: 'the approval is withdrawn while the timer runs',
    ends: 'put back and read back, never confirmed',
    mutants: [
      {
        name: 'nobody hears what is said of the approval before the confirm',
        within: 'approvalPort',
        from: "const standing = await judge('confirm')\n      if (standing.status !== 'approved') await refuse(standing)",
        to: "await judge('confirm')",
      },
    ],
  },
  {
    row: '28',
    happens: 'an approval or a lease ends in the middle of an execution',
    ends: 'both are checked right before each timed commit and each write; to put back needs neither',
    mutants: [
      {
        name: 'the approval is not judged again before the commit',
        within: 'approvalPort',
        from: "const standing = await judge(change === undefined ? 'start' : 'commit', change)\n      if (standing.status !== 'approved') await refuse(standing)",
        to: "const standing = await judge(change === undefined ? 'start' : 'commit', change)\n      if (standing.status === 'missing') await refuse(standing)",
        seenBy: approval('that expires between the timed commit of one switch and the next stops the second'),
      },
      {
        name: 'a write is sent without asking for the lease',
        within: 'SqliteStore',
        from: 'if (held !== undefined) requireToken(heads.leases.get(device), held, { execution, device })\n      const newest = heads.execution(execution)?.last ?? null\n      requireNewestWriter(newest, this.#appends.writtenTo(execution), { execution, device })\n',
        to: '',
        seenBy: struck('row 18: a process that stood still'),
      },
      {
        name: 'an eAPI write leaves under a fence that is too old',
        within: 'sendUnder',
        from: 'fence.requireFresh()',
        to: '',
        seenBy: fenceOfRows('eapi', 'eAPI on HTTP, EOS'),
      },
      {
        name: 'a line is typed under a fence that is too old',
        within: 'ShellDialogue',
        from: 'this.#fence?.requireFresh()\n    this.#terminal.write(text)\n',
        to: 'this.#terminal.write(text)',
        seenBy: fenceOfRows('ssh', 'SSH in memory, EOS'),
      },
    ],
    without:
      'An execution keeps the identity that it began with, so no token of an identity provider can expire in the middle.',
  },
  {
    row: '29',
    happens: 'some switches of a fleet fail',
    ends: 'no further switch is changed, confirmed switches are restored and read back, and the report shows each switch; all switches are confirmed before one is saved, and no confirm begins without time left for the others',
    mutants: [
      {
        name: 'each switch is saved before the next one is confirmed',
        within: 'confirmEach',
        from: "concurrency, [task('Confirm', 'confirm', {}, at)], at)",
        to: "concurrency, [task('Confirm', 'confirm', {}, at), task('SaveIt', 'save', {}, at)], at)",
        seenBy: slowSave('are confirmed before the first is saved, however slow saves are'),
      },
      {
        name: 'a confirm is begun however long the others will take',
        within: 'confirm',
        from: 'await requireTimeForAll(context, name)',
        to: '',
        seenBy: slowSave('a confirm is not begun without time left for the others'),
      },
      {
        name: 'what is confirmed is not restored',
        within: 'putBack',
        from: "await act(context, name, 'restore', detail, (device) => device.restore(checkpoint), goneWith(context, name))",
        to: '',
        seenBy: inTable('a second switch that refuses its confirm'),
      },
    ],
  },
  {
    row: '30',
    happens: 'SIGTERM or SIGINT, or the terminal is closed (SIGHUP)',
    ends: 'before the timed commit: aborted, untouched; after it: put back and read back, exit 11; if nobody reads the output any more, the change goes on',
    mutants: [
      {
        name: 'the last safe point is passed by',
        within: 'stopUnlessWanted',
        from: 'if (!context.signal.aborted) return',
        to: 'if (context.signal !== undefined) return',
        seenBy: inTable('an interrupt before the timed commit'),
      },
      {
        name: 'SIGHUP ends the process',
        within: 'terminal',
        from: "['SIGINT', 'SIGTERM', 'SIGHUP'] as const",
        to: "['SIGINT', 'SIGTERM'] as const",
        seenBy: interrupted('SIGHUP, SIGINT twice, a closed terminal and closed pipes'),
      },
      {
        name: 'what was a terminal is set back at the end',
        within: 'dropTerminals',
        from: 'if (isatty(fd)) continue',
        to: 'if (fd >= 0) continue',
        seenBy: interrupted('SIGHUP, SIGINT twice, a closed terminal and closed pipes'),
      },
    ],
  },
  {
    row: '30b',
    happens: 'a second interrupt',
    ends: 'exit 130 with a line that says where each switch is and what to do; while a confirmed switch still has to be put back, only the third interrupt ends the process',
    mutants: [
      {
        name: 'a confirmed switch is left as it is',
        within: 'newInterrupts',
        from: 'if (unprotected.length > 0 && !warned) {',
        to: 'if (unprotected.length > 99 && !warned) {',
        seenBy: interrupts('while no commit timer protects a switch'),
      },
      {
        name: 'a closed terminal counts as two interrupts',
        within: 'newInterrupts',
        from: "else if (signal !== 'SIGHUP' && asked > 1) leave()",
        to: 'else leave()',
        seenBy: interrupts('a terminal that is closed'),
      },
    ],
  },
  {
    row: '31',
    happens: 'the process aborts, for example because memory is used up',
    ends: 'as killed',
    mutants: [],
    without:
      'For the protocol it makes no difference how a process has died: the bugs of rows 1 to 12 cover this row too.',
  },
  {
    row: '32',
    happens: 'another switch answers at the address, or the answer makes no sense',
    ends: 'exit 10, and nothing is written to it; an unknown state is never treated as confirmed',
    mutants: [
      {
        name: 'the identity is not compared',
        within: 'isSameSwitch',
        from: 'return a.serial === b.serial && a.systemMac === b.systemMac',
        to: 'return a.serial === b.serial || a.serial !== b.serial',
        seenBy: struck('another switch behind the address is sent nothing that writes'),
      },
    ],
  },
  {
    row: '32b',
    happens: 'the answer to a write belongs to another request, or says done with an error message',
    ends: 'eosflow asks the switch; a switch that was seen to run the change is never called untouched',
    mutants: [
      {
        name: 'the error of another request is believed',
        within: 'failedAnswer',
        from: "if (!isOfRequest) throw notEapi('it answers another request')",
        to: '',
        seenBy: inTable('the switch is asked, and the end is the true one'),
      },
      {
        name: 'a commit that complains has changed nothing',
        within: 'foldSettled',
        from: "before.armedRecord === undefined || (found !== 'armed' && found !== 'target')",
        to: 'before.armedRecord === undefined || found !== undefined',
        seenBy: inTable('the switch is asked, and the end is the true one'),
      },
    ],
  },
  {
    row: '33',
    happens: 'the switch cannot load its own configuration again: its timer, an abort and a restore would fail',
    ends: 'found before the first commit on that configuration: exit 10 with the line, nothing is committed, no session is left',
    mutants: [
      {
        name: 'nobody asks whether it can',
        within: 'requireReplay',
        from: "if (check === 'off' || base === undefined || base === replayed) return",
        to: "if (check === 'off' || base === undefined || base !== replayed) return",
      },
      {
        name: 'a line that is left out in silence passes',
        within: 'readReplay',
        from: "if (diff !== undefined && refused.length === 0 && printedDiff(diff) === '') return { replays: 'yes' }",
        to: "if (diff !== undefined && refused.length === 0) return { replays: 'yes' }",
      },
      {
        name: 'a difference is only warned of',
        within: 'requireReplay',
        from: "if (found.replays === 'no' && check === 'demand') throw error",
        to: "if (found.replays === 'yes') throw error",
      },
    ],
  },
  {
    row: '34',
    happens: 'while the lines load, the switch announces a risk that is not in the approved plan',
    ends: 'exit 5: the session is aborted, nothing is committed',
    mutants: [
      { name: 'what it says at the push is not looked at', within: 'stageApproved', from: 'requireSaid(said)', to: '' },
      {
        name: 'any risk in the plan allows all of them',
        within: 'requireKnownRisks',
        from: '.filter((one) => !known.includes(one))',
        to: '.filter(() => known.length === 0)',
      },
    ],
  },
  {
    row: '35',
    happens: 'after the timed commit the list of sessions is out of date, or shows the timer in an unknown form',
    ends: 'the list is read again for six seconds; then the switch is put back, exit 6, and the report shows the JSON keys that the switch gave',
    mutants: [
      {
        name: 'the first list decides',
        within: 'requireOwnTimer',
        from: 'looks === LOOKS',
        to: 'looks === 1',
        seenBy: inTable('a session list that lags'),
      },
      {
        name: 'a timer of any length is ours',
        within: 'isOurs',
        from: '&& (timer === undefined || armed.secondsLeft <= timer + SLACK)',
        to: '',
        seenBy: inTable('put back, and the keys are named'),
      },
    ],
  },
  {
    row: '36',
    happens: 'the switch asks a question over SSH while the change is loaded',
    ends: 'the report shows the question, and nobody answers it: the shell is closed, the session is aborted, nothing is committed',
    mutants: [
      {
        name: 'a question among typed lines is taken for another prompt',
        within: 'loadLines',
        from: 'if (question !== undefined) asked(at, question)',
        to: "if (question === '') asked(at, question)",
      },
      {
        name: 'the shell is used on',
        within: 'loadLines',
        from: 'shell.close()',
        to: '',
      },
    ],
  },
  {
    row: '37',
    happens: 'the checkpoint that eosflow saved is missing, or old checkpoints fill the switch',
    ends: 'exit 10, nothing is committed; each change deletes the checkpoints that nobody needs, but none of an execution that ended unknown',
    mutants: [
      {
        name: 'nobody looks for it',
        within: 'requireListed',
        from: 'if (listed.includes(checkpoint)) return',
        to: 'if (listed.length >= 0) return',
        seenBy: own('a checkpoint that was saved and is not listed: nothing is committed'),
      },
      {
        name: 'the newest goes too',
        within: 'pastCheckpoints',
        from: '.slice(0, -1)',
        to: '.slice(0)',
        seenBy: own('the next change deletes those that nobody needs, and leaves the newest and what is not ours'),
      },
      {
        name: 'one of an unknown end goes',
        within: 'isSpent',
        from: "if (state.outcome === 'unknown') return false",
        to: "if (state.outcome === 'unknown') return true",
        seenBy: own('none of an execution whose end is unknown'),
      },
    ],
  },
  ...MANY_ROWS,
]
