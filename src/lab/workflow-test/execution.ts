import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ExecutionState } from '../../change/engine/state.ts'
import { prepare } from '../../change/plan/prepare.ts'
import { recordedPlan } from '../../change/plan/stored-plan.ts'
import { cursorBehind } from '../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { unlimitedRoom } from '../../change/record/room.ts'
import { openStore } from '../../change/record/sqlite/open-store.ts'
import { heardJournal } from '../../change/record/store/journal.ts'
import type { Leases } from '../../change/record/store/lease.ts'
import type { Store } from '../../change/record/store/store.ts'
import { allowedHost } from '../../eos/transport/http/allowed-host.ts'
import { NOTHING_SEEN, noticesDue, watched } from '../../features/notify/notice/watch.ts'
import { scheduleActs } from '../../features/schedule/perform-schedule.ts'
import { ScheduleRunner } from '../../features/schedule/schedule-runner.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError, messageOf, problemOf } from '../../model/error.ts'
import type { AllowedHost, HttpPort } from '../../model/http-port.ts'
import { definedMembers } from '../../model/json.ts'
import type { Principal } from '../../model/principal.ts'
import type { App, RecordApp } from '../../project/app/app.ts'
import { decideLocally } from '../../project/approval/approvals.ts'
import { beginAndRun, resumeHere } from '../../project/execution/run/run.ts'
import type { Project } from '../../project/files/project.ts'
import { afterOf } from '../../project/history/schedules/known-schedule.ts'
import type { Caller } from '../../project/identity/caller-of.ts'
import { systemClock } from '../../project/system/machine/system-clock.ts'
import { InputError, inputError, orProblems, problemText } from '../../project/system/process/input-error.ts'
import { writeUnlinked } from '../../project/system/process/unlinked-file.ts'
import type { Failure } from '../../report/test-results/test-results.ts'
import { afterView } from '../../report/view/after-words.ts'
import { absentProblem } from '../../text/source/files.ts'
import { problemsOf, refuse } from '../../text/source/located.ts'
import { SeededRandom } from '../trial/seeded-random.ts'
import { adoptFabric, type FrontEnd, silentConsole, simulatedLogins, trialApp } from '../trial/trial-app.ts'
import { startTrialThread, type TrialRunner } from '../trial/trial-thread.ts'
import { judge } from './judge.ts'
import { goldenPlan } from './judge-config.ts'
import { type AfterEvidence, type CaseExecution, evidenceOf, type Lab, lookBefore, startLab } from './lab.ts'
import { readTestFile } from './read-test-file.ts'
import { caseTitle, secondsAfter, type TestCase, type Texts } from './schema.ts'

type Execute = (testCase: TestCase, lab: Lab) => Promise<CaseExecution>

interface CaseVerdict {
  readonly failures: readonly Failure[]
  readonly milliseconds: number
  // The golden plan that was written, by its path from the project's root; absent where it was so already.
  readonly wrote?: string
}

export interface CaseResult extends CaseVerdict {
  readonly testCase: TestCase
}

interface TestPorts {
  readonly execute: Execute
  readonly texts: Texts
  readonly clock: Clock
  readonly update?: (path: string, text: string) => void
}

export async function runCase(testCase: TestCase, ports: TestPorts): Promise<CaseVerdict> {
  const begun = ports.clock.monotonic()
  const verdict = await judged(testCase, ports).catch((error: unknown) => ({ failures: [broken(testCase, error)] }))
  return { ...verdict, milliseconds: Math.round(ports.clock.monotonic() - begun) }
}

async function judged(
  testCase: TestCase,
  { execute, texts, clock, update }: TestPorts,
): Promise<Omit<CaseVerdict, 'milliseconds'>> {
  const lab = startLab(testCase, clock)
  const before = lookBefore(lab)
  const executed = await lab.whileTimePasses(execute(testCase, lab))
  const evidence = evidenceOf(lab, before, executed)
  const { goldenPath } = testCase
  const golden = goldenPath === undefined || evidence.plan === undefined ? undefined : goldenPlan(evidence.plan)
  const isNew = goldenPath !== undefined && golden !== undefined && texts.read(goldenPath) !== golden
  if (update !== undefined && isNew) update(goldenPath, golden)
  return {
    failures: await judge(testCase, evidence, lab, texts),
    ...(update !== undefined && isNew ? { wrote: goldenPath } : {}),
  }
}

