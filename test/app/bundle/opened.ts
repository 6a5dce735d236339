import { onTestFinished } from 'vitest'
import type { App } from '../../../src/app/app.ts'
import { publish } from '../../../src/app/bundle/publish.ts'
import { openApp } from '../../../src/app/open-app.ts'
import { openProject } from '../../../src/app/project/project.ts'
import { workflowTests } from '../../../src/cli/workflow-tests.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { hintWords } from '../../../src/report/hint-words.ts'
import { Scrubber } from '../../../src/secret/scrubber.ts'
import { silentConsole } from '../../../src/trial/silent-console.ts'
import { type Lab, seamsOf } from '../../e2e/in-memory.ts'

/** The person who publishes. */
export const ANN: Principal = { issuer: 'local', id: 'local:1000:ann@noc1', kind: 'person', auth: 'os' }

/** The application of a folder, as a process on a machine of its own opens it; closed with the test. `lab`: its clock and its switches. */
export async function openedIn(dir: string, { lab, by = ANN }: { lab?: Lab; by?: Principal } = {}): Promise<App> {
  const host = {
    env: {},
    cwd: dir,
    scrubber: new Scrubber(),
    words: hintWords,
    ...(lab === undefined ? {} : { seams: seamsOf(lab) }),
  }
  const project = openProject(host, { project: dir })
  const { app, close } = await openApp(project, host, silentConsole(), { principal: by }, { insecureTls: false })
  onTestFinished(close)
  return app
}

/** Publishes what is in the folder of an application. */
export function published(app: App, also: readonly string[] = [], by: Principal = ANN) {
  return publish(app, { principal: by }, { also }, workflowTests)
}
