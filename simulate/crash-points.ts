const EVENTS = [
  'ExecutionResumed',
  'StateEntered',
  'StateExited',
  'StateFailed',
  'StateAborted',
  'TaskScheduled',
  'TaskStarted',
  'TaskSucceeded',
  'TaskFailed',
  'TaskWaiting',
  'MapStarted',
  'MapFailed',
  'PlanMade',
  'ApprovalRequested',
  'VerdictGiven',
  'DeviceSettled',
  'CompensationStarted',
  'UndoStarted',
  'UndoFinished',
  'ExecutionEnded',
] as const
const ACTS = ['stage', 'replay', 'prune', 'arm', 'confirm', 'save', 'abort', 'restore'] as const
const VERBS = ['look', 'read', 'plan', ...ACTS] as const

/**
 * The moments at which a controller can be killed: before and after each kind of record, where the use of an approval is written
 * with the intent of its commit; when a request has left, when
 * its switch has carried it out, when the answer was heard; and when a pause is over.
 */
export const CRASH_POINTS: readonly string[] = [
  ...[...EVENTS, ...ACTS.flatMap((act) => [`ActIntended ${act}`, `ActFinished ${act}`])].flatMap((event) => [
    `before ${event}`,
    `after ${event}`,
  ]),
  ...VERBS.flatMap((verb) => [`sent ${verb}`, `done ${verb}`, `heard ${verb}`]),
  'wake',
]