function broken({ at }: TestCase, error: unknown): Failure {
  const actual = messageOf(error)
  return { at, what: 'unexpected error', expected: 'an execution that ends', actual }
}

async function watchAfter(
  app: App,
  caller: Caller,
  testCase: TestCase,
  { lab, execution }: { readonly lab: Lab; readonly execution: string },
): Promise<AfterEvidence | undefined> {
  const moments = momentsOf(testCase)
  const standing = await afterOf(app, execution)
  if (standing === undefined || (moments.length === 0 && testCase.expect.after === undefined)) return undefined
  const { clock } = app
  const begun = clock.now()
  const over = Date.parse(standing.subject.until) + 1_000
  const { in: seconds = Number.POSITIVE_INFINITY } = testCase.expect.after ?? {}
  const end = Math.min(over, begun + seconds * 1000)
  const runner = new ScheduleRunner({
    app,
    schedules: [],
    mayWait: true,
    ...scheduleActs(app, caller, NOTHING_ELSE),
    failed: (what, error) => {
      throw new EosflowError('bug', `${what}: ${messageOf(error)}`)
    },
  })
  let waiting = moments
  for (;;) {
    const next = await runner.look()
    await runner.end()
    const now = clock.now()
    if (now >= end) break
    const [first] = waiting
    const moment = first === undefined ? end : begun + first.seconds * 1000
    await clock.sleep(Math.max(1, Math.min(next ?? end, moment, end) - now))
    for (const { name } of waiting.filter(({ seconds }) => begun + seconds * 1000 <= clock.now())) lab.begin(name)
    waiting = waiting.filter(({ seconds }) => begun + seconds * 1000 > clock.now())
  }
  const { state, words } = afterView((await afterOf(app, execution)) ?? standing, clock.now())
  return { state, words, notices: await noticesOf(app) }
}

function momentsOf({ faults, trials }: TestCase) {
  const answers = trials.flatMap((trial) => Object.values(trial.answers).flat())
  const named = [...faults, ...answers].flatMap(({ when }) => {
    const seconds = secondsAfter(when)
    return when === undefined || seconds === undefined ? [] : [{ name: when, seconds }]
  })
  return named.toSorted((one, other) => one.seconds - other.seconds)
}

const notSo = () => Promise.reject(new EosflowError('bug', 'an after-watch begins nothing'))
const NOTHING_ELSE = { begin: notSo, through: notSo, rehearse: notSo }

async function noticesOf({ store, clock }: RecordApp) {
  const events: JournalEvent[] = []
  for (let cursor = cursorBehind(undefined); ; ) {
    const tail = await store.tail(cursor)
    if (tail.events.length === 0) break
    events.push(...tail.events)
    cursor = tail.cursor
  }
  const opened: string[] = []
  let watch = NOTHING_SEEN
  for (const event of events) {
    watch = watched(watch, event)
    if (event.type !== 'ScheduleFinished') continue
    for (const due of noticesDue(watch, { now: clock.now() })) {
      // What is due is as good as on record: a server writes it at once.
      watch = watched(watch, { ...event, ...due } as JournalEvent)
      if (due.type === 'NoticeOpened') opened.push(due.notice)
    }
  }
  return opened
}

// The key of every digest in a test: the same each time, and of no other use.
const KEY = 'workflow-tests-have-a-key-that-is-no-secret'

const DETACHED = { detach: true }

/**
 * Executes the workflow of a test as `eosflow run --detach`, then `approve` or `reject`, then `resume` do it: the same
 * code on a store in memory, against the switches of the lab instead of those of the inventory.
 */
