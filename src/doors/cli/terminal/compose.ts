import type { App } from '../../../project/app/app.ts'
import type { ProjectStoreOptions } from '../../../project/app/store/project-store.ts'
import { inTrace } from '../../../project/app/trace/in-trace.ts'
import { openProject } from '../../../project/files/project.ts'
import type { Caller } from '../../../project/identity/caller.ts'
import { callerOf } from '../../../project/identity/caller-of.ts'
import { openApp } from '../../../project/open-app.ts'
import type { Invocation } from './io.ts'
import { terminalConsole } from './terminal-console.ts'

/** What a command works with: the application, whoever has typed it, and the command line itself. */
export interface CommandContext {
  readonly app: App
  readonly caller: Caller
  readonly invocation: Invocation
}

/** Opens the application and says who is calling, for one command, and closes its store behind it. */
export async function withApp(
  invocation: Invocation,
  work: (context: CommandContext) => Promise<number>,
  options: ProjectStoreOptions = {},
): Promise<number> {
  const { io, global } = invocation
  const project = openProject(io, global)
  const { principal, begins } = await callerOf(project, io)
  const { app, close } = await openApp(project, io, io, { principal }, { ...options, insecureTls: global.insecureTls })
  try {
    const caller: Caller = {
      ...terminalConsole(invocation, app),
      principal,
      ...inTrace(io.env.TRACEPARENT),
      ...(begins === undefined ? {} : { begins }),
    }
    return await work({ app, caller, invocation })
  } finally {
    await close()
  }
}
