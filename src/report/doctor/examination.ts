import { transportFacts } from '../../change/inventory/transports.ts'
import { behindWords, type ClockRule } from '../../change/record/clock-rule.ts'
import { BrokenChainError } from '../../change/record/seal/chain.ts'
import { OWN_SESSIONS, sessionPrefix } from '../../change/task/act/act.ts'
import { streamsTo } from '../../eos/config/streams-to.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import { clockAgreement } from '../../eos/device/clock-agreement.ts'
import {
  type ConfigReading,
  type DeviceTarget,
  freePlaces,
  type Hop,
  HopError,
  isCloudVisions,
  isOpen,
  type Look,
  type SessionTable,
  savedState,
} from '../../eos/device/device.ts'
import { placesOn } from '../../eos/device/owner-proof.ts'
import type { ArmTerms } from '../../model/arm-terms.ts'
import { EosflowError, type ErrorKind, messageOf, type Problem } from '../../model/error.ts'
import { definedItems } from '../../model/json.ts'
import { SUPPORTED_EOS, supportOf } from '../../model/supported-eos.ts'
import { skewWords } from '../phrases/skew-words.ts'
import { count, duration, short } from '../text/text.ts'

export type Examination =
  | {
      readonly target: ReachedTarget
      readonly look: Look
      readonly config: ConfigReading
      /** How far its clock is ahead of this machine's, in seconds. */
      readonly skew: number
    }
  | { readonly target: ReachedTarget; readonly failure: unknown }

const WORDS: Readonly<Record<number, string>> = { 2: 'two', 3: 'three' }

const SKEW = 30

/** `open`: the executions of its store that have not ended. */
export function switchSection(examined: Examination, terms: ArmTerms, open: readonly string[] = []): DoctorSection {
  const { target } = examined
  if ('failure' in examined)
    return { title: target.name, device: target.name, points: failedPoints(target, examined.failure) }
  const { look, config, skew } = examined
  const timer = timerOf(look.sessions, open)
  return {
    title: target.name,
    device: target.name,
    points: definedItems(
      ...reachedPoints(target),
      versionPoint(look.identity.eos),
      ...commitPoints(look.sessions),
      ...placePoints(target.name, look.sessions, placesOn(terms, look.identity.eos)),
      timer !== undefined && timerPoint(timer),
      ...cloudVisionPoints(look.sessions, config),
      timer === undefined ? savedPoint(config) : unconfirmedPoint(config, timer),
      clockPoint(skew),
    ),
  }
}

export function readerPoint(credential: string, examined: Examination): Point {
  if (!('failure' in examined)) return good(`credential ${credential} logs in and reads`)
  const { failure } = examined
  const mend = failure instanceof EosflowError ? failure.hint : undefined
  return failed(
    `credential ${credential}, which reads: ${messageOf(failure)}`,
    mend ?? 'Give it a role that may enable and show.',
  )
}

// From 4.32 an armed session says `committed`, and only the top level of the answer tells its timer (docs/eos.md 2.5).
function versionPoint(eos: string) {
  const first = 'Try a change on one switch of it first.'
  switch (supportOf(eos)) {
    case 'unknown':
      return warning(`EOS ${eos} is not a version that eosflow knows`, first)
    case 'too-old':
      return failed(`EOS ${eos} is too old`, `Upgrade it: eosflow changes ${SUPPORTED_EOS}.`)
    case 'newer':
      return warning(`EOS ${eos} is newer than what eosflow was tested with, which is ${SUPPORTED_EOS}`, first)
    case 'supported':
      return good(
        `EOS ${eos}, which lists its config sessions ${/^4\.(?:2\d|3[01])\./.test(eos) ? 'as EOS before 4.32 does' : 'as EOS 4.32 does'}`,
      )
  }
}

