import type { Planner } from '../../change/engine/ports.ts'
import { isLoopback } from '../../change/inventory/switch/secret-settings.ts'
import {
  doubtedIn,
  formsOfCommand,
  type TakenEvidence,
  type TakenForms,
  takenForms,
  withTaken,
} from '../../change/plan/taken-forms.ts'
import type { EventBody } from '../../change/record/event/event.ts'
import type { Subscriber } from '../../change/record/store/journal.ts'
import { type Notes, noNotes, TEN_YEARS } from '../../change/record/store/notes.ts'
import type { RenderedChange } from '../../change/task/act/rendered-change.ts'
import { messageOf } from '../../model/error.ts'
import type { RecordApp } from '../app/app.ts'
import { type NotingParts, versionsRead } from '../switches/snapshot/read-versions.ts'

const NOTE = 'taken-forms'

/** The versions of EOS on which real switches have taken forms, where any has: one note for each form. */
export async function takenBefore({ notes }: Pick<RecordApp, 'notes'>, forms: readonly string[]): Promise<TakenForms> {
  const taken = new Map<string, readonly string[]>()
  if (notes === noNotes) return taken
  for (const form of forms) {
    const versions = await versionsOf(notes, form)
    if (versions.length > 0) taken.set(form, versions)
  }
  return taken
}

/** Throws as notes do. */
export async function takenEvidence(app: Pick<RecordApp, 'notes'>, forms: readonly string[]): Promise<TakenEvidence> {
  const taken = await takenBefore(app, forms)
  return { forms: taken, versions: taken.size === 0 ? new Map() : await versionsRead(app) }
}

export function takenInStore(app: Pick<RecordApp, 'notes'>) {
  return {
    ask: (forms: readonly string[]) =>
      takenEvidence(app, forms).catch((error: unknown) => ({ unread: messageOf(error) })),
    tell: () => undefined,
  }
}

async function versionsOf(notes: Notes, form: string) {
  const note = await notes.read(NOTE, form)
  return note === undefined ? [] : note.text.split('\n')
}

async function noteForms(notes: Notes, taken: TakenForms) {
  for (const [form, versions] of taken) {
    const known = await versionsOf(notes, form)
    const all = [...new Set([...known, ...versions])].sort()
    if (all.length > known.length) await notes.set(NOTE, form, all.join('\n'), TEN_YEARS)
  }
}

/** A planning that knows of the doubted lines of a change where real switches have taken such lines; of each form it asks once. */
export function knowingTaken(app: Pick<RecordApp, 'notes'>, planning: Planner): Planner {
  const known = new Map<string, Promise<TakenForms>>()
  const askOnce = (form: string): Promise<TakenForms> => {
    const asked = known.get(form) ?? takenBefore(app, [form]).catch(() => new Map())
    known.set(form, asked)
    return asked
  }
  return {
    ...planning,
    render: async (device) => {
      const change = await planning.render(device)
      const found = await Promise.all(doubtedIn(change).map(askOnce))
      return withTaken(change, new Map(found.flatMap((one) => [...one])))
    },
  }
}

interface NotingFormsParts extends NotingParts {
  readonly app: Pick<RecordApp, 'notes' | 'project'>
  render(device: string): Promise<RenderedChange>
}

/** Notes the forms that real switches have taken, once the end of an execution is on record, and takes away the note of a form that one has refused. */
export function notingForms({ app, execution, plan, render }: NotingFormsParts): Subscriber {
  const { notes } = app
  const hear = async (event: EventBody) => {
    const { content } = plan() ?? {}
    if (event.type === 'ExecutionEnded' && content !== undefined)
      await noteForms(notes, takenForms(content, event.devices))
    if (event.type !== 'TaskFailed' || event.error.kind !== 'refused') return
    const { command, device = event.device } = event.error
    if (command === undefined || device === undefined || isSimulated(app, device)) return
    for (const form of formsOfCommand(await render(device), command)) await notes.take(NOTE, form)
  }
  return ({ of, events }) =>
    of !== execution || notes === noNotes
      ? undefined
      : {
          written: async () => {
            for (const event of events) await hear(event).catch(() => undefined)
          },
        }
}

function isSimulated({ project }: Pick<RecordApp, 'project'>, device: string) {
  const target = project.inventory().devices.find(({ name }) => name === device)
  return target === undefined || isLoopback(target.host)
}

export function untoldWords(why: string): string {
  return `what switches have taken is not known here: ${why}`
}

export function unreadWords(devices: readonly string[]): string {
  return `a switch has taken lines of such a form, and the version of ${devices.join(', ')} is on no record: a plan or a snapshot reads it`
}
