import type { Phase } from '../../src/device/history.ts'
import type { ExecutionState } from '../../src/engine/state.ts'
import type { Outcome } from '../../src/journal/event.ts'
import type { DeviceEnd } from '../../src/model/act.ts'

/** What a recorded journal must read as: written by hand from its last events. */
export interface Golden {
  readonly file: string
  readonly events: number
  readonly status: ExecutionState['status']
  readonly outcome?: Outcome
  /** Where the switches ended, and how far the acts on them went. */
  readonly switches: Readonly<Record<string, readonly [end: DeviceEnd, phase: Phase]>>
  readonly waits?: true
  /** What is done next, when somebody goes on at the time of the last event. */
  readonly next?: readonly string[]
}

/** The journals of `test/fixtures/journals/interpreter-1`. */
export const GOLDEN: readonly Golden[] = [
  {
    file: 'flagship-succeeded',
    events: 94,
    status: 'ended',
    outcome: 'succeeded',
    switches: { leaf1: ['changed', 'saved'], leaf2: ['changed', 'saved'] },
  },
  {
    file: 'flagship-planned',
    events: 14,
    status: 'ended',
    outcome: 'planned',
    switches: { leaf1: ['untouched', 'untouched'], leaf2: ['untouched', 'untouched'] },
  },
  {
    file: 'flagship-nothing-to-do',
    events: 14,
    status: 'ended',
    outcome: 'nothing-to-do',
    switches: { leaf1: ['unchanged', 'untouched'], leaf2: ['unchanged', 'untouched'] },
  },
  {
    file: 'saved-plan-succeeded',
    events: 89,
    status: 'ended',
    outcome: 'succeeded',
    switches: { leaf1: ['changed', 'saved'], leaf2: ['changed', 'saved'] },
  },
  {
    file: 'waits-for-approval',
    events: 18,
    status: 'running',
    switches: { leaf1: ['untouched', 'untouched'], leaf2: ['untouched', 'untouched'] },
    waits: true,
    next: [],
  },
  {
    file: 'approved-later-succeeded',
    events: 89,
    status: 'ended',
    outcome: 'succeeded',
    switches: { leaf1: ['changed', 'saved'], leaf2: ['changed', 'saved'] },
  },
  {
    file: 'rejected',
    events: 23,
    status: 'ended',
    outcome: 'refused',
    switches: { leaf1: ['untouched', 'untouched'], leaf2: ['untouched', 'untouched'] },
  },
  {
    file: 'commit-refused',
    events: 68,
    status: 'ended',
    outcome: 'rolled-back',
    switches: { leaf1: ['reverted', 'ended'], leaf2: ['untouched', 'ended'] },
  },
  {
    file: 'verification-failed-rolled-back',
    events: 51,
    status: 'ended',
    outcome: 'rolled-back',
    switches: { leaf1: ['reverted', 'ended'], leaf2: ['untouched', 'untouched'] },
  },
  {
    file: 'one-wave-rolled-back',
    events: 70,
    status: 'ended',
    outcome: 'rolled-back',
    switches: { leaf1: ['reverted', 'ended'], leaf3: ['reverted', 'ended'] },
  },
  {
    file: 'interrupted-in-verify',
    events: 72,
    status: 'ended',
    outcome: 'cancelled',
    switches: { leaf1: ['reverted', 'ended'], leaf2: ['reverted', 'ended'] },
  },
  {
    file: 'confirm-refused-restored',
    events: 97,
    status: 'ended',
    outcome: 'rolled-back',
    switches: { leaf1: ['reverted', 'saved'], leaf3: ['reverted', 'ended'] },
  },
  {
    file: 'rollback-unknown',
    events: 67,
    status: 'ended',
    outcome: 'unknown',
    switches: { leaf1: ['reverted', 'armed'], leaf2: ['unknown', 'armed'] },
  },
  {
    file: 'killed-in-plan',
    events: 10,
    status: 'running',
    switches: { leaf1: ['untouched', 'untouched'], leaf2: ['untouched', 'untouched'] },
    next: ['task /Plan attempt 1 of leaf1 leaf2, begun before'],
  },
  {
    file: 'killed-before-arm',
    events: 50,
    status: 'running',
    switches: { leaf1: ['unknown', 'armed'], leaf2: ['unknown', 'arming'] },
    next: ['task RollOutWaves[1].RollOutWave[0]/Push attempt 1 of leaf2, begun before'],
  },
  {
    file: 'killed-before-arm-resumed',
    events: 69,
    status: 'ended',
    outcome: 'rolled-back',
    switches: { leaf1: ['reverted', 'ended'], leaf2: ['reverted', 'ended'] },
  },
  {
    file: 'killed-arm-unanswered',
    events: 50,
    status: 'running',
    switches: { leaf1: ['unknown', 'armed'], leaf2: ['unknown', 'arming'] },
    next: ['task RollOutWaves[1].RollOutWave[0]/Push attempt 1 of leaf2, begun before'],
  },
  {
    file: 'killed-armed',
    events: 56,
    status: 'running',
    switches: { leaf1: ['unknown', 'armed'], leaf2: ['unknown', 'armed'] },
    next: ['task RollOutWaves[1].RollOutWave[0]/Verify attempt 1 of leaf2, begun before'],
  },
  {
    file: 'killed-armed-resumed',
    events: 88,
    status: 'ended',
    outcome: 'succeeded',
    switches: { leaf1: ['changed', 'saved'], leaf2: ['changed', 'saved'] },
  },
  {
    file: 'killed-confirm-unanswered',
    events: 73,
    status: 'running',
    switches: { leaf1: ['unknown', 'confirming'], leaf2: ['unknown', 'confirming'] },
    next: [
      'task ConfirmAll[0]/Confirm attempt 1 of leaf1, begun before',
      'task ConfirmAll[1]/Confirm attempt 1 of leaf2, begun before',
    ],
  },
  {
    file: 'killed-confirm-unanswered-resumed',
    events: 87,
    status: 'ended',
    outcome: 'succeeded',
    switches: { leaf1: ['changed', 'saved'], leaf2: ['changed', 'saved'] },
  },
  {
    file: 'killed-confirmed',
    events: 74,
    status: 'running',
    switches: { leaf1: ['unknown', 'confirmed'], leaf2: ['unknown', 'confirming'] },
    next: [
      'task ConfirmAll[0]/Confirm attempt 1 of leaf1, begun before',
      'task ConfirmAll[1]/Confirm attempt 1 of leaf2, begun before',
    ],
  },
  {
    file: 'killed-saved',
    events: 81,
    status: 'running',
    switches: { leaf1: ['changed', 'saved'], leaf2: ['changed', 'saved'] },
    next: ['task ConfirmAll[1]/Confirm attempt 1 of leaf2, begun before'],
  },
  {
    file: 'killed-rolling-back',
    events: 61,
    status: 'compensating',
    switches: { leaf1: ['unknown', 'aborting'], leaf3: ['unknown', 'armed'] },
    next: ['undo of leaf1', 'undo of leaf3'],
  },
  {
    file: 'killed-rolling-back-resumed',
    events: 75,
    status: 'ended',
    outcome: 'rolled-back',
    switches: { leaf1: ['reverted', 'ended'], leaf3: ['reverted', 'ended'] },
  },
  {
    file: 'killed-restoring',
    events: 88,
    status: 'compensating',
    switches: { leaf1: ['unknown', 'restoring'], leaf3: ['reverted', 'ended'] },
    next: ['undo of leaf1'],
  },
]