function commitPoints({ mergeOnCommit, saveToStartupConfigOnCommit }: SessionTable) {
  const save = failed(
    'every commit is saved at once: a reboot would not undo a change that was never verified',
    'On the switch: no service configuration session commit save startup-config',
  )
  const merge = warning(
    'it merges on commit: what somebody changes between plan and commit is kept',
    'On the switch, unless another tool needs it: no service configuration session commit merge',
  )
  if (!saveToStartupConfigOnCommit && !mergeOnCommit)
    return [good('a commit replaces, and is saved after the confirm only')]
  return definedItems(saveToStartupConfigOnCommit && save, mergeOnCommit && merge)
}

function placePoints(name: string, table: SessionTable, needed: number) {
  const { maxOpenSessions } = table
  const free = freePlaces(table)
  const places = `${maxOpenSessions - free} of ${maxOpenSessions} config sessions pending`
  const list = `eosflow sessions list -t ${name}; eosflow sessions gc removes those of ours.`
  const needs = `and a change needs ${WORDS[needed] ?? needed}`
  const left = free === 1 ? 'one place is' : `${WORDS[free] ?? free} places are`
  return [
    maxOpenSessions < needed
      ? warning(
          `${places}: the switch takes ${maxOpenSessions}, ${needs}`,
          `On the switch: service configuration session max pending ${needed}`,
        )
      : free <= 0
        ? failed(`${places}: there is no place for another`, list)
        : free < needed
          ? warning(`${places}: ${left} left, ${needs}`, list)
          : good(places),
  ]
}

interface RunningTimer {
  readonly session: string
  readonly left: string
  readonly whose: string
}

function timerOf({ armed }: SessionTable, open: readonly string[]): RunningTimer | undefined {
  if (armed === undefined) return undefined
  const { session, secondsLeft } = armed
  const execution = open.find((id) => session.startsWith(sessionPrefix(id)))
  const whose =
    execution !== undefined
      ? `part of execution ${execution}`
      : session.startsWith(OWN_SESSIONS)
        ? 'part of an execution that is open on no record here'
        : 'part of a change that is not of eosflow'
  return { session, left: duration(secondsLeft), whose }
}

function timerPoint({ session, left, whose }: RunningTimer) {
  return warning(
    `session ${session} is under a commit timer, ${left} left: ${whose}`,
    'Do not save. Wait until it is confirmed or has run out: a plan starts no sooner.',
  )
}

// What of a switch is CloudVision's: where it streams to, and the sessions that have its names (docs/beside-cloudvision.md).
function cloudVisionPoints({ sessions }: SessionTable, { running }: ConfigReading) {
  const to = streamsTo(parseConfig(running))
  const open = Object.entries(sessions).flatMap(([name, state]) =>
    isCloudVisions(name) && isOpen(state) ? [name] : [],
  )
  const streams =
    to.length === 0
      ? []
      : [good(`it streams to CloudVision at ${to.join(', ')}, which may show it out of compliance after a change`)]
  if (open.length === 0) return streams
  return [
    ...streams,
    warning(
      `${open.length === 1 ? 'a session of CloudVision is' : 'sessions of CloudVision are'} open: ${open.join(', ')}`,
      'Look there whether a change control runs on this switch, and let it end first.',
    ),
  ]
}

function unconfirmedPoint(config: ConfigReading, { whose }: RunningTimer) {
  return savedState(config) === 'saved'
    ? warning(
        'startup-config is running-config while a commit timer runs: a reboot would keep what nobody has confirmed',
        'Wait for the end of the timer, then look at both: show startup-config.',
      )
    : warning(`running-config is not saved, and must not be: ${whose}`, 'Do not save.')
}

function savedPoint(config: ConfigReading) {
  const state = savedState(config)
  if (state === 'saved') return good('running-config is saved')
  if (state === 'unknown') {
    return warning(
      'startup-config cannot be read: nobody knows what a reboot would bring back',
      'On the switch: show startup-config; where there is none, write memory makes one.',
    )
  }
  return warning('running-config is not saved: a reboot would lose what differs', 'On the switch: write memory')
}

function clockPoint(skew: number) {
  if (Number.isNaN(skew)) return warning('it does not tell its time', 'Compare its log with the journal with care.')
  const apart = Math.round(Math.abs(skew))
  if (apart <= SKEW) return good(`its clock is within ${SKEW} s of this machine's`)
  const side = skew > 0 ? 'ahead of' : 'behind'
  return warning(
    `its clock is ${duration(apart)} ${side} this machine's`,
    'Give both the same time servers (ntp server …).',
  )
}

