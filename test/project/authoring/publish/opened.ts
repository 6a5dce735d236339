import { onTestFinished } from 'vitest'
import { workflowTests } from '../../../../src/doors/cli/option/workflow-tests.ts'
import type { Principal } from '../../../../src/model/principal.ts'
import { publish } from '../../../../src/project/authoring/publish/publish.ts'
import { type App, type Lab, openAppIn, seamsOf } from '../../../lab/lab.ts'

/** The person who publishes. */
export const ANN: Principal = { issuer: 'local', id: 'local:1000:ann@noc1', kind: 'person', auth: 'os' }

/** The application of a folder, as a process on a machine of its own opens it; closed with the test. `lab`: its clock and its switches. */
export async function openedIn(dir: string, { lab, by = ANN }: { lab?: Lab; by?: Principal } = {}) {
  const { app, close } = await openAppIn(dir, by, lab === undefined ? {} : { seams: seamsOf(lab) })
  onTestFinished(close)
  return app
}

/** Publishes what is in the folder of an application. */
export function published(app: App, also: readonly string[] = [], by: Principal = ANN) {
  return publish(app, { principal: by }, { also }, workflowTests)
}
