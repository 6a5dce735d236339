import type { EventBody } from '../event.ts'

type EventOf = { readonly [E in EventBody as E['type']]: E }

/** `EF`, a number, and how grave it is: I for information, W for a warning, E for an error. Kept for ever, never used twice. */
export type EventCode = `EF${number}${'I' | 'W' | 'E'}`

/** How what an event is about came out (docs/audit.md#codes). */
export type AuditOutcome = 'ok' | 'denied' | 'failed' | 'unknown'

/** What distinguishes the events of one type that have different codes. */
const KIND_OF = {
  SignalSent: ({ answer }: EventOf['SignalSent']) => answer.signal,
  ExecutionEnded: ({ outcome }: EventOf['ExecutionEnded']) => outcome,
  TaskUndoFinished: ({ error }: EventOf['TaskUndoFinished']) => (error === undefined ? 'done' : 'failed'),
  ApprovalDecided: ({ statement }: EventOf['ApprovalDecided']) => statement.decision,
  ActFinished: ({ outcome }: EventOf['ActFinished']) => outcome,
  DeviceSettled: ({ found }: EventOf['DeviceSettled']) => found,
  VerdictGiven: ({ verdict }: EventOf['VerdictGiven']) => verdict.status,
  BarrierDecided: ({ decision }: EventOf['BarrierDecided']) => decision,
  UndoFinished: ({ end }: EventOf['UndoFinished']) => end,
  SecretResolved: ({ outcome }: EventOf['SecretResolved']) => outcome,
  ScheduleFinished: ({ outcome }: EventOf['ScheduleFinished']) => outcome,
  AuditVerified: ({ outcome }: EventOf['AuditVerified']) => outcome,
  NoticeOpened: ({ severity }: EventOf['NoticeOpened']) => severity,
} as const

type Kinds = typeof KIND_OF
type Row<T extends keyof EventOf> = T extends keyof Kinds
  ? Readonly<Record<ReturnType<Kinds[T]>, EventCode>>
  : EventCode

/**
 * The code of every event: 1 executions, 2 states and tasks, 3 plans and approvals, 4 switches, 5 identities and policy, 6 secrets and
 * trust, 7 workers, 9 the record itself. A type or an outcome that is missing here does not compile; a code that changes fails a test.
 */
