import './project/system/machine/node-guard.ts'

export type { HistoryEvent } from './lab/state-machine/history.ts'
export type { MockAnswer, Mocks } from './lab/state-machine/run-state-machine.ts'
export {
  RefusedDefinition,
  runStateMachine,
  type StateMachineResult,
  type StateMachineRun,
} from './lab/state-machine/run-state-machine.ts'
export { type CheckCommand, type CheckResult, checkCommands, judgeCheck } from './lab/trial/judge-check.ts'
export {
  type FabricPorts,
  type FabricSource,
  type RunningDevice,
  type RunningFabric,
  startFabric,
} from './lab/trial/start-fabric.ts'
export { VirtualClock } from './lab/trial/timeline.ts'