export function validPoint(files: number): Point {
  return good(`${count(files, 'file')}, all valid`)
}

export function problemPoint({ at, message, hint }: Problem): Point {
  return failed(`${at.file}:${at.line}:${at.column}: ${message}`, hint ?? 'eosflow validate')
}

export function credentialPoint(name: string, username: string, references: readonly string[]): Point {
  const where = references.length === 0 ? 'the inventory (simulated switches)' : references.join(' and ')
  return good(`credential ${name}: user ${username}, from ${where}`)
}

export function credentialFault(name: string, error: EosflowError): Point {
  return failed(`credential ${name}: ${error.message}`, error.hint ?? 'Correct it in the inventory.')
}

export function noProjectSection(): DoctorSection {
  return { title: 'Project', points: [skipped('there is none here: eosflow init makes one, -C names one')] }
}

/** What keeps this machine from writing to the store: a clock that is behind the newest record. */
export async function recordClockPoints(rule: ClockRule | undefined): Promise<readonly Point[]> {
  const fault = await rule?.fault()
  if (fault === undefined) return []
  const mend = "Set this machine's clock; if it is right: eosflow audit accept-clock --reason TEXT"
  return [failed(`${behindWords(fault)}: nothing is written`, mend)]
}

export function clockSections(examined: readonly Examination[]): readonly DoctorSection[] {
  const readings = examined.flatMap((one) =>
    'failure' in one || Number.isNaN(one.skew) ? [] : [{ device: one.target.name, skew: one.skew }],
  )
  const { off, isOurs } = clockAgreement(readings)
  if (!isOurs) return []
  const [first] = off
  const most = `${off.length} of ${readings.length} switches are more than 5 minutes off this machine's clock`
  const point = failed(
    `${most}: nothing is written${first === undefined ? '' : ` (${skewWords(first)})`}`,
    "Set this machine's clock (timedatectl status), or that of the switches (ntp server …).",
  )
  return [{ title: 'Clock', points: [point] }]
}

export function unwritablePoint(folder: string): Point {
  return failed(`${folder} cannot be written`, `chmod u+wx ${folder}, or name another store with --store.`)
}

/** The store has no key any more. */
export function keyGonePoint(): Point {
  return failed(
    'the store is there and its install.key is not',
    'Restore install.key from a backup: the store is sealed with it.',
  )
}

export function chainPoint(records: number): Point {
  return good(`opens, and its chain of ${count(records, 'record')} verifies`)
}

export function databasePoint(record: number): Point {
  return good(`opens, at record ${record}`)
}

export function serverKeyPoints(fault: string | undefined): readonly Point[] {
  if (fault === undefined) return []
  return [warning(fault, 'Give this machine theirs, as server.key beside the store or in EOSFLOW_SERVER_KEY.')]
}

export function storeFaultPoint(error: EosflowError): Point {
  const evidence = 'Keep it as evidence, and go on with a copy from before the damage or with a new one.'
  return failed(error.message, error.hint ?? (error instanceof BrokenChainError ? evidence : 'Look at the file.'))
}

/** The store was used under a policy that is gone; `digest` is its digest. */
export function policyGonePoint(file: string, digest: string): Point {
  return failed(
    `this store needs the policy ${file} (${short(digest)}), and the file is gone: every command that the policy would judge is refused`,
    `Put ${file} back, or: eosflow policy retire --reason TEXT`,
  )
}

const MOST_OPEN = 3

/** The executions that have not ended, newest first: beyond three the rest is counted. */
export function openPoints(executions: readonly string[]): readonly Point[] {
  const rest = executions.length - MOST_OPEN
  const told = executions
    .slice(0, MOST_OPEN)
    .map((execution) => warning(`execution ${execution} has not ended`, `eosflow show ${execution}`))
  return rest <= 0
    ? told
    : [
        ...told,
        warning(
          `${count(rest, 'more execution')} ${rest === 1 ? 'has' : 'have'} not ended`,
          'eosflow executions --state open',
        ),
      ]
}

