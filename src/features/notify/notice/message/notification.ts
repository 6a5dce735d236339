import type { EventOf, JournalEvent, Outcome } from '../../../../change/record/event/event.ts'
import { definedMembers } from '../../../../model/json.ts'
import type { NoticeKind, NotifiedMatter, Severity } from '../../../../model/notice.ts'
import type { Principal } from '../../../../model/principal.ts'
import { address, namedSwitches } from '../../../../report/page/html.ts'
import { identityText } from '../../../../report/phrases/identity-words.ts'
import { OUTCOME_WORDS } from '../../../../report/phrases/outcome-words.ts'
import { changeTitle, firstLine } from '../../../../report/phrases/spoken.ts'
import { count, short, switches } from '../../../../report/text/text.ts'

export const KIND_WORDS: Readonly<Record<NoticeKind, string>> = {
  'unknown-end': 'Nobody knows what is there',
  'undo-failed': 'Not put back',
  'network-differs': 'Put back, and the network is not as before',
  'network-unknown': 'Put back, and nobody knows of the network',
  'after-failed': 'Confirmed, and no longer good',
  'after-unjudged': 'Confirmed, and nobody can say whether it is still good',
  'record-not-intact': 'The record is not intact',
  'timer-near-end': 'A commit timer is near its end',
  'approval-waits': 'An approval is waited for',
  'drift-found': 'Drift',
  'anchor-old': 'An anchor is old',
  'schedule-missed': 'A schedule was missed',
  'disk-low': 'The disk is nearly full',
  'break-glass': 'The glass is broken',
}

const PAGES: readonly NoticeKind[] = [
  'unknown-end',
  'undo-failed',
  'network-differs',
  'network-unknown',
  'after-failed',
  'record-not-intact',
]

export function severityOfKind(kind: NoticeKind): Exclude<Severity, 'info'> {
  return PAGES.includes(kind) ? 'page' : 'warn'
}

export interface Notification {
  readonly what: NotifiedMatter | 'notification.test'
  readonly severity: Severity
  readonly seq: number
  /** When that was written, ISO 8601 in UTC. */
  readonly at: string
  readonly title: string
  readonly text: string
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly path: string
  readonly execution?: string
  readonly workflow?: string
  readonly plan?: string
  readonly outcome?: Outcome
  readonly devices?: readonly string[]
  readonly notice?: { readonly kind: NoticeKind; readonly cause: string }
  readonly trace?: string
  readonly byEvent?: true
}

export interface Subject {
  readonly id: string
  readonly workflow: string
  readonly title: string
  readonly by: string
  readonly part?: { readonly of: string; readonly site: string }
  readonly trace?: string
  readonly byEvent?: true
}

export function subjectOf(event: EventOf<'ExecutionStarted'>): Subject {
  const { execution = '', workflow, params, requester, trace, part } = event
  const change = changeTitle({ name: workflow, params })
  return {
    id: execution,
    workflow,
    title: part === undefined ? change : `${change}, site ${part.site}`,
    by: nameOf(requester),
    ...definedMembers({ part, trace }),
    ...(requester.issuer === 'hook' ? { byEvent: true } : {}),
  }
}

/** The execution that a message about a record names; undefined where there is none. */
export function executionOf(event: JournalEvent): string | undefined {
  if (event.type === 'NoticeOpened' || event.type === 'NoticeClosed') return event.concerns
  return event.execution
}

// What the change over several sites says itself, once for all of its parts.
const SAID_BY_THE_WHOLE: ReadonlySet<JournalEvent['type']> = new Set(['ExecutionStarted', 'PlanMade', 'ExecutionEnded'])

/** The message about a record; undefined where there is none. */
export function notificationOf(event: JournalEvent, subject: Subject | undefined): Notification | undefined {
  if (subject?.part !== undefined && SAID_BY_THE_WHOLE.has(event.type)) return undefined
  const { seq, at } = event
  const about = aboutOf(subject)
  const told = toldOf(event, subject)
  return told === undefined
    ? undefined
    : { seq, at, path: address.overview, ...about, ...told, facts: [...told.facts, ...factsOf(subject)] }
}

type Told = Omit<Notification, 'seq' | 'at' | 'path'> & { readonly path?: string }

