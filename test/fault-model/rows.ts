const budget = (...title: readonly string[]) => ({ file: 'test/e2e/budget.test.ts', title })
const judged = (...title: readonly string[]) => ({ file: 'test/change/policy/carried.test.ts', title })
const carriedPlans = (...title: readonly string[]) => ({ file: 'test/change/plan/carries.test.ts', title })
const gathered = (...title: readonly string[]) => ({ file: 'test/project/approval-carried.test.ts', title })
const contract = (...title: readonly string[]) => ({ file: 'test/change/record/sqlite/contract.test.ts', title })
const patient = (...title: readonly string[]) => ({ file: 'test/change/engine/patient-append.test.ts', title })
const many = (...title: readonly string[]) => ({ file: 'test/simulation/many-machines.test.ts', title })
const fence = (...title: readonly string[]) => ({ file: 'test/model/fence.test.ts', title })
const lease = (...title: readonly string[]) => ({ file: 'test/change/record/lease.test.ts', title })
const abandoned = (...title: readonly string[]) => ({ file: 'test/eos/transport/abandon.test.ts', title })

/** What can go wrong where several machines share a store behind a network. */
export const MANY_ROWS: readonly FaultRow[] = [
  {
    row: '38',
    happens: 'the connection to a store behind a network breaks off in the middle of a write',
    ends: 'before anything else is written, the store is asked: what is there counts, what is not there is sent again byte for byte, and where another process has written this one ends',
    mutants: [
      wrong(
        'a write in doubt is thrown like any other error',
        'attempt',
        'if (error instanceof OutageError) return error',
        'if (error instanceof OutageError && error.doubt === undefined) return error',
        patient('is asked for before anything else is written'),
      ),
      wrong(
        'what is written anew is not what was sent',
        'attempt',
        'journal.append(state.id, events, after, again)',
        'journal.append(state.id, events, state.seq)',
        patient('is asked for before anything else is written'),
      ),
      wrong(
        'what is given up is sent again',
        'patientAppend',
        "isLeft || isLast ? 'leave' : 'send'",
        "isLeft && isLast ? 'leave' : 'send'",
        patient('and that leads on is given up after a minute'),
      ),
    ],
  },
  {
    row: '39',
    happens: 'a store behind a network is away for a time',
    ends: 'the execution waits, and goes on when it is back; what leads on waits for a minute at most, and no longer than 30 s before the first own commit timer; meanwhile nothing is sent that changes a switch',
    mutants: [
      wrong(
        'what leads on waits without a bound',
        'patientAppend',
        'leadsOn && awaySince !== undefined && patienceLeft(state, awaySince, clock) <= 0',
        'leadsOn && awaySince === -1 && patienceLeft(state, awaySince, clock) <= 0',
        many('what leads on waits for no longer than a minute'),
      ),
      wrong(
        'the commit timers are not looked at',
        'patienceLeft',
        'timer === undefined ? left :',
        'timer !== null ? left :',
        patient('is waited for: %s'),
      ),
      wrong(
        'what waits behind another record waits without a bound',
        'openLedger',
        'events.some(isForward) ? writing.overdue',
        'events.length === -1 ? writing.overdue',
        patient('and has returned too late'),
      ),
      wrong(
        'the way back is given up too',
        'patientAppend',
        'leadsOn && awaySince !== undefined && patienceLeft',
        'awaySince !== undefined && patienceLeft',
        patient('is waited for without an end'),
      ),
    ],
  },
  {
    row: '40',
    happens:
      'a process on another machine is killed, frozen or cut off from the store, and is taken over while it may still live',
    ends: 'its token is refused, its fence is too old before anybody can have taken over, what it has sent last is thrown away with its connection, and others are kept from its switches for three minutes',
    mutants: [
      wrong(
        'a fence may be as old as three seconds, however soon an owner is taken over',
        'longestAge',
        'Math.min(LONGEST, 0.3 * ttl)',
        'Math.max(LONGEST, 0.3 * ttl)',
        fence('how old a fence may be'),
      ),
      wrong(
        'others are kept from its switches for ten seconds',
        'QUARANTINE_WITH_WORKERS',
        'export const QUARANTINE_WITH_WORKERS = 180',
        'export const QUARANTINE_WITH_WORKERS = 10',
        lease('lasts three minutes'),
      ),
      wrong(
        'a connection that is closed under a request delivers it',
        'SwitchAgent',
        'if (socket !== undefined) abandon(socket)',
        'if (socket === null) abandon(socket)',
        abandoned('is never delivered'),
      ),
    ],
  },
  {
    row: '41',
    happens:
      'two executions change switches of which a budget lets one be under change at once, and one of them may be killed',
    ends: 'one has its share before anything is staged, the other waits and says for whom; a share lasts as long as the lease of its switch, and an act whose share somebody else has by then is refused',
    mutants: [
      wrong(
        'a budget that is full is not waited for',
        'lackedBy',
        'Math.max(0, held.size + unshared.length + devices.length - max)',
        'Math.max(0, held.size - held.size)',
        budget('of two changes one waits'),
      ),
      wrong(
        'a share ends before the switch that it is for',
        'leasedActs',
        'return [act, ...(event.shares ?? []).map((share) => ({ device: share, seconds: act.seconds }))]',
        'return [act]',
        contract('in memory'),
      ),
      wrong(
        'what is beside the shares that are taken is not compared',
        'stillHeld',
        'if (present?.execution === holder && isLiveAt(present, at)) return { ...present }',
        'if (present !== undefined) return { ...present }',
        contract('in memory'),
      ),
      wrong(
        'what was put back counts as under change',
        'foldShares',
        "event.end !== 'unknown' && event.end !== 'changed'",
        "event.end === 'changed'",
        budget('what is put back while others go on gives its share back'),
      ),
    ],
  },
  {
    row: '42',
    happens: 'somebody changes a switch after its plan was approved, and the same change is wanted on what it runs now',
    ends: '`run --rebase` plans again; the approvals carry only if every line that differs is of a kind that a rule lists, and in no block that the change is in, else exit 5; it is judged again before each commit, from both plans, and the first plan has no approval any more',
    mutants: [
      wrong(
        'a line of any kind may differ',
        'judgedBase',
        'return QUIET_KINDS.includes(one.kind) ?',
        'return one.kind ?',
        carriedPlans('an approval does not carry'),
      ),
      wrong(
        'a rule that lets none carry is not asked',
        'missingCarry',
        "if (carry === undefined) return 'it was given for the plan",
        "if (carry?.kinds.length === 0) return 'it was given for the plan",
        judged('an approval that has carried'),
      ),
      wrong(
        'whether the one plan carries to the other is believed from the record',
        'otherPlanFlaw',
        'if (plan === own.digest || carry?.because === undefined) return undefined',
        'if (plan === own.digest || carry !== undefined) return undefined',
        judged('an approval that has carried'),
      ),
      wrong(
        'it stays good for the first plan, too',
        'spentOn',
        'carriedAway !== undefined && given.record < carriedAway.seq && !isOwn',
        'carriedAway !== undefined && given.record > carriedAway.seq && !isOwn',
        judged('an approval that has carried'),
      ),
      wrong(
        'a rejection of the first plan is not looked at',
        'decisionsAbout',
        'if (of === plan.digest || of === carry?.plan) return true',
        "if (of === plan.digest || (of === carry?.plan && decision === 'approve')) return true",
        judged('an approval that has carried'),
      ),
      wrong(
        'who made the first plan may approve the second',
        'readingOf',
        'requesters: [...plan.content.requesters, ...(approved?.content.requesters ?? [])]',
        'requesters: plan.content.requesters',
        gathered('asks who used the approvals'),
      ),
      wrong(
        'it carries a fourth time',
        'MOST_CARRIES',
        'export const MOST_CARRIES = 3',
        'export const MOST_CARRIES = 4',
        { file: 'test/project/carry.test.ts', title: ['are none where %s'] },
      ),
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

/** A line that is put wrong: its name, what of `src` has it, the line, and the text in its place. */
function wrong(name: string, within: string, from: string, to: string, seenBy?: Proof) {
  return { name, within, from, to, ...(seenBy === undefined ? {} : { seenBy }) }
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

const killed = (...title: readonly string[]) => ({ file: 'test/fault-model/killed.test.ts', title })
const struck = (...title: readonly string[]) => ({ file: 'test/fault-model/faults.test.ts', title })
const inTable = (...title: readonly string[]) => ({
  file: 'test/fault-model/faults.test.ts',
  table: 'test/fault-model/fault-table.ts',
  title,
})
const startupHeld = (...title: readonly string[]) => ({ file: 'test/e2e/startup-held.test.ts', title })
const unreadableStartup = (...title: readonly string[]) => ({
  file: 'test/e2e/unreadable-startup.test.ts',
  title,
})
const approval = (...title: readonly string[]) => ({ file: 'test/e2e/approval.test.ts', title })
const recover = (...title: readonly string[]) => ({ file: 'test/doors/cli/recover.test.ts', title })
const onceByKey = (...title: readonly string[]) => ({ file: 'test/e2e/run-key.test.ts', title })
const locked = (...title: readonly string[]) => ({ file: 'test/e2e/commit-lock.test.ts', title })
const own = (...title: readonly string[]) => ({ file: 'test/e2e/own-checkpoints.test.ts', title })
const login = (...title: readonly string[]) => ({ file: 'test/e2e/new-login.test.ts', title })
const slowSave = (...title: readonly string[]) => ({ file: 'test/e2e/slow-save.test.ts', title })
const fenceOfRows = (over: 'eapi' | 'ssh', ...title: readonly string[]) => ({
  file: `test/eos/transport/${over}/device-contract.test.ts`,
  title,
})
const leaseOfRows = (...title: readonly string[]) => ({ file: 'test/change/record/sqlite/lease-table.test.ts', title })

const interrupts = (...title: readonly string[]) => ({ file: 'test/doors/cli/terminal-words.test.ts', title })
const interrupted = (...title: readonly string[]) => ({ file: 'test/e2e/interrupted.test.ts', title })

/** The 41 fault points of the fault model, in its order. */
export const ROWS: readonly FaultRow[] = [
  {
    row: '1',
    happens: 'eosflow is killed before it opens the session',
    ends: 'resume: eosflow aborts its own session by name, if there is one, and checks base and approval again; the approval is not used up',
    mutants: [
      wrong(
        'the approval is used up by the staging',
        'actLog',
        "if (act === 'arm') return withUses(intent)",
        "if (act === 'stage') return withUses(intent)",
        killed('the approval is not used up, and lapses with the execution that a person stops'),
      ),
    ],
  },
  {
    row: '2',
    happens: 'killed while the session is open, before or between the lines',
    ends: 'resume: the session is aborted, and all lines go into a new one',
    mutants: [
      wrong(
        'own leftovers are not looked for',
        'ownSessions',
        'name.startsWith(prefix) && !isOwnerSession(name) && isOpen(state)',
        'name === prefix && !isOwnerSession(name) && isOpen(state)',
      ),
    ],
  },
  {
    row: '3',
    happens: 'killed after the diff was compared',
    ends: 'resume: base and diff are compared again; exit 5 when the base has changed; no session is left',
    mutants: [
      wrong(
        'the staged session is not compared with the base',
        'staleness',
        'if (base.planned !== base.found)',
        'if (base.planned === null)',
        { file: 'test/change/policy/conditions.test.ts', title: ['a running-config that has changed'] },
      ),
    ],
  },
  {
    row: '4',
    happens: 'killed after the intent of the commit is on record and before the request is sent',
    ends: 'resume: the switch shows that nothing was committed; the session is aborted, BEFORE; the approval counts as used',
    mutants: [
      wrong(
        'what may have been sent is sent again',
        'push',
        'if (!wasCommitted(context.history(name))) {',
        "if (context.history(name).reached !== 'confirm') {",
      ),
    ],
  },
  {
    row: '5',
    happens: 'the timed commit is sent, and its answer is lost',
    ends: 'the next request is a read, and the switch is put back, because only the lost answer showed what the commit has replaced; the commit is never sent again before the switch was asked',
    mutants: [
      wrong(
        'a timed commit that was not answered is sent again',
        'push',
        "if (armed.outcome === 'unknown') await requireArmed(context, name)",
        "if (armed.outcome === 'unknown') await (await context.fleet.device(name)).arm(session, timerSeconds)",
        inTable('the answer to the timed commit is lost'),
      ),
    ],
  },
  {
    row: '5b',
    happens:
      'somebody types a line right before a timed commit, and the answer of the commit is lost, or eosflow is killed before it records the answer',
    ends: 'put back, exit 6: the abort brings the line of the other person back, and the report names it',
    mutants: [
      wrong(
        'a change under our timer is ours to confirm',
        'requireArmed',
        'if (replaced === undefined) {',
        'if (replaced === undefined) return\n  if (replaced === null) {',
        inTable('somebody types a line right before the timed commit'),
      ),
      wrong(
        'what the commit has replaced is not compared at the resume',
        'requireArmed',
        'requireBase(await context.texts.get(replaced))',
        'await context.texts.get(replaced)',
        killed('row 5b: somebody types a line', 'and the controller is killed'),
      ),
    ],
  },
  {
    row: '6',
    happens: 'killed while the change runs under its commit timer',
    ends: 'resume in time: if the answer of the commit is on record and its base was the planned one, the change is verified and confirmed, else put back; resume too late: the switch has put itself back, read back, exit 6',
    mutants: [
      wrong(
        'the armed session of EOS 4.32 is read as committed',
        'readSessionTable',
        "if (typeof owner === 'string' && owner !== '') {",
        'if (owner === null) {',
      ),
    ],
  },
  {
    row: '7',
    happens: 'killed during the verification',
    ends: 'as row 6: verified again under the same timer, or found put back',
    mutants: [
      wrong(
        'the verification does not ask for the timer',
        'verify',
        'withRound(course, round, look && timerEnd(context, name, look))',
        'withRound(course, round)',
        { file: 'test/e2e/pulse.test.ts', title: ['a verification tells each round since when'] },
      ),
    ],
  },
  {
    row: '8',
    happens: 'the verification fails or takes too long',
    ends: 'aborted at once, read back, exit 6; if running-config is not the base and still has lines of the change: unknown, exit 7',
    mutants: [
      wrong(
        'what is not verified is left to its timer',
        'putBack',
        'await abortOwn(context, name, now.own, found?.foreign)',
        '',
        killed('row 8: what is not verified', 'is aborted at once, and read back'),
      ),
      wrong(
        "whatever differs is called somebody else's",
        'onlyForeignLines',
        'return found.some(isAmong(changesOf(base, target))) ? undefined : shownLines(found)',
        'return found.some(isAmong(changesOf(target, base))) ? undefined : shownLines(found)',
        killed('row 8: what is not verified', 'and leaves something else behind'),
      ),
    ],
  },
  {
    row: '9',
    happens: 'killed after the verification, before the confirm',
    ends: 'resume: confirmed if enough time is left on the timer, else put back and read back',
    mutants: [
      wrong(
        'a confirm is sent however little time is left',
        'isSettled',
        'if (left <= TIMER_MARGIN && !answered) throw notConfirmed(name, `only ${left} s are left of the commit timer`)\n    if (look === LOOKS) return left <= TIMER_MARGIN && (await isConfirmedBehind(context, name, left))\n',
        'if (look === 1) return left < 0',
      ),
      wrong(
        'a resume confirms on a timer that it has not looked at',
        'confirm',
        'if (context.isHeldOver(name)) await requireTimeLeft(context, name)',
        '',
      ),
    ],
  },
  {
    row: '10',
    happens: 'the confirm is sent, and its answer is lost',
    ends: 'the next request is a read, and the state of the switch decides: it is saved, or confirmed again in time; a list of sessions that lags is read again, and nothing is restored after a good confirm',
    mutants: [
      wrong(
        'a confirm that was not answered counts as confirmed',
        'confirm',
        'if (!answered || !isConfirmed(confirmed.result, session)) await settle',
        'if (answered && !isConfirmed(confirmed.result, session)) await settle',
        inTable('the answer to the confirm is lost'),
      ),
      wrong(
        'a list of sessions is read once',
        'isSettled',
        'look === LOOKS',
        'look === 1',
        inTable('behind a good confirm is looked at again, and the change is saved'),
      ),
    ],
  },
  {
    row: '11',
    happens: 'killed after the confirm, before startup-config is saved',
    ends: 'resume: saved, read back, exit 0; nothing is confirmed twice',
    mutants: [
      wrong(
        'a resume takes what is confirmed for saved',
        'save',
        "return { do: 'again' }",
        "return { do: 'done', output: {} }",
      ),
    ],
  },
  {
    row: '12',
    happens: 'killed, or the connection is cut, while a switch is put back',
    ends: 'eosflow asks and aborts until it has read the base; it never reports put back without having read it',
    mutants: [
      wrong(
        'put back is reported without having read it',
        'attempt',
        "return { answered, isRefused, end: 'unknown', detail",
        "return { answered, isRefused, end: 'reverted', detail",
        killed('row 12: during the rollback', 'the switch cannot be reached'),
      ),
    ],
  },
  {
    row: '13',
    happens: 'the change cuts its own management access',
    ends: 'eosflow waits until the timer and one more minute are over, then reads: put back, with the lost management access as the reason',
    mutants: [
      wrong(
        'a silent switch is given up before its timer has run out',
        'patience',
        '(armedAt === undefined || timer === undefined ? 0 : timer * 1000) + GRACE',
        '(armedAt === undefined || timer === undefined ? 0 : 0) + GRACE',
        inTable('a change that takes the way into'),
      ),
      wrong(
        'the confirm goes over the connection of before the commit',
        'over',
        'await login.adopt()',
        'await login.giveUp()',
        login('a single switch is confirmed and saved over the connection that its last round has proven'),
      ),
      wrong(
        'the last round rides on the connection of the first',
        'verify',
        '|| mayDecide(course, terms, clock.monotonic())',
        '|| number === 0',
        login('a single switch is confirmed and saved over the connection that its last round has proven'),
      ),
      wrong(
        'the old connection is given up before the new login is proven',
        'over',
        'const login = await fleet.logInAnew(name, as)',
        'await fleet.renew(name)\n  const login = await fleet.logInAnew(name, as)\n',
        login('one that ends them with its commit'),
      ),
      wrong(
        'nobody logs in anew before the first confirm',
        'lookOverNewLogin',
        "const { look } = await patiently(context, () => lookAnew(context, name, context.checks.commands, 'proof'))",
        'const look = await (await context.fleet.device(name)).look(context.checks.commands)',
        login('before several switches are confirmed each is logged in to anew'),
      ),
    ],
  },
  {
    row: '14',
    happens: 'the switch reboots while the timer runs',
    ends: 'it boots the configuration that was saved before: put back, read back; a switch that saves with every commit is refused',
    mutants: [
      wrong(
        'a switch that saves with every commit is changed',
        'readOne',
        'if (saveToStartupConfigOnCommit) {',
        'if (saveToStartupConfigOnCommit === undefined) {',
        struck('row 14: a switch that saves with every commit'),
      ),
      wrong(
        'saved under the timer',
        'push',
        'else requireBase(armed.result)',
        'else await (await context.fleet.device(name)).save()',
        inTable('a reboot under the timer'),
      ),
    ],
  },
  {
    row: '14b',
    happens: 'somebody saves while the change runs under the timer, and it is put back',
    ends: 'startup-config is read, and running-config is saved again; if that would also save lines that somebody has left unsaved: unknown, exit 7, with the lines and the command',
    mutants: [
      wrong(
        'what startup-config holds is not looked for',
        'mendStartup',
        'if (found.held.length === 0) return',
        'if (found.held.length >= 0) return',
        startupHeld('and nothing else was unsaved'),
      ),
      wrong(
        'what somebody has left unsaved is saved with it',
        'mendStartup',
        'found.unsaved === undefined || found.unsaved.length > 0',
        'found.unsaved === undefined',
        startupHeld('somebody types a line, resume'),
      ),
      wrong(
        'what was unsaved before counts as saved by who saved the change',
        'heldStartup',
        'savedKeys.has(keyOf(one)) && !unsavedBefore.has(keyOf(one))',
        'savedKeys.has(keyOf(one))',
        startupHeld('and a line was unsaved before the plan'),
      ),
    ],
  },
  {
    row: '14c',
    happens: 'the switch does not show its startup-config, or how it differs',
    ends: 'the switch can be planned, changed and put back, with a warning; after a save the startup-config must be readable',
    mutants: [
      wrong(
        'what cannot be read counts as saved',
        'savedState',
        "if (startupDiff === undefined) return 'unknown'",
        "if (startupDiff === undefined) return 'saved'",
        unreadableStartup('is planned with a warning'),
      ),
    ],
  },
  {
    row: '15',
    happens: 'the switch reboots after the confirm and before the save',
    ends: 'the change is lost: read back, put back, exit 6; never reported as confirmed',
    mutants: [
      wrong(
        'what was saved is not read back',
        'save',
        "await requireTarget(context, name, reading.running, 'after the save')",
        '',
        inTable('a reboot between the confirm and the save'),
      ),
    ],
  },
  {
    row: '16',
    happens: 'a slow switch: its answer comes after our time-out, or when the timer is nearly over',
    ends: 'without an answer eosflow asks the switch; a session name is used only once; if too little time is left, the switch is put back',
    mutants: [
      wrong(
        'a session name is used again',
        'push',
        'sessionName(context.execution, sessions + 1)',
        'sessionName(context.execution, 1)',
        struck('row 16: a slow switch', 'is never shown a session name twice'),
      ),
      wrong(
        'no margin on the timer',
        'TIMER_MARGIN',
        'TIMER_MARGIN = 20',
        'TIMER_MARGIN = 0',
        inTable('a slow switch, whose good answers come'),
      ),
      wrong(
        'what a plan has left open is forgotten',
        'isTouched',
        "reached !== 'nothing' || planning !== undefined || owners",
        "reached !== 'nothing' || owners",
        struck("a plan's session stays open at a refused line"),
      ),
    ],
  },
  {
    row: '17',
    happens: 'the same change is started twice',
    ends: 'with the same key the second caller gets the first execution and its exit code; without a key, exit 9 names the execution that holds the switch, and nothing is sent',
    mutants: [
      wrong('a switch that is held is free', 'requireFree', 'if (held.length > 0) {', 'if (held.length < 0) {', {
        file: 'test/e2e/one-at-a-time.test.ts',
        title: ['a second change of a switch'],
      }),
      wrong(
        'a key may be used twice',
        'usesIn',
        'return [{ key: `key ${event.request.key}`, refusal }]',
        'return [{ key: `key ${event.request.key} ${Math.random()}`, refusal }]',
        onceByKey('begun twice in one moment'),
      ),
      wrong(
        'a key is good for any change',
        'begunUnder',
        'found.request?.of === of &&',
        'found.request?.key === key &&',
        onceByKey('another change under the same key'),
      ),
    ],
  },
  {
    row: '18',
    happens: 'two processes of eosflow use one store',
    ends: 'the lease with its token, and the fence of each write: a process that was delayed is refused before it sends anything',
    mutants: [
      wrong(
        'an old token is as good as the newest',
        'requireToken',
        'if (present?.token === held && present.execution === execution) return',
        'if (present?.token !== -1) return',
        leaseOfRows('passes on when its time is over'),
      ),
      wrong(
        'who takes an execution over leaves its leases as they are',
        'takesOver',
        "return type === 'ExecutionResumed' || type === 'ExecutionRedriven'",
        "return type === 'ExecutionEnded' && type !== 'ExecutionEnded'",
        leaseOfRows('changes hands with the execution'),
      ),
    ],
  },
  {
    row: '19',
    happens: 'two installations of eosflow, each with its store, change one switch',
    ends: 'if a commit timer runs, or the other one has a session open: exit 9, nothing is sent; who goes on with a change, or puts it back, waits for the timer to end',
    mutants: [
      wrong(
        'a timer of somebody else does not matter',
        'requireNoTimer',
        'if (armed === undefined) return',
        'if (armed !== null) return',
        struck('does not touch a switch on which the first one runs a timer'),
      ),
      wrong(
        'a session of another controller does not matter',
        'awaitNoController',
        'if (foreign === undefined) return look',
        'if (foreign !== null) return look',
        struck('does not push to a switch on which the first one has a session open, and the first one goes on'),
      ),
    ],
  },
  {
    row: '20',
    happens: 'somebody changes the switch between plan and push',
    ends: 'exit 5, the session is aborted, nothing is committed; with several switches, none is touched',
    mutants: [
      wrong(
        'the other switches are not compared before the first is touched',
        'recheck',
        'planned.requireBase(reading.running)',
        '',
        approval('the second was edited by hand'),
      ),
    ],
  },
  {
    row: '21',
    happens: 'somebody changes the switch between opening and commit, or while the timer runs',
    ends: 'noticed in the answer of the commit or before the confirm: put back, and the lines of others that were lost with it are named',
    mutants: [
      wrong(
        'the base is not compared when the commit strikes',
        'push',
        'else requireBase(armed.result)',
        'else context.history(name)',
        inTable('a hand edit between the read-back and the commit'),
      ),
      wrong(
        'what went with the rollback is not told',
        'withMeanwhile',
        '...(overwritten.length === 0 ? [] :',
        '...(overwritten.length >= 0 ? [] :',
        inTable('a hand edit while the timer runs'),
      ),
    ],
  },
  {
    row: '21b',
    happens: 'somebody types between the reading of the base and the commit, two commands of one request',
    ends: '`configure lock` prevents it where that is proven for the EOS version; elsewhere the report warns of this moment',
    mutants: [
      wrong(
        'the lock is left out where it is proven',
        'locksOn',
        'return configureLock || proven[eos]?.lock === true',
        'return configureLock && proven[eos] !== undefined',
        locked('is sent under the lock'),
      ),
      wrong(
        'the moment is not told',
        'foldUnproven',
        'if (locked === false)',
        'if (locked === undefined)',
        locked('is sent without the lock where'),
      ),
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
      wrong(
        'an empty interface block is a change of somebody',
        'changesBehindCommit',
        '!isInterface(one) || ours.has(one.line)',
        '!isInterface(one) || isInterface(one)',
        unreadableStartup('an empty interface block appears behind the commit'),
      ),
    ],
  },
  {
    row: '22',
    happens: 'the clock of the machine that runs eosflow jumps',
    ends: 'waiting times use the monotonic clock; an expired approval stays expired; a command whose clock is behind the record, or differs from most of its switches, writes nothing',
    mutants: [
      wrong(
        'a clock that is set back revives an approval',
        'timeFlaw',
        'const now = Math.max(facts.now, facts.highestWallTimeSeen)',
        'const now = facts.now',
        { file: 'test/change/policy/approval.test.ts', title: ['a clock set back after it expired'] },
      ),
      wrong(
        'the verification is timed by the wall clock',
        'verify',
        'const { clock } = context',
        `const wall = context.clock
    const clock = { now: () => wall.now(), monotonic: () => wall.now(), sleep: wall.sleep.bind(wall) }
`,
      ),
    ],
  },
  {
    row: '23',
    happens: 'the disk is full',
    ends: 'before the push: refused, exit 10; after it: the ballast gives enough space to put back and read back, exit 6; without the ballast nothing more is sent, and the timer puts the switch back',
    mutants: [
      wrong(
        'a journal that could not be written is written again',
        'newWriting',
        'if (isFinal(error) && !isRefusedAlone) broken = error',
        'isFinal(error)',
        struck('row 23: the disk is full', 'no ballast is there'),
      ),
      wrong(
        'no room is asked for before a switch is changed',
        'actLog',
        'if (leadsOn) room.require()',
        '',
        struck('row 23: the disk is full', 'nearly, before the push'),
      ),
      wrong(
        'the ballast is not given up',
        'newWriting',
        '|| !room.release(error)) throw error',
        '|| room !== undefined) throw error',
        struck('row 23: the disk is full', 'the ballast is given up'),
      ),
      wrong(
        'on the ballast the change goes on',
        'newWriting',
        "if (leadsOn && onlyBack !== undefined && state.status === 'running') throw onlyBack",
        '',
        { file: 'test/change/engine/execution-writer.test.ts', title: ['is given its reserve for what was done'] },
      ),
      wrong(
        'any free byte is room enough',
        'diskRoom',
        'if (left < minFree) throw tooLittle(folder, left, minFree)',
        'if (left < 0) throw tooLittle(folder, left, minFree)',
        { file: 'test/project/system/disk-room.test.ts', title: ['before a switch is changed'] },
      ),
    ],
  },
  {
    row: '24',
    happens: 'the store is altered or damaged on the disk',
    ends: 'the chain names the record, and nothing is sent',
    mutants: [
      wrong(
        'the content of a record is not hashed again',
        'requireUnaltered',
        "typeof row.body !== 'string' || !isHashed(row)",
        'row.n < 0',
        { file: 'test/change/record/sqlite/decisions.test.ts', title: ['are not believed after %s'] },
      ),
    ],
  },
  {
    row: '24b',
    happens: 'kill -9 while the journal is written',
    ends: 'no acknowledged record is lost, no record is incomplete, and the chain verifies',
    mutants: [
      wrong(
        'the records of one append are written one by one',
        'Connection',
        'this.#transaction.immediate(work) as T',
        'work()',
        { file: 'test/change/record/sqlite/processes.test.ts', title: ['kills during bursts'] },
      ),
    ],
    without: 'The tests kill a process; they do not cut the power.',
  },
  {
    row: '25',
    happens: 'the store is locked, or lies on a network file system',
    ends: 'the write-ahead log is synced for each record; eosflow waits five seconds for a lock, then the state fails; a network file system is refused, unless a setting allows it: then it is on record',
    mutants: [
      wrong(
        'what is written is not synced',
        'writer',
        "database.pragma('synchronous = FULL')",
        "database.pragma('synchronous = OFF')",
        struck('row 25: the store syncs each write'),
      ),
      wrong(
        'a lock is not waited for',
        'writer',
        'return opened(path, { timeout: BUSY_MILLISECONDS }, (database) => {',
        'return opened(path, { timeout: 0 }, (database) => {',
        struck('row 25: the store is locked', 'for five seconds'),
      ),
      wrong(
        'a lock breaks the journal for good',
        'newWriting',
        'const isRefusedAlone = error === onlyBack || isUnmet || (isLocked(error) && events.some(isForward))',
        'const isRefusedAlone = error === onlyBack || isUnmet',
        struck('row 25: the store is locked', 'before the timed commit'),
      ),
      wrong(
        'a store may lie anywhere',
        'openProjectFile',
        'if (!project.settings.disk.allowNetwork) requireLocalDisk(project.store, disk)',
        '',
        struck('row 25: the store lies on a network file system', 'refused'),
      ),
    ],
  },
  {
    row: '26',
    happens: 'the store is lost',
    ends: '`recover --scan` finds and reports what eosflow left on the switches, and aborts it only when a person says so',
    mutants: [
      wrong(
        'what is found is ended unasked',
        'recover',
        'names.length > 0 ? await wantedOf(app, found, names) : await choose(found)',
        "names.length > 0 ? await wantedOf(app, found, names) : found.flatMap((one) => ('failure' in one ? [] : one.sessions.map((session) => ({ device: one.device, session }))))",
        recover('finds open sessions, timers and checkpoints'),
      ),
    ],
  },
  {
    row: '26b',
    happens: 'the store is deleted, moved away, emptied or replaced while a change runs',
    ends: 'noticed before the next record and the next write: the change goes no further, every touched switch is put back and read back, never exit 0; if another store may be at the path, only aborts are sent, and a confirmed switch is unknown',
    mutants: [
      wrong(
        'a record is written to whatever file is open',
        'storeFile',
        'requireThere()\n    const outcomes = toFile()',
        'const outcomes = toFile()',
      ),
      wrong(
        'a restore is sent although somebody else may hold the switch',
        'storeFile',
        "else if (fateNow() !== 'gone') refuse(device)",
        "else if (fateNow() === 'there') refuse(device)",
      ),
    ],
  },
  {
    row: '27',
    happens: 'the approval is withdrawn while the timer runs',
    ends: 'put back and read back, never confirmed',
    mutants: [
      wrong(
        'nobody hears what is said of the approval before the confirm',
        'approvalPort',
        "const standing = await judge('confirm')\n      if (standing.status !== 'approved') await refuse(standing)",
        "await judge('confirm')",
      ),
    ],
  },
  {
    row: '28',
    happens: 'an approval or a lease ends in the middle of an execution',
    ends: 'both are checked right before each timed commit and each write; to put back needs neither',
    mutants: [
      wrong(
        'the approval is not judged again before the commit',
        'approvalPort',
        "const standing = await judge(change === undefined ? 'start' : 'commit', change)\n      if (standing.status !== 'approved') await refuse(standing)",
        "const standing = await judge(change === undefined ? 'start' : 'commit', change)\n      if (standing.status === 'missing') await refuse(standing)",
        approval('that expires between the timed commit of one switch and the next stops the second'),
      ),
      wrong(
        'a write is sent without asking for the lease',
        'sqliteStore',
        'if (held !== undefined) requireToken(heads.leases.get(device), held, { execution, device })\n        const newest = heads.execution(execution)?.last ?? null\n        requireNewestWriter(newest, appends.writtenTo(execution), { execution, device })\n',
        '',
        struck('row 18: a process that stood still'),
      ),
      wrong(
        'an eAPI write leaves under a fence that is too old',
        'sendUnder',
        'fence.requireFresh()',
        '',
        fenceOfRows('eapi', 'eAPI ', ', EOS '),
      ),
      wrong(
        'a line is typed under a fence that is too old',
        'ShellDialogue',
        'this.#fence?.requireFresh()\n    this.#terminal.write(text)\n',
        'this.#terminal.write(text)',
        fenceOfRows('ssh', 'SSH in memory, EOS'),
      ),
    ],
    without:
      'An execution keeps the identity that it began with, so no token of an identity provider can expire in the middle.',
  },
  {
    row: '29',
    happens: 'some switches of a fleet fail',
    ends: 'no further switch is changed, confirmed switches are restored and read back, and the report shows each switch; all switches are confirmed before one is saved, and no confirm begins without time left for the others',
    mutants: [
      wrong(
        'each switch is saved before the next one is confirmed',
        'confirmEach',
        "concurrency, [task('Confirm', 'confirm', {}, at)], at)",
        "concurrency, [task('Confirm', 'confirm', {}, at), task('SaveIt', 'save', {}, at)], at)",
        slowSave('are confirmed before the first is saved, however slow saves are'),
      ),
      wrong(
        'a confirm is begun however long the others will take',
        'confirm',
        'await requireTimeForAll(context, name)',
        '',
        slowSave('a confirm is not begun without time left for the others'),
      ),
      wrong(
        'what is confirmed is not restored',
        'putBack',
        "await act(context, name, 'restore', detail, (device) => device.restore(checkpoint), goneWith(context, name))",
        '',
        inTable('a second switch that refuses its confirm'),
      ),
    ],
  },
  {
    row: '30',
    happens: 'SIGTERM or SIGINT, or the terminal is closed (SIGHUP)',
    ends: 'before the timed commit: aborted, untouched; after it: put back and read back, exit 11; if nobody reads the output any more, the change goes on',
    mutants: [
      wrong(
        'the last safe point is passed by',
        'stopUnlessWanted',
        'if (!context.signal.aborted) return',
        'if (context.signal !== undefined) return',
        inTable('an interrupt before the timed commit'),
      ),
      wrong(
        'SIGHUP ends the process',
        'terminal',
        "['SIGINT', 'SIGTERM', 'SIGHUP'] as const",
        "['SIGINT', 'SIGTERM'] as const",
        interrupted('a real process that gets %s'),
      ),
      wrong(
        'what was a terminal is set back at the end',
        'dropTerminals',
        'if (isatty(fd)) continue',
        'if (fd >= 0) continue',
        interrupted('a real process whose terminal is closed'),
      ),
    ],
  },
  {
    row: '30b',
    happens: 'a second interrupt',
    ends: 'exit 130 with a line that says where each switch is and what to do; while a confirmed switch still has to be put back, only the third interrupt ends the process',
    mutants: [
      wrong(
        'a confirmed switch is left as it is',
        'newInterrupts',
        'if (unprotected.length > 0 && !warned) {',
        'if (unprotected.length > 99 && !warned) {',
        interrupts('while no commit timer protects a switch'),
      ),
      wrong(
        'a closed terminal counts as two interrupts',
        'newInterrupts',
        "else if (signal !== 'SIGHUP' && asked > 1) leave()",
        'else leave()',
        interrupts('a terminal that is closed'),
      ),
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
      wrong(
        'the identity is not compared',
        'isSameSwitch',
        'return a.serial === b.serial && a.systemMac === b.systemMac',
        'return a.serial === b.serial || a.serial !== b.serial',
        struck('another switch behind the address is sent nothing that writes'),
      ),
    ],
  },
  {
    row: '32b',
    happens: 'the answer to a write belongs to another request, or says done with an error message',
    ends: 'eosflow asks the switch; a switch that was seen to run the change is never called untouched',
    mutants: [
      wrong(
        'the error of another request is believed',
        'failedAnswer',
        "if (!isOfRequest) throw notEapi('it answers another request')",
        '',
        inTable('the switch is asked, and the end is the true one'),
      ),
      wrong(
        'a commit that complains has changed nothing',
        'foldSettled',
        "before.armedRecord === undefined || (found !== 'armed' && found !== 'target')",
        'before.armedRecord === undefined || found !== undefined',
        { file: 'test/change/engine/switch-record.test.ts', title: ['a timed commit that was refused, and is found'] },
      ),
    ],
  },
  {
    row: '33',
    happens: 'the switch cannot load its own configuration again: its timer, an abort and a restore would fail',
    ends: 'found before the first commit on that configuration: exit 10 with the line, nothing is committed, no session is left',
    mutants: [
      wrong(
        'nobody asks whether it can',
        'requireReplay',
        "if (check === 'off' || base === undefined || base === replayed) return",
        "if (check === 'off' || base === undefined || base !== replayed) return",
      ),
      wrong(
        'a line that is left out in silence passes',
        'readReplay',
        "if (diff !== undefined && refused.length === 0 && printedDiff(diff) === '') return { replays: 'yes' }",
        "if (diff !== undefined && refused.length === 0) return { replays: 'yes' }",
      ),
      wrong(
        'a difference is only warned of',
        'requireReplay',
        "if (found.replays === 'no' && check === 'demand') throw error",
        "if (found.replays === 'yes') throw error",
      ),
    ],
  },
  {
    row: '34',
    happens: 'while the lines load, the switch announces a risk that is not in the approved plan',
    ends: 'exit 5: the session is aborted, nothing is committed',
    mutants: [
      wrong('what it says at the push is not looked at', 'stageApproved', 'requireSaid(said)', ''),
      wrong(
        'any risk in the plan allows all of them',
        'requireKnownRisks',
        '.filter((one) => !known.includes(one))',
        '.filter(() => known.length === 0)',
      ),
    ],
  },
  {
    row: '35',
    happens: 'after the timed commit the list of sessions is out of date, or shows the timer in an unknown form',
    ends: 'the list is read again for six seconds; then the switch is put back, exit 6, and the report shows the JSON keys that the switch gave',
    mutants: [
      wrong(
        'the first list decides',
        'requireOwnTimer',
        'looks === LOOKS',
        'looks === 1',
        inTable('a session list that lags'),
      ),
      wrong(
        'a timer of any length is ours',
        'isOurs',
        '&& (timer === undefined || armed.secondsLeft <= timer + SLACK)',
        '',
        inTable('put back, and the keys are named'),
      ),
    ],
  },
  {
    row: '36',
    happens: 'the switch asks a question over SSH while the change is loaded',
    ends: 'the report shows the question, and nobody answers it: the shell is closed, the session is aborted, nothing is committed',
    mutants: [
      wrong(
        'a question among typed lines is taken for another prompt',
        'loadLines',
        'if (question !== undefined) asked(at, question)',
        "if (question === '') asked(at, question)",
      ),
      wrong('the shell is used on', 'loadLines', 'shell.close()', ''),
    ],
  },
  {
    row: '37',
    happens: 'the checkpoint that eosflow saved is missing, or old checkpoints fill the switch',
    ends: 'exit 10, nothing is committed; each change deletes the checkpoints that nobody needs, but none of an execution that ended unknown',
    mutants: [
      wrong(
        'nobody looks for it',
        'requireListed',
        'if (listed.includes(checkpoint)) return',
        'if (listed.length >= 0) return',
        own('a checkpoint that was saved and is not listed: nothing is committed'),
      ),
      wrong(
        'the newest goes too',
        'pastCheckpoints',
        '.slice(0, -1)',
        '.slice(0)',
        own('the next change deletes those that nobody needs, and leaves the newest and what is not ours'),
      ),
      wrong(
        'one of an unknown end goes',
        'isSpent',
        "if (state.outcome === 'unknown') return false",
        "if (state.outcome === 'unknown') return true",
        own('none of an execution whose end is unknown'),
      ),
    ],
  },
  ...MANY_ROWS,
]
