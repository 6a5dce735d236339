import type { EventBody } from '../../change/record/event/event.ts'
import type { Meter } from '../../eos/device/meter.ts'
import type { Project } from '../files/project.ts'
import type { Host } from '../system/process/host.ts'
import type { WorkerDispatch } from './dispatch/worker-dispatch.ts'
import type { ProjectStore } from './store/project-store.ts'
import type { Tracer } from './trace/tracer.ts'

/** A project with its record: nothing of it speaks to a switch. */
export interface RecordApp extends Host, ProjectStore {
  readonly project: Project
  /** Where denials go that are decided here; absent: straight to the store. */
  readonly denials?: Denials
  readonly dispatch?: WorkerDispatch
}

export interface App extends RecordApp {
  /** Whether this process allows a TLS mode or an address that shows the password, where the inventory says so too. */
  readonly insecureTls: boolean
  readonly meter?: Meter
  readonly tracer?: Tracer
}

export type Denial = Extract<EventBody, { readonly type: 'AccessDenied' }>

export interface Denials {
  put(denial: Denial): Promise<void>
  close(): Promise<void>
}