const CODES: { readonly [T in keyof EventOf]: Row<T> } = {
  ExecutionStarted: 'EF101I',
  ExecutionResumed: 'EF102I',
  ExecutionRedriven: 'EF103I',
  StopRequested: 'EF104W',
  SuspendRequested: 'EF108W',
  SignalSent: { success: 'EF105I', failure: 'EF106E', heartbeat: 'EF107I' },
  ExecutionEnded: {
    planned: 'EF110I',
    'nothing-to-do': 'EF111I',
    succeeded: 'EF112I',
    tolerated: 'EF113W',
    refused: 'EF114E',
    'rolled-back': 'EF115E',
    cancelled: 'EF116W',
    failed: 'EF117E',
    unknown: 'EF118E',
  },
  SitesDivided: 'EF120I',
  BarrierReached: 'EF121I',
  BarrierLeft: 'EF122W',
  BarrierDecided: { released: 'EF123I', refused: 'EF124W' },
  SiteEnded: 'EF125I',
  EventReceived: 'EF130I',
  EventRefused: 'EF131W',
  ScheduleFired: 'EF132I',
  ScheduleSkipped: 'EF133W',
  ScheduleMissed: 'EF134W',
  NoticeOpened: { warn: 'EF135W', page: 'EF136E' },
  NoticeClosed: 'EF137I',
  NotificationGivenUp: 'EF138E',
  DriftCompared: 'EF139I',
  ScheduleChanged: 'EF140I',
  ScheduleFinished: { ok: 'EF141I', failed: 'EF142E' },
  StateEntered: 'EF201I',
  TaskScheduled: 'EF202I',
  StateExited: 'EF203I',
  StateFailed: 'EF204E',
  StateAborted: 'EF205W',
  TaskStarted: 'EF206I',
  TaskSucceeded: 'EF207I',
  TaskFailed: 'EF208E',
  TaskTimedOut: 'EF209E',
  TaskSubmitted: 'EF210I',
  TaskHeartbeat: 'EF211I',
  TaskWaiting: 'EF212I',
  MapStarted: 'EF213I',
  MapFailed: 'EF214E',
  ParallelStarted: 'EF215I',
  ParallelFailed: 'EF216E',
  WaitStarted: 'EF217I',
  EvaluationFailed: 'EF218E',
  RetryScheduled: 'EF219W',
  TaskUndoStarted: 'EF220I',
  TaskUndoFinished: { done: 'EF221I', failed: 'EF222E' },
  PlanMade: 'EF301I',
  ApprovalRequested: 'EF302I',
  ApprovalDecided: { approve: 'EF303I', reject: 'EF304E' },
  ApprovalUsed: 'EF305I',
  ApprovalRefused: 'EF306E',
  ApprovalInvalidated: 'EF307E',
  ActIntended: 'EF401I',
  ActFinished: { done: 'EF402I', refused: 'EF403E', unknown: 'EF404E' },
  DeviceSettled: { base: 'EF405I', armed: 'EF406I', target: 'EF407I', other: 'EF408E', unreachable: 'EF409E' },
  VerdictGiven: { pass: 'EF410I', fail: 'EF411E', skip: 'EF412I', error: 'EF413E' },
  DeviceLeftOut: 'EF414W',
  DeviceReleased: 'EF415W',
  CompensationStarted: 'EF420W',
  UndoStarted: 'EF421I',
  UndoFinished: {
    untouched: 'EF422I',
    unchanged: 'EF423I',
    reverted: 'EF424I',
    changed: 'EF425E',
    unknown: 'EF426E',
  },
  SnapshotTaken: 'EF430I',
  LoggedIn: 'EF501I',
  LoginFailed: 'EF502E',
  LoggedOut: 'EF503I',
  AccessDenied: 'EF510E',
  PolicyLoaded: 'EF511I',
  BreakGlassUsed: 'EF512W',
  PolicyRetired: 'EF513W',
  FreezeSet: 'EF514W',
  FreezeEnded: 'EF515W',
  BundlePublished: 'EF516W',
  SecretResolved: { ok: 'EF601I', failed: 'EF602E' },
  InsecureAllowed: 'EF610W',
  HostTrusted: 'EF611W',
  KeyRotated: 'EF612W',
  WorkerDied: 'EF701W',
  DrainRequested: 'EF702I',
  AuditVerified: { intact: 'EF901I', tampered: 'EF902E' },
  AuditExported: 'EF903I',
  ClockSetBack: 'EF904W',
  ClockAccepted: 'EF905W',
  StoreBackedUp: 'EF906I',
  StoreRestored: 'EF907W',
  StoreSealed: 'EF908W',
  StoreMoved: 'EF909W',
  StoreMovedTo: 'EF910W',
  RecordsMissed: 'EF911E',
  SegmentRetired: 'EF912W',
}

const DENIED: readonly EventCode[] = ['EF304E', 'EF306E', 'EF307E', 'EF502E', 'EF510E']
const UNKNOWN: readonly EventCode[] = ['EF118E', 'EF404E', 'EF409E', 'EF426E']

/** The code of an event. */
export function eventCode<T extends keyof EventOf>(event: EventOf[T]): EventCode {
  const row: EventCode | Readonly<Record<string, EventCode>> = CODES[event.type as T]
  if (typeof row === 'string') return row
  const kinds: { readonly [K in keyof EventOf]?: (one: EventOf[K]) => string } = KIND_OF
  const kindOf: ((one: EventOf[T]) => string) | undefined = kinds[event.type as T]
  return row[kindOf?.(event) ?? ''] as EventCode
}

/** How what an event of this code is about came out. */
export function outcomeOf(code: EventCode): AuditOutcome {
  if (DENIED.includes(code)) return 'denied'
  if (UNKNOWN.includes(code)) return 'unknown'
  return code.endsWith('E') ? 'failed' : 'ok'
}

/** Every code with its type of event and, where a type has several codes, its outcome. */
export function allCodes(): readonly { readonly code: EventCode; readonly type: string; readonly when: string }[] {
  return Object.entries(CODES).flatMap(([type, row]: [string, EventCode | Readonly<Record<string, EventCode>>]) =>
    typeof row === 'string'
      ? [{ code: row, type, when: '' }]
      : Object.entries(row).map(([when, code]) => ({ code, type, when })),
  )
}
