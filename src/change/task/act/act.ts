import { type Device, freePlaces, isOpen, type Look } from '../../../eos/device/device.ts'
import type { DeviceHistory } from '../../../eos/device/history.ts'
import { isOwnerGone, OWNER_PLACES, ownerProof } from '../../../eos/device/owner-proof.ts'
import type { Act, ActDetail } from '../../../model/act.ts'
import { ownsOn } from '../../../model/arm-terms.ts'
import { EosflowError, type ErrorKind, errorRecord } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import type { AbsentSwitch, ActLog, TaskContext } from './context.ts'
import { isSameSwitch } from './switch-identity.ts'

/** Does one act to a switch, as {@link actOnce} does; where the execution keeps owner sessions there, under that of this process (ADR 84). Nobody has taken over then, because the outcome came onto the record: a new one is opened. */
export async function act<T>(
  context: TaskContext<unknown>,
  name: string,
  kind: Act,
  detail: ActDetail,
  send: (device: Device) => Promise<T>,
  keep?: (result: T) => Promise<KeptTexts>,
): Promise<ActResult<T>> {
  const under = (held: string | undefined) =>
    held === undefined
      ? actOnce(context, name, kind, detail, send, keep)
      : actOnce(context, name, kind, { ...detail, held }, (device) => send(device.heldBy(held)), keep)
  const held = await heldFor(context, name, { kind, detail })
  try {
    return await under(held)
  } catch (error) {
    if (held === undefined || leadsOn(kind) || !isOwnerGone(error, held)) throw error
    return under(await heldFor(context, name, { kind, detail, gone: held }))
  }
}

const GRAVEST: readonly ErrorKind[] = [
  'bug',
  'store',
  'wrong-device',
  'stale',
  'not-authorised',
  'not-approved',
  'window-closed',
  'guard',
  'refused',
  'tls',
  'unauthenticated',
  'unreachable',
  'lost-answer',
  'protocol',
  'busy',
]

/** Does the same to every switch at once and waits for all. */
export async function onEach<T>(devices: readonly string[], act: (device: string) => Promise<T>): Promise<T[]> {
  const settled = await Promise.allSettled(devices.map(act))
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  if (failures.length > 0) throw combined(failures)
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}

/** Does the same to every switch, one after the other. When some fail, throws as {@link onEach} does. */
export function onEachNow<T, R>(items: readonly T[], act: (item: T) => R): readonly R[] {
  const failures: unknown[] = []
  const done = items.flatMap((item) => {
    try {
      return [act(item)]
    } catch (error) {
      failures.push(error)
      return []
    }
  })
  if (failures.length > 0) throw combined(failures)
  return done
}

/** One error for several: the gravest of them, naming every one, and once what several say. */
export function combined(failures: readonly unknown[]): unknown {
  if (failures.length === 1) return failures[0]
  const known = failures.filter((failure) => failure instanceof EosflowError)
  if (known.length < failures.length) return failures.find((failure) => !(failure instanceof EosflowError))
  const [gravest] = known.toSorted((a, b) => rank(a.kind) - rank(b.kind))
  return new EosflowError(gravest?.kind ?? 'bug', grouped(known).join('\n'), {
    ...(gravest?.hint === undefined ? {} : { hint: gravest.hint }),
    cause: gravest,
  })
}

function grouped(failures: readonly EosflowError[]) {
  const switches = new Map<string, Set<string>>()
  for (const { said, names } of failures.flatMap(saidBy)) {
    const known = switches.get(said) ?? new Set()
    for (const name of names) known.add(name)
    switches.set(said, known)
  }
  return [...switches].map(([said, names]) => (names.size === 0 ? said : `${[...names].join(', ')}: ${said}`))
}

function saidBy({ kind, device, message }: EosflowError) {
  if (kind !== 'guard' || device === undefined) return [{ said: message, names: [] }]
  const before = `${device}: `
  return message
    .split('\n')
    .map((line) =>
      line.startsWith(before) ? { said: line.slice(before.length), names: [device] } : { said: line, names: [] },
    )
}

function rank(kind: ErrorKind) {
  const place = GRAVEST.indexOf(kind)
  return place === -1 ? GRAVEST.length : place
}

type MayBeAbsent = (device: string) => boolean

/**
 * Does the same to every switch at once and waits for all. Switches that do not answer are left out where the execution may go on
 * without them; every other failure, and each of them where it may not, is thrown as by `onEach`.
 */
