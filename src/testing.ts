import './node-guard.ts'

export { type CheckCommand, type CheckResult, checkCommands, judgeCheck } from './trial/judge-check.ts'
export {
  type FabricPorts,
  type FabricSource,
  type RunningDevice,
  type RunningFabric,
  startFabric,
} from './trial/start-fabric.ts'
export type { HistoryEvent } from './trial/state-machine/history-event.ts'
export type { MockAnswer, Mocks } from './trial/state-machine/mocked-tasks.ts'
export { RefusedDefinition } from './trial/state-machine/refused-definition.ts'
export {
  runStateMachine,
  type StateMachineResult,
  type StateMachineRun,
} from './trial/state-machine/run-state-machine.ts'
export { VirtualClock } from './trial/virtual-clock.ts'
