import { onTestFinished } from 'vitest'
import type { EventBody, JournalEvent } from '../../../src/change/record/event/event.ts'
import { parseEvent } from '../../../src/change/record/event/record-text.ts'
import { silentConsole } from '../../../src/lab/trial/trial-app.ts'
import type { Principal } from '../../../src/model/principal.ts'
import type { Caller } from '../../../src/project/identity/caller-of.ts'
import type { Disk } from '../../../src/project/system/machine/disk-room.ts'
import { type App, type Lab, openAppIn, openLab, seamsOf, WIDE_DISK } from '../../lab/lab.ts'

/** Who runs the server of these tests. */
export const ANN: Principal = { issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' }

/** A project whose records tests write by hand, under a clock that only waiting moves. */
export interface NoticeBench {
  readonly lab: Lab
  readonly app: App
  readonly by: Caller
  /** Bytes that the disk of the store has to give. */
  free: number
  write(execution: string | undefined, ...events: readonly EventBody[]): Promise<readonly JournalEvent[]>
  /** Every record of the store, in order. */
  records(): Promise<readonly JournalEvent[]>
  /** The causes of the notices that were opened and closed, in order: `+ disk-low`, `- disk-low`. */
  notices(): Promise<readonly string[]>
  reopened(): Promise<void>
}

/** Opens a project with these settings. */
export async function openNoticeBench(
  settings: string,
  env: Readonly<Record<string, string>> = {},
): Promise<NoticeBench> {
  const lab = openLab()
  lab.write('eosflow.yaml', `version: 1\n${settings}`)
  let free = 2 ** 40
  const disk: Disk = { ...WIDE_DISK, fileSystemOf: () => ({ type: 0xef53, free }) }
  const open = () => openAppIn(lab.dir, ANN, { env, seams: { ...seamsOf(lab), disk } })
  let opened = await open()
  onTestFinished(() => opened.close())
  const records = async () => {
    const rows = await opened.app.audit?.records(1, 100_000)
    return (rows ?? []).map(({ body }) => parseEvent(body))
  }
  return {
    lab,
    get app() {
      return opened.app
    },
    by: { ...silentConsole(), principal: ANN },
    get free() {
      return free
    },
    set free(bytes) {
      free = bytes
    },
    write: (execution, ...events) => opened.app.journalAs(ANN).append(execution, events),
    records,
    notices: async () =>
      (await records()).flatMap((event) => {
        if (event.type === 'NoticeOpened') return [`+ ${event.cause}`]
        return event.type === 'NoticeClosed' ? [`- ${event.cause}`] : []
      }),
    reopened: async () => {
      await opened.close()
      opened = await open()
    },
  }
}

const FLOW = { language: 'jsonata' } as const
const AT = { file: 'workflow.yaml', line: 1, column: 1 }

/** A machine of one state that asks for approval and one that verifies. */
const MACHINE = {
  version: 3,
  startAt: 'Approve',
  states: {
    Approve: {
      kind: 'Task',
      name: 'Approve',
      task: 'approve',
      at: AT,
      flow: FLOW,
      retry: [],
      catch: [],
      next: 'Verify',
    },
    Verify: { kind: 'Task', name: 'Verify', task: 'verify', at: AT, flow: FLOW, retry: [], catch: [], end: true },
  },
}

/** How an execution of these tests begins. */
export function begins(...targets: readonly string[]): EventBody {
  return {
    type: 'ExecutionStarted',
    purpose: 'run',
    workflow: 'add-vlan',
    file: 'workflows/add-vlan.yaml',
    definition: 'sha256:00',
    interpreter: 2,
    machine: MACHINE,
    params: { vlan: 140 },
    input: { vlan: 140 },
    context: {},
    requester: ANN,
    targets,
  }
}

/** A switch is committed under its timer. */
export function commits(device: string, seconds: number): readonly EventBody[] {
  return [
    { type: 'ActIntended', device, act: 'arm', session: 's1', seconds },
    { type: 'ActFinished', device, act: 'arm', session: 's1', outcome: 'done' },
  ]
}