export async function onEachPresent<T>(
  context: Pick<TaskContext<unknown>, 'leaveOut' | 'answered'>,
  devices: readonly string[],
  act: (device: string) => Promise<T>,
  mayBeAbsent: MayBeAbsent = () => true,
): Promise<T[]> {
  let done = 0
  const told = async (device: string) => {
    try {
      return await act(device)
    } finally {
      context.answered?.({ done: ++done, of: devices.length })
    }
  }
  const settled = await Promise.allSettled(devices.map(told))
  const failures = settled.flatMap((one, index) =>
    one.status === 'rejected' ? [named(devices[index] ?? '', one.reason as unknown)] : [],
  )
  const absent = failures.filter((one): one is AbsentSwitch => isAbsent(one) && mayBeAbsent(one.device))
  const isOnlyAbsence = absent.length === failures.length
  if (failures.length > 0 && !(isOnlyAbsence && (await context.leaveOut(absent)))) {
    throw combined(failures.map(({ error }) => error))
  }
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}

function named(device: string, error: unknown) {
  if (!(error instanceof EosflowError) || !isTransient(error) || error.message.includes(device))
    return { device, error }
  const { kind, message, hint } = error
  const options = { device: error.device ?? device, cause: error, ...definedMembers({ hint }) }
  return { device, error: new EosflowError(kind, `${device}: ${message}`, options) }
}

function isAbsent({ device, error }: { readonly device: string; readonly error: unknown }) {
  return error instanceof EosflowError && isTransient(error) && (error.device ?? device) === device
}

// How a switch says that it takes no new login, or says nothing: AAA, an access list, another key behind the port, a keeper that is silent.
const REFUSALS: ReadonlySet<ErrorKind> = new Set([
  'unreachable',
  'lost-answer',
  'unauthenticated',
  'tls',
  'protocol',
  'refused',
  'secret',
])

export function isRefusedLogin(error: unknown): error is EosflowError {
  return error instanceof EosflowError && REFUSALS.has(error.kind)
}

const ATTEMPTS = 3
const FIRST_PAUSE = 250

type Patience = Pick<TaskContext<unknown>, 'clock' | 'random' | 'signal'>

/** Writes never come here. */
export async function read<T>(
  context: Pick<TaskContext<unknown>, 'fleet'> & Patience,
  device: string,
  ask: (device: Device) => Promise<T>,
): Promise<T> {
  return patiently(context, async (attempt) =>
    attempt === 1 ? ask(await context.fleet.device(device)) : askAnew(context, device, ask),
  )
}

async function askAnew<T>(
  { fleet }: Pick<TaskContext<unknown>, 'fleet'>,
  name: string,
  ask: (device: Device) => Promise<T>,
) {
  try {
    return await overNewLogin(fleet, name, ask)
  } catch (refused) {
    if (!isRefusedLogin(refused)) throw refused
    return ask(await fleet.device(name)).catch(() => {
      throw refused
    })
  }
}

async function overNewLogin<T>(
  fleet: TaskContext<unknown>['fleet'],
  name: string,
  ask: (device: Device) => Promise<T>,
) {
  const login = await fleet.logInAnew(name)
  try {
    const answer = await ask(login.device)
    await login.adopt()
    return answer
  } catch (error) {
    await login.giveUp().catch(() => undefined)
    throw error
  }
}

export async function patiently<T>(
  { clock, random, signal }: Patience,
  ask: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask(attempt)
    } catch (error) {
      if (attempt === ATTEMPTS || !isTransient(error) || signal.aborted) throw error
      await clock.sleep(FIRST_PAUSE * 2 ** attempt * (0.5 + random.fraction()), signal)
    }
  }
}

export function isTransient(error: unknown): boolean {
  return error instanceof EosflowError && (error.kind === 'unreachable' || error.kind === 'lost-answer')
}

/** What goes with an act, as its detail has it; absent where nothing was seen. */
export function overwriting(lines: readonly string[]): Pick<ActDetail, 'overwrites'> {
  return lines.length === 0 ? {} : { overwrites: lines }
}

export type KeptTexts = Pick<DeviceHistory, 'base' | 'target' | 'startup' | 'replaced'> & Pick<ActDetail, 'overwrites'>