function toldOf(event: JournalEvent, subject: Subject | undefined): Told | undefined {
  const title = subject?.title ?? event.execution ?? ''
  switch (event.type) {
    case 'NoticeOpened':
    case 'NoticeClosed':
      return noticeTold(event, subject)
    case 'NotificationGivenUp':
      return {
        what: 'notification.given-up',
        severity: 'warn',
        title: `${event.target} takes nothing`,
        text: `${count(event.count, 'notification')} that it has not taken within 72 h ${event.count === 1 ? 'is' : 'are'} not sent any more: ${event.reason}`,
        facts: [],
      }
    case 'PlanMade': {
      const names = event.waves.flat()
      const text = names.length === 0 ? 'The plan changes nothing.' : `The plan changes ${namedSwitches(names)}.`
      return {
        what: 'plan.made',
        severity: 'info',
        title: `Planned: ${title}`,
        text,
        facts: [['plan', short(event.digest)]],
        plan: event.digest,
        devices: names,
      }
    }
    case 'ApprovalRequested':
      return {
        what: 'approval.requested',
        severity: 'info',
        title: `Approval needed: ${title}`,
        text: 'Somebody has to decide about its plan.',
        facts: [['plan', short(event.plan)]],
        plan: event.plan,
        path: address.approval(event.plan),
      }
    case 'ApprovalDecided':
      return decisionTold(event)
    case 'ExecutionStarted':
      if (event.purpose === 'plan') return undefined
      return {
        what: 'execution.started',
        severity: 'info',
        title: `Started: ${title}`,
        text: `The change of ${switches(event.targets.length)} has begun.`,
        facts: [],
        devices: event.targets,
      }
    case 'ExecutionEnded':
      return endTold(event, title)
    case 'FreezeSet':
      return {
        what: 'freeze.set',
        severity: 'warn',
        title: 'Frozen',
        text: `Nothing new begins until ${event.until}: ${event.reason}`,
        facts: [['by', nameOf(event.principal)]],
      }
    case 'FreezeEnded':
      return {
        what: 'freeze.ended',
        severity: 'warn',
        title: `Freeze ${event.freeze} is ended`,
        text: event.reason,
        facts: [['by', nameOf(event.principal)]],
      }
    default:
      return undefined
  }
}

type NoticeEvent = EventOf<'NoticeOpened' | 'NoticeClosed'>

function noticeTold(event: NoticeEvent, subject: Subject | undefined): Told {
  const { notice: kind, cause, devices = [], at } = event
  const isOver = event.type === 'NoticeClosed'
  const what = subject === undefined ? cause.slice(kind.length + 1) : subject.title
  const heading = `${KIND_WORDS[kind]}${what === '' ? '' : `: ${what}`}`
  return {
    what: isOver ? 'notice.closed' : 'notice.opened',
    severity: severityOfKind(kind),
    title: isOver ? `Over: ${heading}` : heading,
    text: isOver ? `It has ended at ${at}.` : firstLine(event.reason),
    facts: devices.length === 0 ? [] : [['switches', namedSwitches(devices)]],
    notice: { kind, cause },
    ...(devices.length === 0 ? {} : { devices }),
  }
}

function decisionTold({ statement, undoes }: EventOf<'ApprovalDecided'>): Told {
  const { decision, plan, approver } = statement
  const isApproved = decision === 'approve'
  return {
    what: 'approval.decided',
    severity: isApproved ? 'info' : 'warn',
    title: `${isApproved ? 'Approved' : 'Rejected'}: ${undoes === undefined ? 'plan' : `the undo of plan ${short(undoes)},`} ${short(plan)}`,
    text: isApproved ? 'The plan is approved.' : 'The plan is rejected for good.',
    facts: [['by', approver.id]],
    plan,
    path: address.approval(plan),
  }
}

const GOOD: readonly Outcome[] = ['planned', 'nothing-to-do', 'succeeded']

function endTold({ outcome, error, devices }: EventOf<'ExecutionEnded'>, title: string): Told {
  const names = (end: string) => Object.entries(devices).flatMap(([name, one]) => (one === end ? [name] : []))
  const places = (['changed', 'reverted', 'unknown'] as const).flatMap((end) =>
    names(end).length === 0 ? [] : [[END_FACTS[end], namedSwitches(names(end))] as const],
  )
  return {
    what: 'execution.ended',
    severity: GOOD.includes(outcome) ? 'info' : 'warn',
    title: `${OUTCOME_WORDS[outcome]}: ${title}`,
    // What is behind the first line may be lines of a configuration.
    text: firstLine(error?.message ?? `The execution has ended: ${OUTCOME_WORDS[outcome]}.`),
    facts: places,
    outcome,
    devices: Object.keys(devices),
  }
}

const END_FACTS = { changed: 'changed', reverted: 'put back', unknown: 'unknown' } as const

function aboutOf(subject: Subject | undefined): Partial<Notification> {
  if (subject === undefined) return {}
  const { id, workflow, trace, byEvent } = subject
  const more = { ...definedMembers({ trace, byEvent }) }
  return { execution: id, workflow, path: address.execution(id), ...more }
}

function factsOf(subject: Subject | undefined): Notification['facts'] {
  return subject === undefined
    ? []
    : [
        ['workflow', subject.workflow],
        ['by', subject.by],
        ...(subject.part === undefined ? [] : [['part of', subject.part.of] as const]),
      ]
}

function nameOf(principal: Principal) {
  return principal.display ?? identityText(principal)
}
