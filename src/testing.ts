export { type CheckCommand, type CheckResult, checkCommands, judgeCheck } from './testing/judge-check.ts'
export {
  type FabricPorts,
  type FabricSource,
  type RunningDevice,
  type RunningFabric,
  startFabric,
} from './testing/start-fabric.ts'
export type { HistoryEvent } from './testing/state-machine/history-event.ts'
export type { MockAnswer, Mocks } from './testing/state-machine/mocked-tasks.ts'
export { RefusedDefinition } from './testing/state-machine/refused-definition.ts'
export {
  runStateMachine,
  type StateMachineResult,
  type StateMachineRun,
} from './testing/state-machine/run-state-machine.ts'
export { VirtualClock } from './testing/virtual-clock.ts'
