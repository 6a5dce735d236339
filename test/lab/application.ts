import { onTestFinished } from 'vitest'
import type { Lab } from './lab.ts'
import { seamsOf } from './memory.ts'
import {
  type App,
  type Caller,
  features,
  type Hint,
  loadWorkflow,
  openProject,
  openProjectFile,
  orProblems,
  type PreparedChange,
  type Principal,
  prepare,
  Scrubber,
  type Seams,
  silentConsole,
} from './sources.ts'

/** Somebody who asks as for a request of a server: nothing is heard of what they are told, and they answer no question. */
export const asking = (principal: Principal): Caller => ({ ...silentConsole(), principal })

/** A user of this machine who asks so. With a `review` they are shown each plan. */
export const personNamed = (id: string, review?: Caller['review']): Caller => ({
  ...asking({ issuer: 'local', id, kind: 'person', auth: 'os' }),
  ...(review === undefined ? {} : { review, interactive: true }),
})

/** The application over the project of a lab, as one more process makes it. Its store is closed when the test is over. */
export async function appOf(
  lab: Lab,
  { words = () => '', seams = seamsOf(lab) }: { readonly words?: (hint: Hint) => string; readonly seams?: Seams } = {},
): Promise<App> {
  const host = { env: {}, cwd: lab.dir, scrubber: new Scrubber(), words, features, seams }
  const project = openProject(host, { project: lab.dir })
  const kept = await openProjectFile(project, host)
  onTestFinished(() => kept.store.close())
  return { ...host, ...kept, insecureTls: false, project }
}

/** What else a workflow is prepared with; default: no parameters, every switch. */
interface Asked {
  readonly given?: Readonly<Record<string, string>>
  readonly only?: string | undefined
}

/** A workflow of a project as it is now, ready to be begun. Throws an InputError when it cannot be. */
export function preparedIn(
  { project }: Pick<App, 'project'>,
  file = 'workflow.yaml',
  { given = {}, only }: Asked = {},
): PreparedChange {
  const narrowed = only === undefined ? {} : { only }
  const inventory = project.inventory()
  return orProblems(
    prepare({ workflow: loadWorkflow(project, file), given, inventory, files: project.files, ...narrowed }),
  )
}

/** An application with some of its parts otherwise: tests spread none by themselves. */
export const appWith = (app: App, parts: Partial<App>): App => ({ ...app, ...parts })
