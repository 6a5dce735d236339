import { Worker } from 'node:worker_threads'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { openProject, type Project } from '../../../project/files/project.ts'
import { readServerTls } from '../../../project/files/server-tls.ts'
import { callerOf } from '../../../project/identity/caller-of.ts'
import { openApp } from '../../../project/open-app.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import { rehearseInThread, verifyInThread } from '../../http/rehearse-thread.ts'
import { RequestRefusal } from '../../http/request/readable.ts'
import { requireServable, type ServeOptions, serve } from '../../http/serve.ts'
import type { Invocation, Io } from '../terminal/io.ts'
import type { FrontJob } from '../thread/front.ts'
import { threadModule } from '../thread/thread-module.ts'

const LEFT = 7

// By itself V8 lets it grow to 48, and keeps that: what is made for a request is garbage behind it, so a quarter does.
const HEAP = { maxYoungGenerationSizeMb: 12 }

export async function run(invocation: Invocation): Promise<number> {
  return serveProject(invocation, () => undefined)
}

/** The same; `ready` is called with the address once it listens. */
export async function serveProject(
  { io, global }: Invocation,
  ready: (origin: string) => void,
  more: Partial<Pick<Project['settings']['server'], 'listen'>> = {},
): Promise<number> {
  const project = openProject(io, global)
  requireServable(project)
  const module = threadModule('serve')
  if (module === undefined)
    throw new EosflowError('refused', 'serve needs the built command', { hint: 'npm run build' })
  const settings = { ...project.settings.server, ...more }
  if (settings.tls !== undefined) readServerTls(project.dir, settings.tls)
  // The server is nobody who has logged in: whoever asks it is.
  const { principal } = await callerOf(undefined, io)
  const { app, close } = await openApp(
    project,
    io,
    io,
    { principal },
    { insecureTls: global.insecureTls, serves: true },
  )
  const { project: dir, store } = global
  const place = definedMembers({ project: dir, store })
  const front: ServeOptions['front'] = (port, secrets) => {
    const job: FrontJob = {
      cwd: io.cwd,
      place,
      settings,
      secrets,
      ...definedMembers({ port }),
    }
    return new Worker(module, {
      workerData: job,
      transferList: [secrets],
      resourceLimits: HEAP,
      stdout: false,
      stderr: false,
    })
  }
  try {
    const { left } = await serve({
      app,
      principal,
      console: io,
      settings,
      front,
      rehearse: (plan, progress) =>
        rehearseInThread(threadModule('rehearse-plan'), { cwd: io.cwd, place, plan }, progress),
      verify: () => verifyInThread(threadModule('verify'), { cwd: io.cwd, place }),
      listening: (origin) => {
        say(io, global.json, origin, project)
        ready(origin)
      },
    })
    if (left.length === 0) return 0
    io.err(`! left to the commit timers of their switches: ${left.join(', ')}\nNext: eosflow resume\n`)
    // They still run here: nothing waits for them any longer.
    setImmediate(() => process.exit(LEFT))
    return LEFT
  } catch (error) {
    throw error instanceof RequestRefusal ? unservable(error) : error
  } finally {
    await close()
  }
}

function say(io: Io, isJson: boolean, origin: string, { dir, settings }: Project) {
  // Where nobody has an identity, the link that follows is what is opened.
  const next = settings.identity === undefined ? '' : `Next: open ${origin}\n`
  io.out(
    isJson
      ? `${JSON.stringify({ version: 1, kind: 'serve', url: origin, project: dir })}\n`
      : `Serving: ${dir} at ${origin}\n${next}`,
  )
}

function unservable({ fault }: RequestRefusal): unknown {
  const { kind, message, hint, problems } = fault
  if (problems !== undefined) return new InputError(problems)
  const isPort = kind === 'busy' || kind === 'refused' || kind === 'store'
  return new EosflowError(isPort ? kind : 'bug', message, hint === undefined ? {} : { hint })
}
