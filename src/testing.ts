export {
  type FabricPorts,
  type FabricSource,
  type RunningDevice,
  type RunningFabric,
  startFabric,
} from './testing/start-fabric.ts'
export { VirtualClock } from './testing/virtual-clock.ts'
