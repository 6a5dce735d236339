import type { Console } from './console.ts'
import type { Desk } from './desk.ts'
import type { Project } from './project.ts'

/** Where a use case works: the project, its store, and whoever has asked for it. */
export interface App {
  readonly console: Console
  /** Whether whoever asked allows a TLS mode or an address that shows the password, where the inventory says so too. */
  readonly insecureTls: boolean
  readonly project: Project
  readonly desk: Desk
}