export function testExecution(project: Project, frontEnd: FrontEnd): Execute {
  return async (testCase, lab) => {
    const store = await openStore({ path: ':memory:', installKey: KEY, clock: lab.clock })
    try {
      const app = appOf({ ...project, files: testCase.files }, testCase, { lab, store, frontEnd })
      const caller = { ...silentConsole(lab.stop), principal: person('tester') }
      const { workflow, fabric, intended } = testCase
      const takenAt = new Date(lab.clock.now()).toISOString()
      if (workflow.change.mode === 'replace') await adoptFabric(store, caller.principal, { fabric, intended, takenAt })
      const { state, plan } = await execute(testCase, lab, app, caller)
      const after = await watchAfter(app, caller, testCase, { lab, execution: state.id })
      return {
        state,
        events: await store.read(state.id),
        ...definedMembers({ plan }),
        exit: frontEnd.exitOf(state),
        error: errorOf(state),
        ...definedMembers({ after }),
      }
    } catch (error) {
      return refused(error, frontEnd)
    } finally {
      await store.close()
    }
  }
}

async function execute(testCase: TestCase, lab: Lab, app: App, caller: Caller) {
  const { project, store } = app
  const { workflow, given, target, approvals } = testCase
  const prepared = orProblems(
    prepare({
      workflow,
      given,
      inventory: project.inventory(),
      files: project.files,
      ...definedMembers({ only: target }),
    }),
  )
  let state = await beginAndRun(app, caller, { judged: 'elsewhere', purpose: 'run', prepared }, DETACHED)
  const plan = await planOf(store, state)
  if (state.status !== 'ended' && plan !== undefined && approvals.length > 0) {
    for (const { by, decision, after = 0, comment } of approvals) {
      await lab.clock.sleep(after * 1000)
      await decideLocally(app, { principal: person(by) }, plan, { decision, comment })
    }
    state = await resumeHere(app, caller, state.id, DETACHED)
  }
  return { state, plan }
}

async function planOf(store: Store, { plan }: ExecutionState) {
  return plan === undefined ? undefined : await recordedPlan(store, plan.ref)
}

function errorOf({ compensation, ends }: ExecutionState) {
  if (compensation === undefined) return ''
  const { kind, message, hint, device } = compensation.error
  const whose = device === undefined || message.includes(device) ? '' : `${device}: `
  const details = [...ends.sortBy((_, device) => device)].map(
    ([device, { end, detail }]) => `${device} ${end}: ${detail}`,
  )
  return [`✖ ${kind}: ${whose}${message}`, ...(hint === undefined ? [] : [hint]), ...details].join('\n')
}

function refused(error: unknown, { exitOf }: FrontEnd): CaseExecution {
  if (error instanceof InputError) {
    return { events: [], exit: exitOf(error), error: error.problems.map(problemText).join('\n') }
  }
  if (!(error instanceof EosflowError)) throw error
  return { events: [], exit: exitOf(error), error: `✖ ${error.kind}: ${error.message}` }
}

function person(name: string): Principal {
  return { issuer: 'local', id: `local:test:${name}@lab`, kind: 'person', auth: 'os' }
}

function appOf(
  project: Project,
  { fabric }: TestCase,
  { lab, store, frontEnd }: { readonly lab: Lab; readonly store: Store & Leases; readonly frontEnd: FrontEnd },
) {
  const inventory = simulatedLogins(project.inventory(), fabric)
  return trialApp({
    // Whoever approves in a test is made up: what a policy says is tested by its own table.
    project: { ...project, inventory: () => inventory, policy: () => undefined },
    store,
    room: unlimitedRoom,
    clock: lab.clock,
    // The same test takes the same way each time, however its rounds are spread.
    seams: { random: new SeededRandom() },
    key: KEY,
    words: frontEnd.words,
    transport: lab.transport,
    http: allowedOnly(lab.services.http, project.settings.http?.hosts ?? []),
    journal: (journal) => heardJournal(journal, [() => ({ written: (written) => lab.saw(written) })]),
  })
}

function allowedOnly(http: HttpPort, hosts: readonly AllowedHost[]): HttpPort {
  return {
    scrub: (text) => http.scrub(text),
    send: async (request, signal) => {
      allowedHost(hosts, new URL(request.url), request.name)
      return http.send(request, signal)
    },
  }
}

export interface Selection {
  readonly files: readonly string[]
  readonly filter?: string
}

