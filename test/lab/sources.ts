/** The sources that the labs of the tests stand on: no other file of the labs imports any. */

export type { Plan } from '../../src/change/plan/plan.ts'
export type { PreparedChange } from '../../src/change/plan/prepare.ts'
export { prepare } from '../../src/change/plan/prepare.ts'
export type { EventBody, JournalEvent } from '../../src/change/record/event/event.ts'
export { OUTCOMES } from '../../src/change/record/event/record-schema.ts'
export { atRest } from '../../src/change/record/sqlite/group-commit.ts'
export type { Journal } from '../../src/change/record/store/journal.ts'
export type { NoteChange } from '../../src/change/record/store/sealed-notes.ts'
export { main } from '../../src/doors/cli/program.ts'
export type { Terminal } from '../../src/doors/cli/terminal/io.ts'
export type { EngineThread } from '../../src/doors/http/act/engine-thread.ts'
export type { FrontContext } from '../../src/doors/http/context/route.ts'
export type { StreamSeats } from '../../src/doors/http/context/stream-seats.ts'
export type { Rehearse } from '../../src/doors/http/jobs/rehearsals.ts'
export type { Session } from '../../src/doors/http/session/sessions.ts'
export type { EosflowProject, ProjectOptions as LibraryOptions } from '../../src/doors/library/requests.ts'
export { renderConfig } from '../../src/eos/config/text/parse.ts'
export type { Device, Transport } from '../../src/eos/device/device.ts'
export { type DeviceCaller, wrapDevice } from '../../src/eos/device/device.ts'
export type { Credentials } from '../../src/eos/sim/auth/local-users.ts'
export type { SwitchState } from '../../src/eos/sim/converge/network-state.ts'
export { type InMemoryAnswer, type InMemoryEapi, inMemoryEapi } from '../../src/eos/sim/eapi/in-memory.ts'
export type { Fabric } from '../../src/eos/sim/fabric/fabric.ts'
export { oneSwitchFabric } from '../../src/eos/sim/fabric/fabric.ts'
export { SimulatedFabric } from '../../src/eos/sim/fabric/simulated-fabric.ts'
export type { DeviceFault } from '../../src/eos/sim/fault/fault.ts'
export { configText } from '../../src/eos/sim/switch/running-config.ts'
export { eapiTransport } from '../../src/eos/transport/eapi/eapi-transport.ts'
export { channelOver } from '../../src/eos/transport/eapi/exchange.ts'
export { features } from '../../src/features/index.ts'
export { rememberedConverge } from '../../src/lab/rehearse/rehearse.ts'
export { SeededRandom } from '../../src/lab/trial/seeded-random.ts'
export {
  type FabricPorts,
  type FabricSource,
  type RunningDevice,
  type RunningFabric,
  readFabricFolder,
  startFabric,
} from '../../src/lab/trial/start-fabric.ts'
export { VirtualClock } from '../../src/lab/trial/timeline.ts'
export { silentConsole } from '../../src/lab/trial/trial-app.ts'
export type { Clock } from '../../src/model/clock.ts'
export type { Hint } from '../../src/model/error.ts'
export { EosflowError } from '../../src/model/error.ts'
export type { Json } from '../../src/model/json.ts'
export type { Principal } from '../../src/model/principal.ts'
export type { App } from '../../src/project/app/app.ts'
export { openProjectFile } from '../../src/project/app/store/project-store.ts'
export { loadWorkflow } from '../../src/project/files/load-workflow.ts'
export { openProject } from '../../src/project/files/project.ts'
export type { Caller } from '../../src/project/identity/caller-of.ts'
export { openApp } from '../../src/project/open-app.ts'
export { Scrubber } from '../../src/project/secret/scrubber.ts'
export type { Feature } from '../../src/project/system/feature/feature.ts'
export type { Disk } from '../../src/project/system/machine/disk-room.ts'
export { systemClock } from '../../src/project/system/machine/system-clock.ts'
export { orProblems } from '../../src/project/system/process/input-error.ts'
export type { Seams } from '../../src/project/system/process/seams.ts'
export { hintWords } from '../../src/report/hint-words.ts'

/** What only a lab with a server needs: it is loaded when the first one is served. */
export const serverSources = async () => ({
  verifyRecord: await import('../../src/project/record/audit/verify-record.ts'),
  begunBy: await import('../../src/project/history/executions/begun-by.ts'),
  exitCode: await import('../../src/doors/cli/outcome/exit-code.ts'),
  serverSettings: await import('../../src/project/files/settings/server-settings.ts'),
  addressAllowance: await import('../../src/doors/http/limits/address-allowance.ts'),
  allowance: await import('../../src/doors/http/limits/allowance.ts'),
  driftSeen: await import('../../src/doors/http/jobs/drift-seen.ts'),
  engineThread: await import('../../src/doors/http/act/engine-thread.ts'),
  frontThread: await import('../../src/doors/http/front-thread.ts'),
  httpApp: await import('../../src/doors/http/http-app.ts'),
  liveRecords: await import('../../src/doors/http/context/live-records.ts'),
  oneTimeLink: await import('../../src/doors/http/session/one-time-link.ts'),
  publicAddress: await import('../../src/doors/http/request/public-address.ts'),
  recordVerification: await import('../../src/doors/http/jobs/record-verification.ts'),
  session: await import('../../src/doors/http/session/sessions.ts'),
  sessions: await import('../../src/doors/http/session/sessions.ts'),
  sharedSecrets: await import('../../src/doors/http/shared-secrets.ts'),
  streamSeats: await import('../../src/doors/http/context/stream-seats.ts'),
})

/** What only a lab that is used as a library needs. */
export const codeSources = () => import('../../src/doors/library/opened-project.ts')
