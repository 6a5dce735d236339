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

/** The journals of `test/fixtures/journals/interpreter-2`. */
export const GOLDEN: readonly Golden[] = [
  {
    file: 'flagship-succeeded',
    events: 153,
    status: 'ended',
    outcome: 'succeeded',
    switches: { leaf1: ['changed', 'saved'], leaf2: ['changed', 'saved'] },
  },
  {
    file: 'flagship-planned',
    events: 16,
    status: 'ended',
    outcome: 'planned',
    switches: { leaf1: ['untouched', 'untouched'], leaf2: ['untouched', 'untouched'] },
  },
  {
    file: 'flagship-nothing-to-do',
    events: 16,
    status: 'ended',
    outcome: 'nothing-to-do',
    switches: { leaf1: ['unchanged', 'untouched'], leaf2: ['unchanged', 'untouched'] },
  },
  {
    file: 'saved-plan-succeeded',
    events: 110,
    status: 'ended',
    outcome: 'succeeded',
    switches: { leaf1: ['changed', 'saved'], leaf2: ['changed', 'saved'] },
  },
  {
    file: 'waits-for-approval',
    events: 21,
    status: 'running',
    switches: { leaf1: ['untouched', 'untouched'], leaf2: ['untouched', 'untouched'] },
    waits: true,
    next: [],
  },
  {
    file: 'approved-later-succeeded',
    events: 118,
    status: 'ended',
    outcome: 'succeeded',
    switches: { leaf1: ['changed', 'saved'], leaf2: ['changed', 'saved'] },
  },
  {
    file: 'rejected',
    events: 34,
    status: 'ended',
    outcome: 'refused',
    switches: { leaf1: ['untouched', 'untouched'], leaf2: ['untouched', 'untouched'] },
  },
  {
    file: 'commit-refused',
    events: 82,
    status: 'ended',
    outcome: 'rolled-back',
    switches: { leaf1: ['reverted', 'ended'], leaf2: ['untouched', 'ended'] },
  },
  {
    file: 'verification-failed-rolled-back',
    events: 62,
    status: 'ended',
    outcome: 'rolled-back',
    switches: { leaf1: ['reverted', 'ended'], leaf2: ['untouched', 'untouched'] },
  },
  {
    file: 'one-wave-rolled-back',
    events: 86,
    status: 'ended',
    outcome: 'rolled-back',
    switches: { leaf1: ['reverted', 'ended'], leaf3: ['reverted', 'ended'] },
  },
  {
    file: 'interrupted-in-verify',
    events: 84,
    status: 'ended',
    outcome: 'cancelled',
    switches: { leaf1: ['reverted', 'ended'], leaf2: ['reverted', 'ended'] },
  },
  {
    file: 'confirm-refused-restored',
    events: 111,
    status: 'ended',
    outcome: 'rolled-back',
    switches: { leaf1: ['reverted', 'ended'], leaf3: ['reverted', 'ended'] },
  },
  {
    file: 'rollback-unknown',
    events: 82,
    status: 'ended',
    outcome: 'unknown',
    switches: { leaf1: ['reverted', 'armed'], leaf2: ['unknown', 'armed'] },
  },
  {
    file: 'killed-in-plan',
    events: 12,
    status: 'running',
    switches: { leaf1: ['untouched', 'untouched'], leaf2: ['untouched', 'untouched'] },
    next: ['task /Plan attempt 1 of leaf1 leaf2, begun before'],
  },
  {
    file: 'killed-before-arm',
    events: 61,
    status: 'running',
    switches: { leaf1: ['unknown', 'armed'], leaf2: ['unknown', 'arming'] },
    next: ['task RollOutWaves[1].RollOutWave[0]/Push attempt 1 of leaf2, begun before'],
  },
  {
    file: 'killed-before-arm-resumed',
    events: 83,
    status: 'ended',
    outcome: 'rolled-back',
    switches: { leaf1: ['reverted', 'ended'], leaf2: ['reverted', 'ended'] },
  },
  {
    file: 'killed-arm-unanswered',
    events: 61,
    status: 'running',
    switches: { leaf1: ['unknown', 'armed'], leaf2: ['unknown', 'arming'] },
    next: ['task RollOutWaves[1].RollOutWave[0]/Push attempt 1 of leaf2, begun before'],
  },
  {
    file: 'killed-armed',
    events: 69,
    status: 'running',
    switches: { leaf1: ['unknown', 'armed'], leaf2: ['unknown', 'armed'] },
    next: ['task RollOutWaves[1].RollOutWave[0]/Verify attempt 1 of leaf2, begun before'],
  },
  {
    file: 'killed-armed-resumed',
    events: 118,
    status: 'ended',
    outcome: 'succeeded',
    switches: { leaf1: ['changed', 'saved'], leaf2: ['changed', 'saved'] },
  },
  {
    file: 'killed-confirm-unanswered',
    events: 88,
    status: 'running',
    switches: { leaf1: ['unknown', 'confirming'], leaf2: ['unknown', 'confirming'] },
    next: [
      'task ConfirmAll[0]/Confirm attempt 1 of leaf1, begun before',
      'task ConfirmAll[1]/Confirm attempt 1 of leaf2, begun before',
    ],
  },
  {
    file: 'killed-confirm-unanswered-resumed',
    events: 123,
    status: 'ended',
    outcome: 'succeeded',
    switches: { leaf1: ['changed', 'saved'], leaf2: ['changed', 'saved'] },
  },
  {
    file: 'killed-confirmed',
    events: 89,
    status: 'running',
    switches: { leaf1: ['unknown', 'confirmed'], leaf2: ['unknown', 'confirming'] },
    next: [
      'task ConfirmAll[0]/Confirm attempt 1 of leaf1, begun before',
      'task ConfirmAll[1]/Confirm attempt 1 of leaf2, begun before',
    ],
  },
  {
    file: 'killed-saved',
    events: 107,
    status: 'running',
    switches: { leaf1: ['changed', 'saved'], leaf2: ['changed', 'saved'] },
    next: [
      'task SaveAll[0]/Save attempt 1 of leaf1, begun before',
      'task SaveAll[1]/Save attempt 1 of leaf2, begun before',
    ],
  },
  {
    file: 'killed-rolling-back',
    events: 79,
    status: 'compensating',
    switches: { leaf1: ['unknown', 'aborting'], leaf3: ['unknown', 'aborting'] },
    next: ['undo of leaf1', 'undo of leaf3'],
  },
  {
    file: 'killed-rolling-back-resumed',
    events: 93,
    status: 'ended',
    outcome: 'rolled-back',
    switches: { leaf1: ['reverted', 'ended'], leaf3: ['reverted', 'ended'] },
  },
  {
    file: 'killed-restoring',
    events: 104,
    status: 'compensating',
    switches: { leaf1: ['unknown', 'restoring'], leaf3: ['reverted', 'ended'] },
    next: ['undo of leaf1'],
  },
]