/** Throws InputError with everything that is wrong with any of the files. */
export function selectedCases(project: Project, { files, filter }: Selection): readonly TestCase[] {
  if (files.length === 0) {
    const hint = '`eosflow init` writes one; `eosflow schema test` prints its schema'
    throw inputError('tests/', 'no-tests', 'there is no `*.test.yaml` in the project', hint)
  }
  const { files: texts, policyPresent, settings } = project
  const context = {
    files: texts,
    inventory: project.inventory(),
    policyPresent,
    features: project.features,
    settings,
  }
  const read = files.map((file) => {
    const content = project.files(file)
    if (content !== undefined) return readTestFile(content, file, context)
    const hint = 'check the path; without one every test of the project runs'
    const missing = problemOf(file, 'no-such-file', 'there is no such file in the project', hint)
    return refuse<readonly TestCase[]>(absentProblem(project.files, file, missing))
  })
  const problems = read.flatMap(problemsOf)
  if (problems.length > 0) throw new InputError(problems)
  return filtered(
    read.flatMap((one) => (one.ok ? one.value : [])),
    filter,
  )
}

export function testPorts(project: Project, update: boolean, frontEnd: FrontEnd): TestPorts {
  const ports: TestPorts = {
    execute: testExecution(project, frontEnd),
    clock: systemClock,
    texts: {
      read: (path) => {
        const content = project.files(path)
        return content === undefined ? undefined : Buffer.from(content).toString('utf8')
      },
    },
  }
  if (!update) return ports
  return {
    ...ports,
    update: (path, text) => {
      const file = join(project.dir, path)
      mkdirSync(dirname(file), { recursive: true })
      writeUnlinked(file, text)
    },
  }
}

function filtered(cases: readonly TestCase[], filter: string | undefined) {
  if (filter === undefined) return cases
  const found = cases.filter((one) => caseTitle(one).toLowerCase().includes(filter.toLowerCase()))
  if (found.length > 0) return found
  const hint = 'the text is looked for in file and name of each case, large and small letters alike'
  throw inputError('--filter', 'no-such-test', `no case matches \`${filter}\``, hint)
}

const CASES_PER_THREAD = 6
const MOST_THREADS = 8

export interface TestJob {
  readonly dir: string
  readonly selection: Selection
  readonly update: boolean
}

interface TestRun {
  readonly project: Project
  readonly selection: Selection
  readonly cases: readonly TestCase[]
  readonly update: boolean
  readonly stop: AbortSignal
  readonly frontEnd: FrontEnd
  // The built module of a thread, where there is one, and how many threads run at once on this machine.
  readonly threads: { readonly module: URL | undefined; readonly cores: number }
  tell(result: CaseResult): void
}

/** Runs every case once, on as many threads as there are cores for, and gives the results in the order of the cases. */
export async function runCases(run: TestRun): Promise<readonly CaseResult[]> {
  const { project, selection, update, frontEnd } = run
  const { module, cores } = run.threads
  const threads = Math.min(cores, MOST_THREADS, Math.floor(run.cases.length / CASES_PER_THREAD))
  if (threads < 2 || module === undefined) {
    const ports = testPorts(project, update, frontEnd)
    return onRunners(run, [(index) => runCase(caseAt(run, index), ports)])
  }
  const job: TestJob = { dir: project.dir, selection, update }
  const started = Array.from({ length: threads }, () => startTrialThread<CaseVerdict>(module, job))
  try {
    return await onRunners(
      run,
      started.map(({ run }) => run),
    )
  } finally {
    await Promise.all(started.map(({ end }) => end()))
  }
}

async function onRunners(run: TestRun, runners: readonly TrialRunner<CaseVerdict>[]): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = []
  let next = 0
  const work = async (runner: TrialRunner<CaseVerdict>) => {
    for (let index = next++; index < run.cases.length; index = next++) {
      if (run.stop.aborted) throw new EosflowError('cancelled', 'stopped before every test had run')
      const result = { testCase: caseAt(run, index), ...(await runner(index)) }
      results[index] = result
      run.tell(result)
    }
  }
  await Promise.all(runners.map(work))
  return results
}

function caseAt({ cases }: TestRun, index: number) {
  const found = cases[index]
  if (found === undefined) throw new RangeError(`no case ${index}`)
  return found
}