// The steps of the way to a switch, each of which stands on the one before it.
const STEPS = ['connect', 'prove', 'login', 'speak', 'enable', 'read'] as const
type Step = (typeof STEPS)[number]

const STOPS: Readonly<Partial<Record<ErrorKind, Step>>> = {
  tls: 'prove',
  unauthenticated: 'login',
  'lost-answer': 'speak',
  protocol: 'speak',
  refused: 'read',
}

type ReachedTarget = DeviceTarget & { readonly via?: readonly Hop[] }

export function reachedPoints(target: ReachedTarget): readonly Point[] {
  return [...(target.via ?? []).map(hopPoint), ...STEPS.map((step) => good(goodText(step, target)))]
}

function hopPoint({ name, host, port }: Hop) {
  return good(`jump host ${name} at ${host} port ${port}: its host key is the known one, and it takes the login`)
}

/** The way to a switch that fails somewhere: the steps before are good, that one failed, the rest was not looked at. */
export function failedPoints(target: ReachedTarget, failure: unknown): readonly Point[] {
  const stopped = stepOf(failure)
  const message = messageOf(failure)
  const hint = failure instanceof EosflowError ? failure.hint : undefined
  const { via = [] } = target
  if (failure instanceof HopError) {
    const { hop, isPassed } = failure.end
    const reached = via.slice(0, via.findIndex(({ name }) => name === hop) + (isPassed ? 1 : 0))
    return [
      ...reached.map(hopPoint),
      failed(message, hint ?? MEND[stopped]),
      skipped('nothing else could be looked at'),
    ]
  }
  const before = STEPS.slice(0, STEPS.indexOf(stopped)).map((step) => good(goodText(step, target)))
  const point = failed(message, hint ?? MEND[stopped])
  // A secret that cannot be had, for one, ends the way before any host of it was asked.
  const isBeyond = stopped !== 'connect' || (failure instanceof EosflowError && failure.kind === 'unreachable')
  const told = [...(isBeyond ? via.map(hopPoint) : []), ...before, point]
  return stopped === 'read' ? told : [...told, skipped('nothing else could be looked at')]
}

function stepOf(failure: unknown): Step {
  if (!(failure instanceof EosflowError)) return 'connect'
  if (failure.kind === 'refused' && failure.command === 'enable') return 'enable'
  return STOPS[failure.kind] ?? 'connect'
}

const MEND: Readonly<Record<Step, string>> = {
  connect: 'Check the address in the inventory, the route, and that the service is on.',
  prove: 'Check the certificate, or the host key, that the inventory asks for.',
  login: 'Check the credentials of this switch in the inventory.',
  speak: 'Check that this address and port are the eAPI of a switch (show management api http-commands).',
  enable: 'Give the enable secret with the credentials, or a user of privilege 15.',
  read: 'Give the user a role that may read the configuration and its sessions, on EOS 4.23 or later.',
}

function goodText(step: Step, target: DeviceTarget) {
  switch (step) {
    case 'connect':
      return `answers at ${target.host} port ${target.port}`
    case 'prove':
      return transportFacts(target.transport).proof(target)
    case 'login':
      return 'takes the user and the password'
    case 'speak':
      return transportFacts(target.transport).speaks
    case 'enable':
      return 'enters privileged mode'
    case 'read':
      return 'shows its configuration and its config sessions'
  }
}

export interface Point {
  /** `skipped`: it could not be looked at, because of another point or because there is nothing to look at. */
  readonly health: 'good' | 'warning' | 'failed' | 'skipped'
  readonly says: string
  readonly mend?: string
}

export interface DoctorSection {
  readonly title: string
  readonly device?: string
  readonly points: readonly Point[]
}

export const good = (says: string): Point => ({ health: 'good', says })

export const warning = (says: string, mend: string): Point => ({ health: 'warning', says, mend })

export const failed = (says: string, mend: string): Point => ({ health: 'failed', says, mend })

export const skipped = (says: string): Point => ({ health: 'skipped', says })