export type ActOnceContext = Pick<TaskContext<unknown>, 'fleet'> & {
  readonly log: Pick<ActLog, 'intended' | 'finished'>
}

type ActResult<T> = { readonly outcome: 'done'; readonly result: T } | { readonly outcome: 'unknown' }

/** Does one act to a switch, once: the intent is durable before it is sent, the outcome before anything else happens. A lost answer comes back as `unknown`, and the caller asks the switch; a refusal is thrown. */
export async function actOnce<T>(
  context: ActOnceContext,
  name: string,
  kind: Act,
  detail: ActDetail,
  send: (device: Device) => Promise<T>,
  keep: (result: T) => Promise<KeptTexts> = async () => ({}),
): Promise<ActResult<T>> {
  const device = await context.fleet.device(name)
  const patience = device.patience === undefined ? {} : { patience: device.patience }
  await context.log.intended(name, kind, { ...detail, ...patience })
  let result: T
  try {
    result = await send(device)
  } catch (error) {
    const lost = error instanceof EosflowError && (error.kind === 'lost-answer' || error.kind === 'protocol')
    const outcome = lost ? 'unknown' : 'refused'
    await context.log.finished(name, kind, { session: detail.session, outcome, error: errorRecord(error) })
    if (lost) return { outcome: 'unknown' }
    throw error
  }
  await context.log.finished(name, kind, { session: detail.session, outcome: 'done', ...(await keep(result)) })
  return { outcome: 'done', result }
}

const RELEASES = 2

const PASSED_OVER: ReadonlySet<ErrorKind> = new Set([
  ...(['refused', 'unreachable', 'lost-answer', 'protocol', 'unauthenticated', 'tls', 'guard'] as const),
])

/** Acts before the timed commit took effect: without their owner session they are not done. What is behind it is not given up for that. */
export function leadsOn(kind: Act): boolean {
  return kind === 'stage' || kind === 'replay' || kind === 'prune' || kind === 'arm'
}

interface Wanted {
  readonly kind: Act
  readonly detail: ActDetail
  readonly gone?: string
}

// The owner session under which an act is done; undefined where there is none. Throws what opening it throws where the act leads on.
async function heldFor(
  context: TaskContext<unknown>,
  name: string,
  { kind, detail, gone }: Wanted,
): Promise<string | undefined> {
  const { holds = 0 } = context.history(name)
  const isPlan = kind === 'stage' && detail.checkpoint === undefined
  if (holds === 0 || isPlan) return undefined
  return tried(kind, async () => {
    await releaseOthers(context, name)
    if (kind === 'abort' || !context.armTerms.ownerSession) return undefined
    const mine = ownersOf(context, name).findLast((owner) => owner.isOpen && context.isOfThisProcess(owner.record))
    if (mine !== undefined && mine.session !== gone) return mine.session
    return leadsOn(kind) ? undefined : hold(context, name)
  })
}

async function tried<T>(kind: Act, work: () => Promise<T>) {
  if (leadsOn(kind)) return work()
  return work().catch(passOver)
}

/**
 * Opens the owner session of this process on a switch that is about to be changed, where the settings want it and its EOS version is proven. Throws
 * `busy` where it has too few places for config sessions, and what opening it throws.
 */
export async function holdSwitch(
  context: TaskContext<unknown>,
  name: string,
  { identity, sessions }: Pick<Look, 'identity' | 'sessions'>,
): Promise<void> {
  if (!ownsOn(context.armTerms, identity.eos)) return
  await releaseOthers(context, name)
  requirePlaces(name, sessions)
  await hold(context, name)
}

export async function releaseSwitch(context: TaskContext<unknown>, name: string): Promise<boolean> {
  const owners = ownersOf(context, name)
  if (owners.length === 0) return false
  const device = await context.fleet.device(name).catch(passOver)
  const look = await device?.look([]).catch(passOver)
  if (look === undefined) return false
  const { identity } = await context.change.planned(name)
  if (!isSameSwitch(look.identity, identity)) return false
  for (const { session } of owners) await release(context, name, session).catch(passOver)
  return true
}

function ownersOf(context: TaskContext<unknown>, name: string) {
  return context.history(name).owners ?? []
}

async function releaseOthers(context: TaskContext<unknown>, name: string) {
  for (const { session, record } of ownersOf(context, name)) {
    if (!context.isOfThisProcess(record)) await release(context, name, session)
  }
}

