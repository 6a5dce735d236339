/** The sources that the labs of the tests stand on: no other file of the labs imports any. */

export type { App } from '../../src/app/app.ts'
export type { Caller } from '../../src/app/caller.ts'
export { orProblems } from '../../src/app/input-error.ts'
export { openApp } from '../../src/app/open-app.ts'
export { loadWorkflow } from '../../src/app/project/load-workflow.ts'
export { openProject } from '../../src/app/project/project.ts'
export { openProjectFile } from '../../src/app/project/project-store.ts'
export type { Seams } from '../../src/app/seams.ts'
export type { Terminal } from '../../src/cli/io.ts'
export { main } from '../../src/cli/program.ts'
export { renderConfig } from '../../src/config/render.ts'
export type { Device } from '../../src/device/device.ts'
export type { Transport } from '../../src/device/transport.ts'
export { type DeviceCaller, wrapDevice } from '../../src/device/wrap-device.ts'
export type { EventBody, JournalEvent } from '../../src/journal/event.ts'
export type { Journal } from '../../src/journal/journal.ts'
export { OUTCOMES } from '../../src/journal/outcome.ts'
export type { NoteChange } from '../../src/journal/sealed-notes.ts'
export { atRest } from '../../src/journal/sqlite/group-commit.ts'
export type { EosflowProject } from '../../src/library/eosflow-project.ts'
export type { ProjectOptions as LibraryOptions } from '../../src/library/project-options.ts'
export type { Clock } from '../../src/model/clock.ts'
export { EosflowError } from '../../src/model/error.ts'
export type { Hint } from '../../src/model/hint.ts'
export type { Json } from '../../src/model/json.ts'
export type { Principal } from '../../src/model/principal.ts'
export type { Plan } from '../../src/plan/plan.ts'
export type { PreparedChange } from '../../src/plan/prepare.ts'
export { prepare } from '../../src/plan/prepare.ts'
export { hintWords } from '../../src/report/hint-words.ts'
export { Scrubber } from '../../src/secret/scrubber.ts'
export type { EngineThread } from '../../src/server/engine-thread.ts'
export type { FrontContext } from '../../src/server/front-context.ts'
export type { Rehearse } from '../../src/server/rehearsals.ts'
export type { Session } from '../../src/server/session.ts'
export type { StreamSeats } from '../../src/server/stream-seats.ts'
export type { Credentials } from '../../src/sim/auth/local-users.ts'
export type { SwitchState } from '../../src/sim/converge/network-state.ts'
export { type InMemoryAnswer, type InMemoryEapi, inMemoryEapi } from '../../src/sim/eapi/in-memory.ts'
export type { Fabric } from '../../src/sim/fabric/fabric.ts'
export { oneSwitchFabric } from '../../src/sim/fabric/one-switch.ts'
export { SimulatedFabric } from '../../src/sim/fabric/simulated-fabric.ts'
export type { DeviceFault } from '../../src/sim/fault/fault.ts'
export { configText } from '../../src/sim/switch/running-config.ts'
export type { Disk } from '../../src/system/disk.ts'
export { systemClock } from '../../src/system/system-clock.ts'
export { eapiTransport } from '../../src/transport/eapi/eapi-transport.ts'
export { channelOver } from '../../src/transport/eapi/exchange.ts'
export { rememberedConverge } from '../../src/trial/rehearsal/remembered-network.ts'
export { SeededRandom } from '../../src/trial/seeded-random.ts'
export { silentConsole } from '../../src/trial/silent-console.ts'
export {
  type FabricPorts,
  type FabricSource,
  type RunningDevice,
  type RunningFabric,
  readFabricFolder,
  startFabric,
} from '../../src/trial/start-fabric.ts'
export { VirtualClock } from '../../src/trial/virtual-clock.ts'

/** What only a lab with a server needs: it is loaded when the first one is served. */
export const serverSources = async () => ({
  verifyRecord: await import('../../src/app/audit/verify-record.ts'),
  begunBy: await import('../../src/app/execution/begun-by.ts'),
  exitCode: await import('../../src/cli/exit-code.ts'),
  serverSettings: await import('../../src/inventory/server-settings.ts'),
  addressAllowance: await import('../../src/server/address-allowance.ts'),
  allowance: await import('../../src/server/allowance.ts'),
  driftSeen: await import('../../src/server/drift-seen.ts'),
  engineThread: await import('../../src/server/engine-thread.ts'),
  frontThread: await import('../../src/server/front-thread.ts'),
  httpApp: await import('../../src/server/http-app.ts'),
  liveRecords: await import('../../src/server/live-records.ts'),
  oneTimeLink: await import('../../src/server/one-time-link.ts'),
  publicAddress: await import('../../src/server/public-address.ts'),
  recordVerification: await import('../../src/server/record-verification.ts'),
  session: await import('../../src/server/session.ts'),
  sessions: await import('../../src/server/sessions.ts'),
  sharedSecrets: await import('../../src/server/shared-secrets.ts'),
  streamSeats: await import('../../src/server/stream-seats.ts'),
})

/** What only a lab that is used as a library needs. */
export const codeSources = () => import('../../src/library/opened-project.ts')