async function hold(context: TaskContext<unknown>, name: string) {
  const session = ownerSessionName(context.execution, (context.history(name).holds ?? 0) + 1)
  const held = await actOnce(context, name, 'hold', { session }, (device) => device.hold(session))
  if (held.outcome === 'done') return session
  if (!(await isShown(context, name, session))) {
    const message = `${name}: the answer to the opening of the owner session ${session} was lost`
    throw new EosflowError('lost-answer', message, { device: name })
  }
  await context.log.finished(name, 'hold', { session, outcome: 'done' })
  return session
}

async function release(context: TaskContext<unknown>, name: string, session: string) {
  let refused: unknown
  for (let tries = 1; tries <= RELEASES; tries++) {
    const released = await actOnce(context, name, 'release', { session }, (device) => device.abort(session)).catch(
      (error: unknown) => {
        if (!(error instanceof EosflowError) || error.kind !== 'refused') throw error
        refused = error
        return undefined
      },
    )
    if (released?.outcome === 'done') return
    if (!(await isGone(context, name, session))) continue
    await context.log.finished(name, 'release', { session, outcome: 'done' })
    return
  }
  const message = `${name}: the owner session ${session} could not be ended`
  throw refused ?? new EosflowError('lost-answer', message, { device: name })
}

async function isShown(context: TaskContext<unknown>, name: string, session: string) {
  const [shown] = await read(context, name, (device) => device.print([ownerProof(session)]))
  return shown?.ok === true
}

// Another switch, to which the address leads by now, never had it: the request that does not show the session says which switch answers.
// Throws `lost-answer` where it is another one.
async function isGone(context: TaskContext<unknown>, name: string, session: string) {
  if (await isShown(context, name, session)) return false
  const { identity, sessions } = await read(context, name, (device) => device.look([]))
  if (!isSameSwitch(identity, (await context.change.planned(name)).identity)) {
    const message = `${name}: another switch answers, serial ${identity.serial}: nothing is known of the end of the owner session ${session}`
    throw new EosflowError('lost-answer', message, { device: name })
  }
  return !isOpen(sessions.sessions[session] ?? 'completed')
}

function requirePlaces(name: string, sessions: Look['sessions']) {
  const [free, all] = [freePlaces(sessions), sessions.maxOpenSessions]
  if (free >= OWNER_PLACES) return
  const message = `${name}: ${all - free} of ${all} config sessions are pending, and a change under an owner session needs ${OWNER_PLACES} places`
  throw new EosflowError('busy', message, {
    device: name,
    hint: `eosflow sessions list -t ${name}; eosflow sessions gc removes those of ours. Without \`ownerSession\` a change needs one place less.`,
  })
}

function passOver(error: unknown) {
  if (error instanceof EosflowError && PASSED_OVER.has(error.kind)) return undefined
  throw error
}

export const OWN_SESSIONS = 'eosflow-'

/** What all config sessions of one execution begin with: its last eight hex digits tell executions apart. */
export function sessionPrefix(execution: string): string {
  return `${OWN_SESSIONS}${execution.slice(-8)}-`
}

/** Never used twice: EOS refuses to re-enter a completed name (docs/eos.md 2.6), and a name is the fence that keeps a late answer from meaning a newer act. */
export function sessionName(execution: string, n: number): string {
  return `${sessionPrefix(execution)}${n}`
}

// The name of the n-th owner session of an execution on a switch: the empty config session that the process which drives it keeps
// there. Never used twice: whoever takes over has another one, and so has who opens it anew.
function ownerSessionName(execution: string, n: number): string {
  return `${sessionPrefix(execution)}own${n}`
}

export function isOwnerSession(session: string): boolean {
  return /^eosflow-[0-9a-f]{8}-own\d+$/.test(session)
}

/**
 * The checkpoint that an execution saves before it changes a switch. None is saved twice, since the one of before may be the only copy of
 * the configuration before the change: a later one has the number of the config session that it is saved for.
 */
export function checkpointName(execution: string, n?: number): string {
  const first = `${OWN_SESSIONS}${execution.slice(-8)}`
  return n === undefined ? first : `${first}-${n}`
}

/** What the first checkpoint is called of the execution that has saved one of this name; undefined where none of eosflow is called so. */
export function firstCheckpoint(name: string): string | undefined {
  return /^(eosflow-[0-9a-f]{8})(?:-\d+)?$/.exec(name)?.[1]
}
